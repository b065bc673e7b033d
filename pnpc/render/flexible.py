"""A message of the flexible kind: its texts and its structure in their order; what is not text is named, not drawn."""

from collections.abc import Callable, Iterator
from typing import Any

from pnpc.render.part import PagePart, inside, objects, text

_BLOCKS = ("header", "hero", "body", "footer")


def draw(body: dict[str, Any]) -> tuple[tuple[PagePart, ...], tuple[str, ...]]:
    """The parts of a request body; there are no notes."""
    return tuple(part for message in objects(body.get("messages")) for part in _message(message)), ()


def _message(message: dict[str, Any]) -> Iterator[PagePart]:
    """One message object as a bubble of its own, its quick replies below it."""
    kind = message.get("type")
    if kind in ("text", "textV2"):
        yield PagePart("bubble", parts=(PagePart("text", text(message, "text")),))
    elif kind == "flex":
        yield from _container(inside(message, "contents"))
    elif kind == "template":
        yield from _template(inside(message, "template"))
    elif kind == "location":
        yield PagePart(
            "bubble", parts=(PagePart("title", text(message, "title")), PagePart("text", text(message, "address")))
        )
    else:
        yield PagePart("bubble", parts=(_unseen(message),))
    replies = objects(inside(message, "quickReply").get("items"))
    if replies:
        yield PagePart("row", parts=tuple(PagePart("chip", _label(inside(reply, "action"))) for reply in replies))


def _container(flex: dict[str, Any]) -> Iterator[PagePart]:
    if flex.get("type") == "carousel":
        yield PagePart(
            "row", parts=tuple(part for component in objects(flex.get("contents")) for part in _container(component))
        )
        return
    blocks = [inside(flex, name) for name in _BLOCKS if name in flex]
    yield PagePart("bubble", parts=tuple(part for block in blocks for part in _component(block)))


def _component(component: dict[str, Any]) -> Iterator[PagePart]:
    """A Flex component."""
    draw = _COMPONENTS.get(text(component, "type"))
    yield draw(component) if draw is not None else _unseen(component)


def _box(box: dict[str, Any]) -> PagePart:
    across = box.get("layout") in ("horizontal", "baseline")
    parts = tuple(part for inner in objects(box.get("contents")) for part in _component(inner))
    return PagePart("row" if across else "column", parts=parts)


def _text(component: dict[str, Any]) -> PagePart:
    words = "".join(text(span, "text") for span in objects(component.get("contents"))) or text(component, "text")
    small = component.get("size") in ("xxs", "xs", "sm")
    return PagePart("title" if component.get("weight") == "bold" else "small" if small else "text", words)


def _button(button: dict[str, Any]) -> PagePart:
    action = inside(button, "action")
    return PagePart("button", _label(action), text(action, "uri"))


_COMPONENTS: dict[str, Callable[[dict[str, Any]], PagePart]] = {
    "box": _box,
    "text": _text,
    "button": _button,
    "separator": lambda _one: PagePart("line"),
    "filler": lambda _one: PagePart("gap"),
    "spacer": lambda _one: PagePart("gap"),
}


def _template(template: dict[str, Any]) -> Iterator[PagePart]:
    """A template message of the Messaging API: buttons, confirm, or the columns of a carousel."""
    if "columns" in template:
        yield PagePart(
            "row", parts=tuple(part for column in objects(template["columns"]) for part in _template(column))
        )
        return
    head = [PagePart("title", text(template, "title"))] if template.get("title") else []
    words = [PagePart("text", text(template, "text"))] if template.get("text") else []
    actions = objects(template.get("actions"))
    buttons = [PagePart("button", _label(action), text(action, "uri")) for action in actions]
    yield PagePart("bubble", parts=(*head, *words, *buttons))


def _label(action: dict[str, Any]) -> str:
    return text(action, "label") or text(action, "type")


def _unseen(message: dict[str, Any]) -> PagePart:
    return PagePart("unseen", text(message, "altText"), text(message, "type") or "unknown")
