"""Variables: a spec's declarations, as the JSON Schema that they are."""

from re import compile as regex
from re import error as RegexError
from typing import Any

from pnpc.text.nodes import Mapping, Node, Scalar
from pnpc.text.values import construct

_TYPES = ("string", "integer", "number", "boolean", "array", "object")


def declaration(node: Node | None) -> dict[str, Any] | None:
    """A variable's JSON Schema; None where the declaration is broken, which the grammar and bad-declaration tell.

    What stands under `enum`, `const`, `default` and `example` of a text variable is text, quoted or not.
    """
    if not isinstance(node, Mapping):
        return None
    members = {key.value: value for key, value in node.value if isinstance(key, Scalar)}
    kind = members.get("type")
    if not isinstance(kind, Scalar) or kind.value not in _TYPES:
        return None
    declared = {}
    for name, value in members.items():
        as_text = kind.value == "string" and name in ("enum", "const", "default", "example", "examples")
        declared[name] = construct(value, text=as_text or name in ("pattern", "title", "description"))
    return declared if _is_sound(declared) else None


def _is_sound(declared: dict[str, Any]) -> bool:
    """Whether every keyword has the type that JSON Schema asks for, so that a validator can be built from it."""
    for name in ("minLength", "maxLength", "minItems", "maxItems"):
        if name in declared and (not isinstance(declared[name], int) or declared[name] < 0):
            return False
    for name in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"):
        if name in declared and (not isinstance(declared[name], int | float) or isinstance(declared[name], bool)):
            return False
    if not isinstance(declared.get("enum", []), list) or not isinstance(declared.get("properties", {}), dict):
        return False
    try:
        regex(declared.get("pattern", ""))
    except (RegexError, RecursionError, OverflowError, TypeError):
        return False
    return all(isinstance(declared.get(name, {}), dict) for name in ("items",))
