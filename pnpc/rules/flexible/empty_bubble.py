"""PNP330 empty-bubble."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.language.message.objects import BLOCKS, objects
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding
from pnpc.text.wording import says


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    for bubble in objects(notice, context).of("container", "bubble"):
        if not any(bubble.has(block) for block in BLOCKS):
            yield Finding(bubble.at("type"), says("a bubble with none of {blocks} shows nothing", blocks=tuple(BLOCKS)))


RULE = Rule(
    code="PNP330",
    name="empty-bubble",
    severity="warning",
    summary="A bubble has no header, hero, body or footer.",
    why="Each of the four is optional, but LINE does not document what it does with a bubble without any of them.",
    source="https://developers.line.biz/en/reference/messaging-api/#bubble",
    bad=(
        """\
messages:
  - type: flex
    altText: ご注文の品を発送しました
    contents:
      type: «bubble»
      size: kilo
""",
    ),
    check=check,
)
