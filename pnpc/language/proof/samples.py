"""Values that a declaration allows and that go to its bounds: what a witness is made of."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import isfinite
from typing import Any

from pnpc.language.extents.matching import longest, shortest
from pnpc.language.filling.locales import COUNTRIES, LARGEST
from pnpc.language.proof import lengths
from pnpc.language.proof.declared import declared
from pnpc.language.variables import formats
from pnpc.language.variables.allowed import is_allowed
from pnpc.line.grammar.patterns import TooSlow
from pnpc.line.grammar.schema import listed

Schema = Mapping[str, Any]
_MOST = 300  # values tried of one variable
_MOST_BUILT = 20_000  # characters of a list's entries, or of a text that is tried in several forms
_FILLERS = ("あ", "😀", "A", "&")  # what fills a free text: a kanji or kana, a pair of units, plain ASCII
_POWERS = tuple(10**power - less for power in range(2, 16) for less in (0, 1))
_SPECIMENS = (0, 1, -1, 9, 0.1, 1 / 3, -2.2250738585072014e-308, 2.2250738585072014e-308, LARGEST, -LARGEST)


def samples(schema: Schema, country: str, reach: int) -> list[Any]:
    """Values of a variable: its extremes first, each of them allowed. An unbounded text gets `reach` characters."""
    found: list[Any] = []
    whole = schema.get("type") == "integer"
    try:
        for one in _candidates(schema, country, reach):
            value = int(one) if whole and isinstance(one, float) and one.is_integer() else one
            if len(found) >= _MOST:
                break
            if is_allowed(schema, value) and not any(
                value.__class__ is other.__class__ and value == other for other in found
            ):
                found.append(value)
    except TooSlow:
        pass  # the pattern takes too long: what was found until now has to do
    return found


def _candidates(schema: Schema, country: str, reach: int) -> Iterable[Any]:
    only = listed(schema)
    if only is not None:
        yield from only
        return
    kind = schema.get("type")
    if kind == "string":
        yield from _texts(schema, country, reach)
    elif kind in ("integer", "number"):
        yield from _numbers(schema)
    elif kind == "boolean":
        yield from (True, False)
    elif kind == "array":
        yield from _lists(schema, country, reach)
    elif kind == "object":
        yield from _objects(schema, country, reach)
    for name in ("example", "default"):
        if name in schema:
            yield schema[name]
    yield from schema.get("examples", ())


def _texts(schema: Schema, country: str, reach: int) -> Iterable[str]:
    format_ = schema.get("format", "")
    if format_ in ("date", "time"):
        yield from lengths.reached(country, format_)
    if format_ == "date-time":
        yield from _moments(country)
    if format_ in formats.LONGEST:
        yield from reversed(formats.LONGEST[format_])
    most = max(min(schema.get("maxLength", reach), reach), schema.get("minLength", 0))
    least = schema.get("minLength", 1)
    if format_ == "uri":
        yield "https://" + max(0, most - len("https://")) * "a"
    fillers = _FILLERS if most <= _MOST_BUILT else _FILLERS[-1:]
    if "pattern" in schema:
        for match in (longest(schema["pattern"], most), shortest(schema["pattern"], least)):
            for filler in ("", *fillers):
                missing = max(0, most - len(match)) * filler
                yield from (match + missing, missing + match)
    for filler in fillers:
        yield from (filler * most, filler * least)
    if "minLength" in schema or "pattern" in schema:
        yield ""


def _moments(country: str) -> Iterable[str]:
    hours = COUNTRIES[country].hours
    for day in lengths.reached(country, "date"):
        yield f"{day}T12:00:00+{hours:02}:00"
    for time in lengths.reached(country, "time"):
        yield f"2024-10-10T{time}:00+{hours:02}:00"


def _numbers(schema: Schema) -> Iterable[int | float]:
    number = declared(schema).number
    assert number is not None
    step = schema.get("multipleOf", 1)
    for bound in (number.hi, number.lo):
        if isfinite(bound):
            yield bound
            yield from (int(bound), float(bound), bound - step, bound + step, Fraction(bound) // Fraction(step) * step)
    for one in (*_SPECIMENS, *_POWERS):
        yield from (one, float(one))
    if isfinite(number.lo) and isfinite(number.hi):
        yield number.lo + (number.hi - number.lo) * 0.12345678901234567


def _lists(schema: Schema, country: str, reach: int) -> Iterable[list[Any]]:
    least, most = schema.get("minItems", 0), schema.get("maxItems", schema.get("minItems", 0) + 2)
    for one in samples(schema.get("items", {"type": "string"}), country, reach)[:8]:
        room = _MOST_BUILT // _weight(one)
        yield from ([one] * count for count in (most, least) if count <= room)


def _weight(value: Any) -> int:
    """How much a value takes: about its characters, at least 1."""
    if isinstance(value, list):
        return 1 + sum(map(_weight, value))
    if isinstance(value, dict):
        return 1 + sum(map(_weight, value.values()))
    return max(1, len(value)) if isinstance(value, str) else 1


def _objects(schema: Schema, country: str, reach: int) -> Iterable[dict[str, Any]]:
    """Objects whose members all go to their extremes at once, then with the members that must be there alone."""
    members = {name: samples(one, country, reach) for name, one in schema.get("properties", {}).items()}
    if not all(members.values()):
        return
    for turn in range(min(8, max(map(len, members.values()), default=1))):
        yield {name: found[turn % len(found)] for name, found in members.items()}
    yield {name: members[name][0] for name in schema.get("required", ()) if name in members}
