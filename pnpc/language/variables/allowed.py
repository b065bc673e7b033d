"""Whether a declaration allows a value: asked by the proof for its samples, and by directives for the values of conditions."""

from collections.abc import Mapping
from math import isfinite
from typing import Any

from pnpc.language.expressions.expression import MOST_OPERAND
from pnpc.language.variables import formats
from pnpc.line.grammar.patterns import TooSlow, matcher
from pnpc.line.grammar.run import comparable, same

Schema = Mapping[str, Any]


def allowed(schema: Schema, value: Any) -> bool:
    """Whether a declaration allows a value, as for a row of a table; False where its pattern takes too long."""
    try:
        return is_allowed(schema, value)
    except TooSlow:
        return False


def is_allowed(schema: Schema, value: Any) -> bool:
    """Whether a declaration allows a value. Raises TooSlow where its pattern takes too long."""
    kind = schema.get("type")
    if "enum" in schema and not any(same(value, listed) for listed in schema["enum"]):
        return False
    if "const" in schema and not same(value, schema["const"]):
        return False
    if kind == "string":
        return isinstance(value, str) and _allows_text(schema, value)
    if kind in ("integer", "number"):
        return _is_number(value, whole=kind == "integer") and _allows_number(schema, value)
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "array":
        return isinstance(value, list) and _allows_list(schema, value)
    return kind != "object" or (isinstance(value, dict) and _allows_object(schema, value))


def _allows_text(schema: Schema, text: str) -> bool:
    if not schema.get("minLength", 0) <= len(text) <= schema.get("maxLength", len(text)):
        return False
    if not formats.fits(schema.get("format", ""), text):
        return False
    return "pattern" not in schema or matcher(schema["pattern"])(text)


def _is_number(value: Any, *, whole: bool) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -MOST_OPERAND <= value <= MOST_OPERAND:
        return False
    return not whole or float(value).is_integer()


def _allows_number(schema: Schema, value: float) -> bool:
    if "multipleOf" in schema and not _is_multiple(value, schema["multipleOf"]):
        return False
    return bool(
        schema.get("minimum", value) <= value <= schema.get("maximum", value)
        and ("exclusiveMinimum" not in schema or schema["exclusiveMinimum"] < value)
        and ("exclusiveMaximum" not in schema or value < schema["exclusiveMaximum"])
    )


def _is_multiple(value: float, step: float) -> bool:
    """As the jsonschema library does it: for floats by their quotient."""
    if isinstance(step, int):
        return value % step == 0
    quotient = value / step
    return isfinite(quotient) and quotient == int(quotient)


def _allows_list(schema: Schema, value: list[Any]) -> bool:
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        return False
    if schema.get("uniqueItems") and len({comparable(entry) for entry in value}) < len(value):
        return False
    return all(is_allowed(schema.get("items", {}), entry) for entry in value)


def _allows_object(schema: Schema, value: dict[str, Any]) -> bool:
    known = schema.get("properties", {})
    if not set(schema.get("required", ())) <= value.keys():
        return False
    if schema.get("additionalProperties") is False and not value.keys() <= known.keys():
        return False
    return all(is_allowed(known.get(name, {}), member) for name, member in value.items())
