"""PNP331 absolute-first."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.language.message.objects import BLOCKS, objects
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding
from pnpc.text.wording import says


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    for component in objects(notice, context).of("component"):
        box = component.parent
        if component.index != 0 or box is None or box.slot not in BLOCKS or component.slot != "contents":
            continue
        if component.fixed("position") == "absolute":
            what = says("the first component of a bubble's {slot} can't have an absolute position", slot=box.slot)
            yield Finding(component.at("position"), what, says("put a relative component or an empty box before it"))


RULE = Rule(
    code="PNP331",
    name="absolute-first",
    severity="warning",
    summary="The first component of a block has an absolute position.",
    why="LINE's page about layout forbids it. One of LINE's own samples does it, so the API may accept it.",
    source="https://developers.line.biz/en/docs/messaging-api/flex-message-layout/",
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
          - type: box
            layout: vertical
            position: «absolute»
            contents: [{type: text, text: 発送しました}]
""",
    ),
    check=check,
)
