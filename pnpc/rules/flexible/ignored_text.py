"""PNP314 ignored-text."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.language.message.objects import objects
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding
from pnpc.text.wording import says


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    for text in objects(notice, context).of("component", "text"):
        if text.nodes("contents") and text.text("text"):
            related = ((text.key("contents"), says("this is shown instead")),)
            yield Finding(text.key("text"), says("`text` is never shown: `contents` takes its place"), related=related)


RULE = Rule(
    code="PNP314",
    name="ignored-text",
    severity="warning",
    summary="A Flex text has both `text` and spans, so its `text` is never shown.",
    why="LINE shows the spans. A later change of the text would change nothing that people see.",
    source="https://developers.line.biz/en/reference/messaging-api/#f-text",
    bad=(
        """\
messages:
  - type: flex
    altText: ご注文の品を発送しました
    contents:
      type: bubble
      body:
        type: box
        layout: vertical
        contents:
          - type: text
            «text»: 発送しました
            contents:
              - {type: span, text: 本日発送しました}
""",
    ),
    good=(
        """\
messages:
  - type: flex
    altText: ご注文の品を発送しました
    contents:
      type: bubble
      body:
        type: box
        layout: vertical
        contents:
          - {type: text, text: 発送しました, contents: []}
""",
    ),
    check=check,
)
