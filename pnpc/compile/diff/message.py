"""What changed in a message: each difference of two request bodies as a change for its reader or for its caller."""

from pnpc.compile.diff.bounds import ABSENT
from pnpc.compile.diff.change import Change
from pnpc.compile.diff.values import KEYS, Difference
from pnpc.text.finding import Place
from pnpc.text.path import Path, show

_TEMPLATE = ("templateKey",)
_LINKS = frozenset(("url", "uri", "linkUri", "desktop", "linkUrl"))
_UNITS = "customAggregationUnits"
_NOUNS = {"items": "item", "buttons": "button", "messages": "message"}


def change_of(difference: Difference, base: tuple[Path, Path], *, filled: bool) -> Change:
    """A difference of two bodies, which stand at `base` in their documents.

    `filled`: the bodies hold the texts of the examples; else the texts as they are written, with their expressions.
    """
    kind, message, breaking = _meaning(difference)
    what = show(difference.new if difference.after is not ABSENT else difference.old) or "message"
    audience = "caller" if kind in ("template-changed", "key-changed", "unit-changed") else "reader"
    if not filled and audience == "reader" and kind == "text-changed":
        kind, message = "expression-changed", "filled otherwise"
    old = Place((*base[0], *difference.old)) if difference.before is not ABSENT or difference.old else None
    new = Place((*base[1], *difference.new)) if difference.after is not ABSENT or difference.new else None
    return Change(kind, audience, breaking, what, message, difference.before, difference.after, old, new)  # type: ignore[arg-type]


def _meaning(difference: Difference) -> tuple[str, str, bool]:
    """The kind of a difference, what is said of it, and whether it breaks what worked."""
    path = difference.new if difference.after is not ABSENT else difference.old
    last = path[-1] if path else ""
    if path == _TEMPLATE:
        return "template-changed", "another template: people get another notification", True
    if path[:1] == (_UNITS,):
        return "unit-changed", "LINE counts these messages under another name", True
    if difference.moved:
        return "moved", "the same entries in another order", False
    if last in KEYS and ABSENT not in (difference.before, difference.after):
        return "key-changed", "another key: the value is shown under another label", True
    if difference.before is ABSENT:
        return "added", f"{_noun(path)} added", False
    if difference.after is ABSENT:
        return "removed", f"{_noun(path)} removed", False
    return ("link-changed", "leads elsewhere", False) if last in _LINKS else ("text-changed", "reads otherwise", False)


def _noun(path: Path) -> str:
    if path and isinstance(path[-1], int):
        return _NOUNS.get(str(path[-2]) if len(path) > 1 else "", "entry")
    return f"`{path[-1]}`" if path else "message"
