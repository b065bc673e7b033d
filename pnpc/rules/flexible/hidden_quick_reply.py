"""PNP325 hidden-quick-reply."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.language.message.objects import objects
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding
from pnpc.text.wording import says


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    for message in objects(notice, context).of("message")[:-1]:
        if message.has("quickReply"):
            yield Finding(
                message.key("quickReply"),
                says("never shown: LINE shows only the last message's quick reply"),
                says("move it to the last message"),
            )


RULE = Rule(
    code="PNP325",
    name="hidden-quick-reply",
    severity="warning",
    summary="A message that is not the last one has a quick reply.",
    why="LINE shows the quick reply of the last message only.",
    source="https://developers.line.biz/en/docs/messaging-api/using-quick-reply/",
    bad=(
        """\
messages:
  - type: text
    text: 発送しました
    «quickReply»:
      items:
        - {type: action, action: {type: message, label: 確認, text: 確認しました}}
  - type: text
    text: またのご利用をお待ちしております
""",
    ),
    good=(
        """\
messages:
  - type: text
    text: 発送しました
  - type: text
    text: またのご利用をお待ちしております
    quickReply:
      items:
        - {type: action, action: {type: message, label: 確認, text: 確認しました}}
""",
    ),
    check=check,
)
