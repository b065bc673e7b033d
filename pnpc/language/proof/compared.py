"""Comparisons that fail: `<` between a text and a number, `in` a number."""

from pnpc.language.extents.value import ExpressionFault, Kind, Value, kinds_in_words
from pnpc.text.wording import Said, says

Side = tuple[Value, str]  # what a side of a comparison can be, and its name; empty where it has none

_SIGNS = {"lt": "<", "lteq": "<=", "gt": ">", "gteq": ">=", "in": "in", "notin": "not in"}  # by Jinja2's words
_ORDERED: tuple[set[Kind], ...] = ({"text"}, {"number", "boolean"}, {"list"})  # kinds whose values can be ordered
_HOLDING: dict[Kind, set[Kind] | None] = {
    "text": {"text"},
    "list": None,
    "mapping": {"text", "number", "boolean", "nothing"},
}


def uncomparable(sign: str, left: Side, right: Side) -> ExpressionFault | None:
    """The mistake in a comparison of two values; None where there is none, or the values are not known."""
    if sign not in _SIGNS or left[0].unknown or right[0].unknown:
        return None  # `==` and `!=` never fail
    takes = _holds if sign in ("in", "notin") else _is_ordered
    pairs = [takes(kind, other) for kind in left[0].kinds() for other in right[0].kinds()]
    if all(pairs):
        return None
    message = says(
        "`{operator}` can't compare {one} with {other}", operator=_SIGNS[sign], one=_said(left), other=_said(right)
    )
    help = says("compare numbers with numbers, and texts with texts")
    if takes is _holds:
        message = says(
            "`{operator}` can't look for {one} in {other}", operator=_SIGNS[sign], one=_said(left), other=_said(right)
        )
        help = says("look for any value in a list, as in `['a', 'b']`, or for a text in a text")
    return ExpressionFault(not any(pairs), message, help)


def _is_ordered(kind: Kind, other: Kind) -> bool:
    return any(kind in kinds and other in kinds for kinds in _ORDERED)


def _holds(sought: Kind, among: Kind) -> bool:
    kinds = _HOLDING.get(among, set())
    return kinds is None or sought in kinds


def _said(side: Side) -> Said:
    value, name = side
    kinds = kinds_in_words(value.kinds())
    return says("`{name}` ({kinds})", name=name, kinds=kinds) if name else kinds
