"""PNP310 misplaced-component."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.language.message.objects import Object, objects
from pnpc.line.limits import limits
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding
from pnpc.text.wording import NameList, Said, says

_LAYOUTS = ("horizontal", "vertical", "baseline")
# The grammar reports other types.
_KNOWN = frozenset(("box", "button", "image", "video", "icon", "text", "span", "separator", "filler"))
_HELP = {
    "icon": says("an icon stands in a box of layout `baseline`"),
    "span": says("a span stands in the `contents` of a text"),
    "video": says("a video stands as the `hero` of a bubble"),
}


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    nesting = limits()["nesting"]
    all_objects = objects(notice, context)
    for video in all_objects.of("component", "video"):
        yield from _video_hero(video, nesting["videoBubbles"])
    for box in all_objects.boxes():
        layout = box.text("layout")
        if layout in _LAYOUTS:
            for component in all_objects.below(box, "contents"):
                if component.type not in nesting[layout] and component.type in _KNOWN:
                    message = says(
                        "`{type}` can't stand in a {layout} box, which takes {listed}",
                        type=component.type,
                        layout=layout,
                        listed=_listed(nesting[layout]),
                    )
                    yield Finding(component.at("type"), message, _HELP.get(component.type))


def _listed(names: list[str]) -> Said:
    allowed = NameList(names, " and ", mark="")
    return says("{allowed} only", allowed=allowed) if len(names) == 1 else says("{allowed}", allowed=allowed)


def _video_hero(video: Object, sizes: list[str]) -> Iterator[Finding]:
    bubble = video.parent
    if bubble is None or video.slot != "hero":
        return
    size = bubble.fixed("size")
    if bubble.parent is not None and bubble.parent.role == "container":
        yield Finding(video.at("type"), says("a video can't be the hero of a bubble in a carousel"))
    elif size is not None and size not in sizes:
        yield Finding(
            video.at("type"),
            says("a video can't be the hero of a `{size}` bubble, only of {listed}", size=size, listed=_listed(sizes)),
        )


RULE = Rule(
    code="PNP310",
    name="misplaced-component",
    severity="error",
    summary="A Flex component stands in a wrong place.",
    why=(
        "LINE answers 400 to a component in a wrong parent: icons stand only in baseline boxes, spans only in texts, a video "
        "only as the hero of a single kilo, mega or giga bubble."
    ),
    source="https://developers.line.biz/en/docs/messaging-api/flex-message-elements/",
    bad=(
        """\
messages:
  - type: flex
    altText: ご注文の品を発送しました
    contents:
      type: bubble
      body:
        type: box
        layout: baseline
        contents:
          - {type: text, text: 発送しました}
          - {type: «separator»}
""",
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
          - {type: «span», text: 発送しました}
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
          - {type: text, text: 発送しました}
          - {type: separator}
""",
    ),
    check=check,
)
