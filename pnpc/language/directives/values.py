"""The values of a variable that conditions tell apart: all listed values, or some around the constants that it is compared with."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import Any

from pnpc.line.grammar.run import comparable
from pnpc.line.grammar.schema import listed

# Appended to a text it gives the next text in order. No text of a spec has it: YAML can't write it.
NEXT = "\0"
_FARTHEST = 2**53  # beyond it a float does not hold every whole number
_MOST_LISTED = 256  # texts of a pattern
_MOST_COUNTED = 64  # whole numbers of a range
_LAST = chr(0x10FFFF)
# With one of these keywords, not every value of a list, or of a length, is allowed.
_OF_NUMBERS = frozenset(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"))
_OF_TEXTS = frozenset(("pattern", "format"))
_LENGTHS = frozenset(("minLength", "maxLength"))


def distinct(schema: Mapping[str, Any]) -> list[Any]:
    """All values that a schema allows, each once; empty where they are not listed."""
    values = listed(schema)
    if values is not None:
        # That none of them is allowed is another finding.
        return list({comparable(value): value for value in _allowed(schema, values) or values}.values())
    if schema.get("type") == "boolean":
        return [True, False]
    if schema.get("type") == "string" and "pattern" in schema:
        from pnpc.language.extents.matching import every  # few conditions ask about a text with a pattern

        return _allowed(schema, every(schema["pattern"], _MOST_LISTED))
    return []


def counted(schema: Mapping[str, Any]) -> list[Any]:
    """All whole numbers of a schema, if they are few; empty for anything else."""
    if schema.get("type") != "integer" or listed(schema) is not None:
        return []
    least, most = _range(schema)
    if not most - least <= _MOST_COUNTED:
        return []
    return _allowed(schema, range(ceil(least), floor(most) + 1))


def around(schema: Mapping[str, Any], points: Iterable[Any]) -> list[Any]:
    """Values of a schema: whatever value it allows, one of these compares with all points in the same way.

    With a pattern or a format, some of the texts may not be allowed by the schema. Empty where no values are known.
    """
    kind = schema.get("type")
    if kind == "string":
        texts = [point for point in points if isinstance(point, str)]
        return _days(texts) if _is_any_day(schema) else _texts(schema, texts)
    if kind in ("integer", "number"):
        numbers = [point for point in points if isinstance(point, int | float)]
        return _numbers(schema, numbers, whole=kind == "integer")
    return []


def _allowed(schema: Mapping[str, Any], values: Iterable[Any]) -> list[Any]:
    """Those of some values that a schema allows."""
    if not schema.keys() & (_OF_NUMBERS | _OF_TEXTS | _LENGTHS):
        return [*values]
    from pnpc.language.variables.allowed import allowed  # most that conditions ask about has nothing but a list

    return [value for value in values if allowed(schema, value)]


def _texts(schema: Mapping[str, Any], points: list[str]) -> list[Any]:
    least, most = schema.get("minLength", 0), schema.get("maxLength", _FARTHEST)
    # Texts between two points are not checked against a pattern: it is not known which of its texts lie there.
    between = [_after(point, least, most) for point in (*points, "")] if most else []
    written = _allowed(schema, filter(None, points))
    return [*dict.fromkeys((*written, *filter(None, between), *_allowed(schema, [""])))]


def _after(text: str, least: int, most: int) -> str:
    """The next text after a text, in order, with `least` to `most` code points; empty if there is none."""
    if len(text) < most:
        made = text + NEXT
    else:
        kept = text[:most].rstrip(_LAST)
        made = kept[:-1] + chr(ord(kept[-1]) + 1) if kept else ""
    return made + NEXT * (least - len(made)) if made else ""


def _is_any_day(schema: Mapping[str, Any]) -> bool:
    """Whether every date is allowed: a pattern or a length excludes some."""
    return schema.get("format") == "date" and not schema.keys() & {"pattern", *_LENGTHS}


def _days(points: list[str]) -> list[Any]:
    """Days around some texts: for each text the day itself if it is one, the next day, and the day before."""
    from datetime import date  # few conditions compare days

    days: dict[int, str] = {}
    last = date.max.toordinal()
    for point in points or ["2026"]:
        low, high = 1, last + 1  # of the first day after the point
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if date.fromordinal(middle).isoformat() > point else (middle + 1, high)
        days |= {n: date.fromordinal(n).isoformat() for n in (low - 1, low, low - 2) if 1 <= n <= last}
    return [*days.values()]


def _range(schema: Mapping[str, Any]) -> tuple[int | float, int | float]:
    """The least and the greatest number of a schema, as if excluded bounds were allowed."""
    least = max(schema.get("minimum", -_FARTHEST), schema.get("exclusiveMinimum", -_FARTHEST))
    return least, min(schema.get("maximum", _FARTHEST), schema.get("exclusiveMaximum", _FARTHEST))


def _numbers(schema: Mapping[str, Any], points: list[int | float], *, whole: bool) -> list[Any]:
    least, most = _range(schema)
    known = sorted({0, *points, least, most})
    if known[0] < -_FARTHEST or known[-1] > _FARTHEST:
        return []
    near: set[int | float]
    if whole or "multipleOf" in schema:
        near = _steps(known, _step(schema, whole=whole))
    else:
        near = {*known, *((point + other) / 2 for point, other in pairwise(known))}
    excluded = (schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum"))
    return sorted(number for number in near if least <= number <= most and number not in excluded)


def _step(schema: Mapping[str, Any], *, whole: bool) -> Fraction:
    """The number of which all numbers of a schema are multiples; a step is taken as it is written: 0.1 is a tenth."""
    step = Fraction(str(schema.get("multipleOf", 1)))
    return Fraction(step.numerator) if whole else step


def _steps(points: Iterable[int | float], step: Fraction) -> set[int | float]:
    """The multiples of a step next to some points, and those points that are multiples."""
    below = (floor(Fraction(point) / step) for point in points)
    multiples = {(count + more) * step for count in below for more in (-1, 0, 1, 2)}
    return {int(multiple) if multiple.denominator == 1 else float(multiple) for multiple in multiples}
