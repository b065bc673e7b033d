"""Variables: a spec's declarations, as the JSON Schema that they are."""

from re import error as RegexError
from typing import Any, NamedTuple

from pnpc.spec.grammar.compiler import compile_schema
from pnpc.spec.grammar.run import Check
from pnpc.spec.notice import Notice
from pnpc.spec.patterns import matcher
from pnpc.text.members import members
from pnpc.text.nodes import Node, Scalar, end, start
from pnpc.text.values import construct

_TYPES = ("string", "integer", "number", "boolean", "array", "object")
_PAIRS = (("minLength", "maxLength"), ("minimum", "maximum"), ("minItems", "maxItems"))
_COUNTS = ("minLength", "maxLength", "minItems", "maxItems")
_NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_TEXTS = ("pattern", "title", "description", "format", "type")
_VALUES = ("default", "example", "examples")
_NOT_OURS = ("$ref", "allOf", "if")  # the grammar's own schemas have them, a declaration has not

_MOST_ROWS = 999_999_999  # of one table: it bounds the length of `recipient.index`
# What every expression may use beside the spec's variables.
RECIPIENT: dict[str, Any] = {
    "type": "object",
    "properties": {
        "index": {"type": "integer", "minimum": 0, "maximum": _MOST_ROWS},
        "to": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    },
    "required": ["index", "to"],
    "additionalProperties": False,
}

# The same rules stand in many specs of a project: they are made ready once, known by their text.
_MOST_REMEMBERED = 1024
_remembered: dict[tuple[tuple[str, str], ...], "Declaration"] = {}


class Declaration(NamedTuple):
    """A variable's JSON Schema, and the check that runs it over nodes.

    `schema` is None where the declaration is broken. `wrong` tells what the grammar can't: key, message, and the
    second key that it is about, if any. `memory` holds what others have worked out of it; declarations that are alike
    share it, whatever their examples.
    """

    schema: dict[str, Any] | None
    check: Check | None
    wrong: tuple[tuple[str, str, str], ...] = ()
    memory: dict[Any, Any] | None = None


def declarations(notice: Notice) -> dict[str, Declaration]:
    """A spec's variables by name."""
    text = notice.document.source.text
    return {name: _read(node, text) for name, node in notice.variables.items()}


def _read(node: Node, text: str) -> Declaration:
    """One variable's declaration.

    What stands under `enum`, `const`, `default` and `example` of a text variable is text, quoted or not.
    """
    stated = members(node)
    kind = stated.get("type")
    if not isinstance(kind, Scalar) or kind.value not in _TYPES:
        return Declaration(None, None)
    rules = {name: value for name, value in stated.items() if name not in _VALUES}
    found = _remember(rules, text)
    if found.schema is None:
        return found
    as_text = kind.value == "string"
    values = {name: construct(stated[name], text=as_text) for name in _VALUES if name in stated}
    return found._replace(schema={**found.schema, **values})


def _remember(rules: dict[str, Node], text: str) -> Declaration:
    key = tuple([(name, text[start(value) : end(value)]) for name, value in rules.items()])
    if any("*" in written for _, written in key):
        return _declare(rules)  # an alias means what stands elsewhere
    found = _remembered.get(key)
    if found is None:
        if len(_remembered) >= _MOST_REMEMBERED:
            _remembered.clear()
        found = _remembered[key] = _declare(rules)
    return found


def _declare(rules: dict[str, Node]) -> Declaration:
    """A declaration without its values: what the values, and the rows, are measured by."""
    as_text = isinstance(kind := rules["type"], Scalar) and kind.value == "string"
    schema = _whole(
        {
            name: construct(value, text=name in _TEXTS or (as_text and name in ("enum", "const")))
            for name, value in rules.items()
        }
    )
    if not _is_sound(schema):
        return Declaration(None, None)
    wrong = tuple(_wrong(schema))
    return Declaration(None, None, wrong) if wrong else Declaration(schema, compile_schema(schema, "variable"), (), {})


def _whole(schema: Any) -> Any:
    """A schema whose counts are integers: to JSON Schema `2.0` is one."""
    if not isinstance(schema, dict):
        return schema
    whole = {
        name: int(schema[name]) for name in _COUNTS if isinstance(schema.get(name), float) and schema[name] % 1 == 0
    }
    items = {"items": _whole(schema["items"])} if "items" in schema else {}
    members_ = schema.get("properties")
    if isinstance(members_, dict):
        items["properties"] = {name: _whole(one) for name, one in members_.items()}
    return {**schema, **whole, **items} if whole or items else schema


def _is_sound(schema: dict[str, Any]) -> bool:
    """Whether every keyword has the type that JSON Schema asks for, so that a validator can be built from it."""
    if any(name in schema for name in _NOT_OURS):
        return False
    for name in _COUNTS:
        if name in schema and not (_is_number(schema[name], int) and schema[name] >= 0):
            return False
    if any(name in schema and not _is_number(schema[name], int | float) for name in _NUMBERS):
        return False
    properties = schema.get("properties", {})
    if not isinstance(schema.get("enum", []), list) or not isinstance(properties, dict):
        return False
    if not isinstance(schema.get("pattern", ""), str) or not isinstance(schema.get("required", []), list):
        return False
    if "type" in schema and schema["type"] not in _TYPES:
        return False
    nested = [schema["items"]] if "items" in schema else []
    return all(isinstance(one, dict) and _is_sound(one) for one in (*nested, *properties.values()))


def _is_number(value: object, kind: Any) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool)


def _wrong(schema: dict[str, Any]) -> list[tuple[str, str, str]]:
    found = []
    try:
        matcher(schema.get("pattern", ""))
    except (RegexError, RecursionError, OverflowError) as error:
        found.append(("pattern", f"is no regular expression: {error}", ""))
    for least, most in _PAIRS:
        if least in schema and most in schema and schema[least] > schema[most]:
            found.append((least, f"is above `{most}`", most))
    return found
