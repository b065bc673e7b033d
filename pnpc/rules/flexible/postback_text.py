"""PNP333 postback-text."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.language.message.objects import objects
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding
from pnpc.text.wording import says


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    for action in objects(notice, context).of("action", "postback"):
        if action.has("text") and action.has("displayText") and action.place != "quickReply":
            related = ((action.key("displayText"), says("this says it already")),)
            yield Finding(
                action.key("text"), says("`text` can't stand beside `displayText`"), says("remove it"), related=related
            )


RULE = Rule(
    code="PNP333",
    name="postback-text",
    severity="error",
    summary="A postback has both `text` and `displayText`.",
    why="LINE's reference forbids both together; `displayText` has replaced `text`.",
    source="https://developers.line.biz/en/reference/messaging-api/#postback-action",
    bad=(
        """\
messages:
  - type: template
    altText: 受け取りの確認
    template:
      type: buttons
      text: お荷物を受け取りましたか
      actions:
        - {type: postback, label: はい, data: got=1, displayText: はい, «text»: 受け取りました}
""",
    ),
    check=check,
)
