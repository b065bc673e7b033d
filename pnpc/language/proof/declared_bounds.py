"""What a variable can be, by its declaration."""

from collections.abc import Mapping
from math import isfinite
from typing import Any

from pnpc.language.extents.extent import INFINITE, MOST_KNOWN, Extent, any_of, fixed
from pnpc.language.extents.number import Number, Real, known, multiples
from pnpc.language.extents.pattern import ANYTHING, shape_of
from pnpc.language.extents.value import UNKNOWN, Value
from pnpc.line.grammar.schema import listed
from pnpc.line.grammar.units import ANY, encoded_of, units_of

_BOUNDS = (
    ("type", "enum", "const", "format", "pattern", "minLength", "maxLength", "minimum", "maximum")
    + ("exclusiveMinimum", "exclusiveMaximum", "multipleOf", "items", "minItems", "maxItems", "properties", "required")
)  # fmt: skip
_SAYS_EMPTY = ("minLength", "pattern", "format")  # each of these says whether a text may be empty
_MOST_REMEMBERED = 2048  # declarations whose bounds are remembered
_remembered: dict[str, Value] = {}


def value_of(schema: Mapping[str, Any]) -> Value:
    """The value that a declaration allows; remembered by its bounds, which many specs share."""
    key = repr([(name, schema[name]) for name in _BOUNDS if name in schema])
    value = _remembered.get(key)
    if value is None:
        if len(_remembered) >= _MOST_REMEMBERED:
            _remembered.clear()
        value = _remembered[key] = _read(schema)
    return value


def _read(schema: Mapping[str, Any]) -> Value:
    kind = schema.get("type")
    if kind == "string":
        return _string(schema)
    if kind in ("integer", "number"):
        return _number(schema, whole=kind == "integer")
    if kind == "boolean":
        return Value(boolean=True)
    if kind == "array":
        return Value(is_list=True, entry=schema.get("items", {}), entries=schema.get("minItems", 0))
    if kind == "object":
        return Value(
            is_object=True, members=schema.get("properties", {}), required=frozenset(schema.get("required", ()))
        )
    return UNKNOWN


def _string(schema: Mapping[str, Any]) -> Value:
    format_ = schema.get("format", "")
    only = listed(schema)
    if only is not None:
        texts = [text for text in only if isinstance(text, str)]
        if not texts:
            return Value(text=fixed(""))  # no value is allowed: another finding says so
        extent = any_of(texts)
        return Value(text=extent if len(texts) <= MOST_KNOWN else extent._replace(known=()), format=format_)
    extent = _free(schema)
    lacks = "" if isfinite(extent.units) else "maxLength"
    return Value(text=extent, format=format_, lacks=lacks)


def _free(schema: Mapping[str, Any]) -> Extent:
    """A text by its pattern, its format and its lengths together: each of them bounds it."""
    shape = shape_of(schema["pattern"]) if "pattern" in schema else ANYTHING
    kinds, least, most = shape.kinds, max(shape.least, schema.get("minLength", 0)), shape.most
    units, encoded = shape.units, shape.encoded
    form = _of_format(schema["format"]) if "format" in schema else None
    if form is not None:
        kinds &= form.kinds
        least, most = max(least, form.least), min(most, form.points)
    most = min(most, schema.get("maxLength", INFINITE))
    kinds = kinds or ANY  # no value is allowed: another finding says so
    units = min(units, most * units_of(kinds)) if most else 0
    encoded = min(encoded, most * encoded_of(kinds)) if most else 0
    blank = least == 0 and most > 0 and not schema.keys() & _SAYS_EMPTY
    return Extent(1 if blank else least, most, units, most, encoded, kinds, (), blank)


def _of_format(format: str) -> Extent | None:
    from pnpc.language.variables.formats import extent  # half of the specs have none

    return extent(format)


def _number(schema: Mapping[str, Any], *, whole: bool) -> Value:
    only = listed(schema)
    if only is not None:
        numbers = [number for number in only if isinstance(number, int | float) and not isinstance(number, bool)]
        if not numbers:
            return Value(number=Number(-INFINITE, INFINITE, "whole" if whole else "any"))
        return Value(number=known(tuple(same for number in numbers for same in _spellings(number, whole=whole))))
    lo = max(schema.get("minimum", -INFINITE), schema.get("exclusiveMinimum", -INFINITE))
    hi = min(schema.get("maximum", INFINITE), schema.get("exclusiveMaximum", INFINITE))
    number = Number(lo, hi, "any")
    if whole:
        number = multiples(Number(*_inside(schema, lo, hi), "whole"), schema.get("multipleOf", 1))
    lacks = [name for name, bound in (("minimum", lo), ("maximum", hi)) if not isfinite(bound)]
    return Value(number=number, lacks=" and ".join(lacks))


def _spellings(number: Real, *, whole: bool) -> list[Real]:
    """A number as an expression may get it. A row's integer is always an int; for other numbers 1 and 1.0 are equal in JSON
    Schema, and differ as texts."""
    if not float(number).is_integer():
        return [number]
    return [int(number)] if whole else [int(number), float(number)]


def _inside(schema: Mapping[str, Any], lo: Real, hi: Real) -> tuple[Real, Real]:
    """The bounds of whole numbers, moved inwards where they are excluded."""
    if lo == schema.get("exclusiveMinimum") and float(lo).is_integer():
        lo = int(lo) + 1
    if hi == schema.get("exclusiveMaximum") and float(hi).is_integer():
        hi = int(hi) - 1
    return lo, hi
