"""Whether a declaration is one: what `schemas/variable.schema.json` takes, with the bounds that stand there.

The grammar tells what is wrong, at its place; here it is only decided whether a validator, and the proof of lengths, can
be built from a declaration. Both go by the same file, so nothing that is refused here is silent.
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

_NOT_OURS = ("$ref", "allOf", "if")  # the grammar's own schemas have them, a declaration has not
MOST_LEVELS = 32  # of lists and objects inside each other
_PAIRS = (("minLength", "maxLength"), ("minimum", "maximum"), ("minItems", "maxItems"))
_NUMBERS = ("integer", "number")


class Wrong(NamedTuple):
    """What the grammar can't tell of a declaration: the path of the keyword in it, why, and the keyword that it
    disagrees with, if any."""

    path: Path
    message: Said
    other: str = ""


def levels(schema: Any) -> int:
    """How many lists and objects of a declaration stand inside each other: at most one more than may be."""
    deep, level = 0, [schema]
    while level and deep <= MOST_LEVELS:
        deep += 1
        level = [below for one in level if isinstance(one, dict) for below in _below(one)]
    return deep


def _below(schema: dict[str, Any]) -> list[Any]:
    found = schema.get("properties")
    return [*([schema["items"]] if "items" in schema else []), *(found.values() if isinstance(found, dict) else ())]


def is_sound(schema: Any) -> bool:
    """Whether every keyword has a value that the grammar takes, in every level; there are few."""
    if not isinstance(schema, dict) or any(name in schema for name in _NOT_OURS):
        return False
    rules: dict[str, Any] = load("variable")["properties"]
    return all(_takes(rules[name], value) for name, value in schema.items() if name in rules)


def has_dates(schema: Mapping[str, Any]) -> bool:
    """Whether a sound declaration, or one inside it, is of dates, with or without a time of day."""
    if schema.get("format") in ("date", "date-time"):
        return True
    inside = [*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else [])]
    return any(map(has_dates, inside))


def _takes(rule: dict[str, Any], value: Any) -> bool:
    """Whether a keyword's rule, which is one of a small part of JSON Schema, takes a value."""
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
        return isinstance(value, list) and all(_takes(rule.get("items", {}), one) for one in value)
    if kind == "object":
        return isinstance(value, dict) and all(_takes(rule["additionalProperties"], one) for one in value.values())
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


def wrong(schema: dict[str, Any], path: Path = ()) -> Iterator[Wrong]:
    """What is wrong with a sound declaration that no grammar can say: patterns that are not regular expressions, bounds that cross."""
    if "pattern" in schema:
        yield from _wrong_pattern(schema["pattern"], (*path, "pattern"))
    for least, most in _PAIRS:
        if least in schema and most in schema and schema[least] > schema[most]:
            yield Wrong((*path, least), says("is above `{keyword}`", keyword=most), most)
    if schema.get("type") in _NUMBERS:
        yield from _wrong_numbers(schema, path)
    if "items" in schema:
        yield from wrong(schema["items"], (*path, "items"))
    for name, member in schema.get("properties", {}).items():
        yield from wrong(member, (*path, "properties", name))


def _wrong_pattern(pattern: str, path: Path) -> Iterator[Wrong]:
    deep = nesting(pattern)
    if deep > MOST_NESTED:
        yield Wrong(path, says("has {count} groups inside each other (limit {limit})", count=deep, limit=MOST_NESTED))
        return
    try:
        matcher(pattern)
    except (RegexError, RecursionError, OverflowError) as error:
        yield Wrong(path, says("is not a regular expression: {problem}", problem=as_written(str(error))))


def _wrong_numbers(schema: dict[str, Any], path: Path) -> Iterator[Wrong]:
    for keyword, values in (("enum", schema.get("enum", ())), ("const", (schema.get("const"),))):
        numbers = [one for one in values if isinstance(one, int | float)]
        if any(not -MOST_OPERAND <= one <= MOST_OPERAND for one in numbers):
            yield Wrong((*path, keyword), says("holds a number beyond 10^30"))
