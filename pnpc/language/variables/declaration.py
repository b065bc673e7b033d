"""Whether a declaration is sound: whether `schemas/variable.schema.json` accepts it.

The grammar says what is wrong, at its place; here it is only decided whether a validator and the proof of lengths can be
built from a declaration. Both use the same file, so whatever is refused here has a finding.
"""

from collections.abc import Iterator, Mapping
from math import isfinite
from re import error as RegexError
from typing import Any, NamedTuple

from pnpc.language.expressions.expression import MOST_OPERAND
from pnpc.line.grammar.patterns import MOST_NESTED, matcher, nesting
from pnpc.line.grammar.schema import load
from pnpc.text.path import Path
from pnpc.text.wording import Said, as_written, says

_NOT_OURS = ("$ref", "allOf", "if")  # the schemas of the grammar have them, a declaration does not
MOST_LEVELS = 32  # of lists and objects inside each other
_PAIRS = (("minLength", "maxLength"), ("minimum", "maximum"), ("minItems", "maxItems"))
_NUMBERS = ("integer", "number")


class DeclarationFault(NamedTuple):
    """A mistake in a declaration that the grammar can't see: the path of the keyword in it, the message, and the keyword that
    it disagrees with, if any."""

    path: Path
    message: Said
    other: str = ""


def levels(schema: Any) -> int:
    """How many lists and objects of a declaration stand inside each other: counted up to one more than the limit."""
    deep, level = 0, [schema]
    while level and deep <= MOST_LEVELS:
        deep += 1
        level = [below for inner in level if isinstance(inner, dict) for below in _below(inner)]
    return deep


def _below(schema: dict[str, Any]) -> list[Any]:
    properties = schema.get("properties")
    return [
        *([schema["items"]] if "items" in schema else []),
        *(properties.values() if isinstance(properties, dict) else ()),
    ]


def is_sound(schema: Any) -> bool:
    """Whether every keyword has a value that the grammar takes, in every level."""
    if not isinstance(schema, dict) or any(name in schema for name in _NOT_OURS):
        return False
    rules: dict[str, Any] = load("variable")["properties"]
    return all(_takes(rules[name], value) for name, value in schema.items() if name in rules)


def has_dates(schema: Mapping[str, Any]) -> bool:
    """Whether a sound declaration, or one inside it, has dates, with or without a time."""
    if schema.get("format") in ("date", "date-time"):
        return True
    inside = [*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else [])]
    return any(map(has_dates, inside))


def _takes(rule: dict[str, Any], value: Any) -> bool:
    """Whether a keyword's rule, written in a small part of JSON Schema, accepts a value."""
    if "$ref" in rule:
        return is_sound(value)
    kind = rule.get("type")
    if kind == "string":
        return isinstance(value, str) and value in rule.get("enum", (value,)) and _in_length(rule, value)
    if kind in _NUMBERS:
        return _is_number(value, whole=kind == "integer") and _in_range(rule, value)
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "array":
        return isinstance(value, list) and all(_takes(rule.get("items", {}), entry) for entry in value)
    if kind == "object":
        return isinstance(value, dict) and all(
            _takes(rule["additionalProperties"], member) for member in value.values()
        )
    return True


def _in_length(rule: dict[str, Any], value: str) -> bool:
    return bool(len(value) <= rule.get("maxLength", len(value)))


def _is_number(value: Any, *, whole: bool) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return isinstance(value, int) or (not whole and bool(isfinite(value)))


def _in_range(rule: dict[str, Any], value: float) -> bool:
    if value <= rule.get("exclusiveMinimum", value - 1):
        return False
    return bool(rule.get("minimum", value) <= value <= rule.get("maximum", value))


def wrong(schema: dict[str, Any], path: Path = ()) -> Iterator[DeclarationFault]:
    """Mistakes in a sound declaration that no grammar can see: patterns that are not regular expressions, bounds that cross."""
    if "pattern" in schema:
        yield from _wrong_pattern(schema["pattern"], (*path, "pattern"))
    for least, most in _PAIRS:
        if least in schema and most in schema and schema[least] > schema[most]:
            yield DeclarationFault((*path, least), says("is above `{keyword}`", keyword=most), most)
    if schema.get("type") in _NUMBERS:
        yield from _wrong_numbers(schema, path)
    if "items" in schema:
        yield from wrong(schema["items"], (*path, "items"))
    for name, member in schema.get("properties", {}).items():
        yield from wrong(member, (*path, "properties", name))


def _wrong_pattern(pattern: str, path: Path) -> Iterator[DeclarationFault]:
    deep = nesting(pattern)
    if deep > MOST_NESTED:
        yield DeclarationFault(
            path, says("has {count} groups inside each other (limit {limit})", count=deep, limit=MOST_NESTED)
        )
        return
    try:
        matcher(pattern)
    except (RegexError, RecursionError, OverflowError) as error:
        yield DeclarationFault(path, says("is not a regular expression: {problem}", problem=as_written(str(error))))


def _wrong_numbers(schema: dict[str, Any], path: Path) -> Iterator[DeclarationFault]:
    for keyword, values in (("enum", schema.get("enum", ())), ("const", (schema.get("const"),))):
        numbers = [value for value in values if isinstance(value, int | float)]
        if any(not -MOST_OPERAND <= number <= MOST_OPERAND for number in numbers):
            yield DeclarationFault((*path, keyword), says("holds a number beyond 10^30"))
