"""PNP328 no-effect."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.language.message.objects import BLOCKS, Object, Objects, objects
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding
from pnpc.text.wording import Said, says

_IMAGE = ("imageAspectRatio", "imageSize", "imageBackgroundColor")
# Components that keep their width in a row, whatever stands beside them.
_RIGID = frozenset(("icon", "separator"))


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    all_objects = objects(notice, context)
    yield from _templates(all_objects)
    yield from _styles(all_objects)
    yield from _actions(all_objects)
    for background in all_objects.of("background"):
        if background.has("centerPosition") and not background.has("centerColor"):
            yield _idle(background, "centerPosition", says("without `centerColor`"))
    for box in all_objects.boxes():
        if box.has("justifyContent"):
            yield from _justified(box, all_objects)
        layout = box.text("layout")
        if layout in _INSIDE:
            yield from _INSIDE[layout](all_objects.below(box, "contents"))


def _idle(holder: Object, name: str, why: Said, help: Said | None = None) -> Finding:
    return Finding(holder.key(name), says("`{name}` has no effect {why}", name=name, why=why), help)


def _templates(all_objects: Objects) -> Iterator[Finding]:
    for template in all_objects.of("template"):
        columns = all_objects.below(template, "columns")
        if template.type in ("buttons", "carousel"):
            pictures = [holder for holder in (template, *columns) if holder.has("thumbnailImageUrl")]
            for name in _IMAGE:
                if template.has(name) and not pictures:
                    yield _idle(template, name, says("without an image"))
        for column in columns if template.type == "carousel" else ():
            if column.has("imageBackgroundColor") and not column.has("thumbnailImageUrl"):
                yield _idle(column, "imageBackgroundColor", says("without an image"))


def _styles(all_objects: Objects) -> Iterator[Finding]:
    for style in all_objects.of("style"):
        bubble = style.ancestor("container")
        if style.has("separatorColor") and (not style.has("separator") or style.fixed("separator") == "false"):
            yield _idle(style, "separatorColor", says("without `separator: true`"))
        first = next((block for block in BLOCKS if bubble is not None and bubble.has(block)), None)
        if style.slot == first and style.is_true("separator"):
            yield _idle(style, "separator", says("above the first block: LINE draws no separator there"))


def _actions(all_objects: Objects) -> Iterator[Finding]:
    for action in all_objects.of("action"):
        if action.place == "quickReply" and action.type == "uri" and action.has("altUri"):
            yield _idle(action, "altUri", says("in a quick reply: computers do not show them"))
        # An expression may become openKeyboard.
        option = action.text("inputOption") or ""
        if action.has("fillInText") and option != "openKeyboard" and not (action.filled and "{{" in option):
            yield _idle(action, "fillInText", says("without `inputOption: openKeyboard`"))


def _justified(box: Object, all_objects: Objects) -> Iterator[Finding]:
    """`justifyContent` beside a component that takes the free space: in a row most do, in a column only those with a flex."""
    row = box.text("layout") in ("horizontal", "baseline")
    growing = next((component for component in all_objects.below(box, "contents") if _grows(component, row=row)), None)
    if growing is not None:
        related = ((growing.at(), says("this takes the free space")),)
        help = says("give it, and every other component of the box, `flex: 0`")
        yield _idle(box, "justifyContent", says("beside a component with a flex"), help)._replace(related=related)


def _grows(component: Object, *, row: bool) -> bool:
    if component.has("flex"):
        return component.fixed("flex") not in ("0", None)
    if component.fixed("position") == "absolute" or component.has("width" if row else "height"):
        return False
    return row and component.type not in _RIGID


def _in_baseline(components: list[Object]) -> Iterator[Finding]:
    for component in components:
        for name in ("gravity", "offsetBottom"):
            if component.has(name):
                yield _idle(component, name, says("in a baseline box"))


def _in_horizontal(components: list[Object]) -> Iterator[Finding]:
    for component in components:
        if component.has("width") and component.fixed("flex") not in ("0", None):
            yield _idle(component, "flex", says("beside `width` in a horizontal box"))


_INSIDE = {"baseline": _in_baseline, "horizontal": _in_horizontal}


RULE = Rule(
    code="PNP328",
    name="no-effect",
    severity="warning",
    summary="A property has no effect in this place.",
    why=(
        "LINE ignores it: settings of an image without an image, a separator above the first block, the colour of a separator "
        "that is not drawn, justifyContent beside a component that takes the space, gravity in a baseline box, the desktop "
        "link of a quick reply. Either something else was meant, or the property can be removed."
    ),
    source=(
        "https://developers.line.biz/en/reference/messaging-api/#flex-message; "
        "https://developers.line.biz/en/docs/messaging-api/flex-message-layout/"
    ),
    bad=(
        """\
messages:
  - type: template
    altText: お荷物の状況
    template:
      type: buttons
      «imageBackgroundColor»: "#FFFFFF"
      text: お荷物の状況
      actions:
        - {type: uri, label: 確認する, uri: "https://example.com/orders/1"}
""",
        """\
messages:
  - type: flex
    altText: ご注文の品を発送しました
    contents:
      type: bubble
      styles:
        body: {«separator»: true}
        footer: {«separatorColor»: "#DDDDDD"}
      body:
        type: box
        layout: horizontal
        «justifyContent»: space-between
        contents:
          - {type: text, text: 発送しました}
          - {type: text, text: 本日, flex: 0}
      footer:
        type: box
        layout: baseline
        contents:
          - {type: text, text: またのご利用を, «gravity»: center}
""",
    ),
    good=(
        """\
messages:
  - type: flex
    altText: ご注文の品を発送しました
    contents:
      type: bubble
      styles:
        footer: {separator: true, separatorColor: "#DDDDDD"}
      body:
        type: box
        layout: horizontal
        justifyContent: space-between
        contents:
          - {type: text, text: 発送しました, flex: 0}
          - {type: text, text: 本日, flex: 0}
      footer:
        type: box
        layout: vertical
        contents:
          - {type: text, text: またのご利用を, gravity: center}
""",
    ),
    check=check,
    most=3,
)
