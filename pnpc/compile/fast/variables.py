"""Code that makes sure of a row's variables, and says what is known of each. jsonschema stays the judge: what it alone can
tell is asked of it once for a text, and remembered."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from pnpc.compile.fast.code import Code, Memo, constant
from pnpc.compile.tables.records import Variables, unsendable
from pnpc.line.grammar.patterns import quick
from pnpc.text.lazy import regex

_NOTES = frozenset(("type", "title", "description", "default", "example", "examples", "format"))
_OF_TEXT = frozenset(("minLength", "maxLength", "pattern")) | _NOTES
_OF_NUMBERS = frozenset(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")) | _NOTES
_SIGNS = {"minimum": "<=", "exclusiveMinimum": "<", "maximum": ">=", "exclusiveMaximum": ">"}
# Whole numbers that are written as they are shown. Negative ones are rare, and left to the slow way.
MOST_DIGITS = 15
_WHOLE = regex(f"0|[1-9][0-9]{{0,{MOST_DIGITS - 1}}}")


class KnownVariable(NamedTuple):
    """A variable in the code: the local name of its text as the table has it, and what that text is known to be.

    `text`: the value itself; `whole`: the digits of a whole number that is at hand as `number`; `other`: a text that
    `Variables` makes the value from. `shared`: many rows have the same, as with dates and lists of allowed values.
    """

    raw: str
    kind: str
    number: str = ""
    shared: bool = False


def write(code: Code, variables: Variables, fields: Mapping[str, str]) -> dict[str, KnownVariable]:
    """Check every declared variable; `fields` are the local names of the table's columns."""
    return {name: _one(code, variables, name, schema, fields) for name, schema in variables.declared.items()}


def _one(
    code: Code, variables: Variables, name: str, schema: Mapping[str, Any], fields: Mapping[str, str]
) -> KnownVariable:
    raw = fields.get(name, "")
    if not raw:
        raw = code.value("absent", "")
    default = schema.get("default")
    if schema["type"] == "string" and _direct(schema, _OF_TEXT | {"enum"}) and "format" not in schema:
        if isinstance(default, str):
            raw = _defaulted(code, raw, default)
        code.leave_unless(_text(code, variables, name, schema, raw))
        return KnownVariable(raw, "text", shared="enum" in schema)
    if schema["type"] == "integer" and _direct(schema, _OF_NUMBERS):
        if type(default) is int:
            raw = _defaulted(code, raw, str(default))
        return _whole(code, schema, raw)
    memo = Memo(lambda text: variables.allows(name, text) or None)
    known = code.value("known", memo)
    code.leave_unless(f"{raw} in {known} or {code.value('find', memo.find)}({raw})")
    kind = "text" if schema["type"] == "string" and "default" not in schema else "other"
    return KnownVariable(raw, kind, shared=schema.get("format") == "date" or schema["type"] == "boolean")


def _direct(schema: Mapping[str, Any], keywords: frozenset[str]) -> bool:
    return all(keyword in keywords or keyword.startswith("x-") for keyword in schema)


def _defaulted(code: Code, raw: str, default: str) -> str:
    name = code.local("given")
    code.add(f"{name} = {raw} or {constant(default)}")
    return name


def _text(code: Code, variables: Variables, name: str, schema: Mapping[str, Any], raw: str) -> str:
    """The condition under which a text is surely allowed."""
    if "enum" in schema:
        allowed = [
            value for value in schema["enum"] if isinstance(value, str) and value and variables.allows(name, value)
        ]
        return f"{raw} in {code.value('allowed', frozenset(allowed))}"
    least, most = max(1, schema.get("minLength", 0)), schema.get("maxLength")
    conditions = [f"{least} <= len({raw})" + (f" <= {most}" if most is not None else "")]
    if "pattern" in schema:
        search, longest = quick(schema["pattern"])
        conditions.append(f"len({raw}) <= {longest}")
        conditions.append(f"{code.value('matches', search)}({raw})")
    # What can be printed can be sent; what can't is looked at.
    conditions.append(f"({raw}.isprintable() or not {code.value('unsendable', unsendable)}({raw}))")
    return " and ".join(conditions)


def _whole(code: Code, schema: Mapping[str, Any], raw: str) -> KnownVariable:
    number = code.local("number")
    code.leave_unless(f"{code.value('whole', _WHOLE.fullmatch)}({raw})")
    code.add(f"{number} = int({raw})")
    limits = [
        f"{code.value('limit', schema[keyword])} {sign} {number}"
        for keyword, sign in _SIGNS.items()
        if keyword in schema
    ]
    if limits:
        code.leave_unless(" and ".join(limits))
    return KnownVariable(raw, "whole", number)
