"""PNP324 mixed-bubble-sizes."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.language.message.objects import Object, objects
from pnpc.line.grammar.schema import load
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding
from pnpc.text.wording import says


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    all_objects = objects(notice, context)
    for carousel in all_objects.of("container", "carousel"):
        bubbles = [bubble for bubble in all_objects.below(carousel, "contents") if bubble.type == "bubble"]
        sized = [(bubble, size) for bubble in bubbles if (size := _size(bubble)) is not None]
        for bubble, size in sized[1:]:
            if size != sized[0][1]:
                place = bubble.at("size") if bubble.has("size") else bubble.at()
                yield Finding(
                    place,
                    says("a bubble of size `{size}`, but the first one is `{first}`", size=size, first=sized[0][1]),
                    says("give all bubbles of the carousel the same size; without `size` it is mega"),
                )


def _size(bubble: Object) -> str | None:
    """A bubble's size; None if an expression makes it."""
    if not bubble.has("size"):
        default: str = load("flex")["$defs"]["bubble"]["properties"]["size"]["default"]
        return default
    return bubble.fixed("size")


RULE = Rule(
    code="PNP324",
    name="mixed-bubble-sizes",
    severity="error",
    summary="The bubbles of a carousel have different sizes.",
    why="LINE's reference requires the same size. A bubble without `size` has the size mega.",
    source="https://developers.line.biz/en/reference/messaging-api/#f-carousel",
    bad=(
        """\
messages:
  - type: flex
    altText: ご注文の品を発送しました
    contents:
      type: carousel
      contents:
        - type: bubble
          size: kilo
          body: {type: box, layout: vertical, contents: [{type: text, text: 本店}]}
        - type: bubble
          size: «giga»
          body: {type: box, layout: vertical, contents: [{type: text, text: 支店}]}
""",
    ),
    good=(
        """\
messages:
  - type: flex
    altText: ご注文の品を発送しました
    contents:
      type: carousel
      contents:
        - type: bubble
          size: mega
          body: {type: box, layout: vertical, contents: [{type: text, text: 本店}]}
        - type: bubble
          body: {type: box, layout: vertical, contents: [{type: text, text: 支店}]}
""",
    ),
    check=check,
)
