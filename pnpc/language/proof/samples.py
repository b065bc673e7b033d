"""Values that a declaration allows, at its bounds: the data that are tried as an example."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import isfinite
from typing import Any

from pnpc.language.extents.matching import every, longest, shortest
from pnpc.language.filling.locales import COUNTRIES, LARGEST
from pnpc.language.proof import lengths
from pnpc.language.proof.declared_bounds import value_of
from pnpc.language.variables import formats
from pnpc.language.variables.allowed import is_allowed
from pnpc.line.grammar.patterns import TooSlow
from pnpc.line.grammar.schema import listed

Schema = Mapping[str, Any]
_MOST = 300  # values tried of one variable
_MOST_LISTED = 32  # texts of a pattern that are all tried: behind a filter another text may be the longest
_MOST_BUILT = 20_000  # characters of a list's entries, or of a text that is tried in several forms
_FILLERS = (
    "あ",
    "😀",
    "A",
    "&",
)  # what fills a free text: kana, a character of two UTF-16 units, plain ASCII, a sign that `urlencode` makes longer
_POWERS = tuple(10**power - less for power in range(2, 16) for less in (0, 1))
_SPECIMENS = (0, 1, -1, 9, 0.1, 1 / 3, -2.2250738585072014e-308, 2.2250738585072014e-308, LARGEST, -LARGEST)


def samples(schema: Schema, country: str, reach: int) -> list[Any]:
    """Allowed values of a variable, its extremes first. An unbounded text gets `reach` code points."""
    values: list[Any] = []
    whole = schema.get("type") == "integer"
    try:
        for candidate in _candidates(schema, country, reach):
            value = int(candidate) if whole and isinstance(candidate, float) and candidate.is_integer() else candidate
            if len(values) >= _MOST:
                break
            if is_allowed(schema, value) and not any(
                value.__class__ is other.__class__ and value == other for other in values
            ):
                values.append(value)
    except TooSlow:
        pass  # the pattern takes too long: the values so far must be enough
    return values


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
        yield from every(schema["pattern"], _MOST_LISTED)
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
    number = value_of(schema).number
    assert number is not None
    step = schema.get("multipleOf", 1)
    for bound in (number.hi, number.lo):
        if isfinite(bound):
            yield bound
            # Exactly: of a tiny step a bound is a multiple that no float can count.
            multiple = Fraction(bound) // Fraction(step) * Fraction(step)
            yield from (int(bound), float(bound), bound - step, bound + step, _plain(multiple))
    for specimen in (*_SPECIMENS, *_POWERS):
        yield from (specimen, float(specimen))
    if isfinite(number.lo) and isfinite(number.hi):
        yield number.lo + (number.hi - number.lo) * 0.12345678901234567


def _plain(number: Fraction) -> int | float:
    return number.numerator if number.denominator == 1 else float(number)


def _lists(schema: Schema, country: str, reach: int) -> Iterable[list[Any]]:
    least, most = schema.get("minItems", 0), schema.get("maxItems", schema.get("minItems", 0) + 2)
    for entry in samples(schema.get("items", {"type": "string"}), country, reach)[:8]:
        room = _MOST_BUILT // _weight(entry)
        yield from ([entry] * count for count in (most, least) if count <= room)


def _weight(value: Any) -> int:
    """The size of a value: about its code points, at least 1."""
    if isinstance(value, list):
        return 1 + sum(map(_weight, value))
    if isinstance(value, dict):
        return 1 + sum(map(_weight, value.values()))
    return max(1, len(value)) if isinstance(value, str) else 1


def _objects(schema: Schema, country: str, reach: int) -> Iterable[dict[str, Any]]:
    """Objects whose members are all at their extremes at once, then with the required members only."""
    members = {name: samples(member, country, reach) for name, member in schema.get("properties", {}).items()}
    if not all(members.values()):
        return
    for turn in range(min(8, max(map(len, members.values()), default=1))):
        yield {name: values[turn % len(values)] for name, values in members.items()}
    yield {name: members[name][0] for name in schema.get("required", ()) if name in members}
