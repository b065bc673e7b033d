"""What a preview is made of."""

from typing import Any, NamedTuple


class PagePart(NamedTuple):
    """One thing on the page. `kind` is one of bubble, row, column, title, text, strong, small, field, button, chip, line,
    gap, and unseen for what is not drawn; `text` is what people read, `label` what stands before it, or what an unseen
    thing is."""

    kind: str
    text: str = ""
    label: str = ""
    parts: tuple["PagePart", ...] = ()


class Page(NamedTuple):
    """One message: its spec's name, its country's language as BCP 47 has it, what is drawn, notes on what is not, and the
    text of its SMS."""

    name: str
    language: str
    parts: tuple[PagePart, ...]
    notes: tuple[str, ...] = ()
    sms: str | None = None


LANGUAGES = {"JP": "ja", "TH": "th", "TW": "zh-Hant-TW"}


# A rule may have been turned off, so that a body need not have the shape that the grammar asks for.


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; none where there is no list."""
    return [member for member in value if isinstance(member, dict)] if isinstance(value, list) else []


def inside(mapping: dict[str, Any], name: str) -> dict[str, Any]:
    """The object under a name; an empty one where there is none."""
    value = mapping.get(name)
    return value if isinstance(value, dict) else {}


def text(mapping: dict[str, Any], name: str) -> str:
    """The text under a name; empty where there is none."""
    value = mapping.get(name, "")
    return value if isinstance(value, str) else ""
