"""Variables: a spec's declarations, as the JSON Schema that they are."""

from typing import Any, NamedTuple

from pnpc.language.message.notice import Notice
from pnpc.language.variables.declaration import MOST_LEVELS, DeclarationFault, has_dates, is_sound, levels, wrong
from pnpc.line.grammar.compiler import compile_schema
from pnpc.line.grammar.run import Check
from pnpc.text.document import Mapping, Node, Scalar, end, start
from pnpc.text.members import members
from pnpc.text.values import construct
from pnpc.text.wording import says

_TYPES = ("string", "integer", "number", "boolean", "array", "object")
_COUNTS = ("minLength", "maxLength", "minItems", "maxItems")
_TEXTS = ("pattern", "title", "description", "format", "type")
_LISTED = ("enum", "const")
_VALUES = ("default", "example", "examples")
_MOST_LEVELS = MOST_LEVELS + 1  # of lists and objects inside each other, as far as they are read

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
# What `recipient` is where a message is filled without one.
NOBODY: dict[str, int | str] = {"index": 0, "to": "0" * 64}
# Names that no variable can have, and what they mean instead.
RESERVED = {
    "phone": says("the column `phone` is the recipient's number, which no message repeats"),
    "to": says("the column `to` is the recipient's digest; expressions see it as `recipient.to`"),
    "recipient": says("expressions see the recipient's index and digest under this name"),
    "loop": says("inside a `$for`, expressions see the entry's number under this name"),
}

# The same declarations stand in many specs of a project: each is compiled once, and remembered by its text.
_MOST_REMEMBERED = 1024
_remembered: dict[tuple[tuple[str, str], ...], "Declaration"] = {}
_written: dict[str, "Declaration"] = {}  # by the whole text, with the examples


class Declaration(NamedTuple):
    """A variable's JSON Schema, and the check that runs it over nodes.

    `schema` is None where the declaration is broken. `wrong` are the mistakes that the grammar can't see. `memory` keeps
    what others have worked out from it; declarations that differ only in their examples share it. `has_dates`: some of its values are.
    `written` is the text of the whole declaration.
    """

    schema: dict[str, Any] | None
    check: Check | None
    wrong: tuple[DeclarationFault, ...] = ()
    memory: dict[Any, Any] | None = None
    has_dates: bool = False
    written: str = ""


def declarations(notice: Notice) -> dict[str, Declaration]:
    """A spec's variables by name."""
    text = notice.document.source.text
    return {name: _known(node, text) for name, node in notice.variables.items()}


def _known(node: Node, text: str) -> Declaration:
    written = text[start(node) : end(node)]
    declaration = _written.get(written)
    if declaration is None:
        declaration = _read(node, text)._replace(written=written)
        if "*" not in written:  # an alias means a text that stands elsewhere
            if len(_written) >= _MOST_REMEMBERED:
                _written.clear()
            _written[written] = declaration
    return declaration


def _read(node: Node, text: str) -> Declaration:
    """One variable's declaration.

    The values of `enum`, `const`, `default` and `example` of a text variable are text, quoted or not.
    """
    stated = members(node)
    kind = stated.get("type")
    if not isinstance(kind, Scalar) or kind.value not in _TYPES:
        return Declaration(None, None)
    rules = {name: value for name, value in stated.items() if name not in _VALUES}
    declaration = _remember(rules, text)
    if declaration.schema is None:
        return declaration
    as_text = kind.value == "string"
    values = {name: construct(stated[name], text=as_text) for name in _VALUES if name in stated}
    return declaration._replace(schema={**declaration.schema, **values})


def _remember(rules: dict[str, Node], text: str) -> Declaration:
    key = tuple([(name, text[start(value) : end(value)]) for name, value in rules.items()])
    if any("*" in written for _, written in key):
        return _declare(rules)  # an alias means a text that stands elsewhere
    declaration = _remembered.get(key)
    if declaration is None:
        if len(_remembered) >= _MOST_REMEMBERED:
            _remembered.clear()
        declaration = _remembered[key] = _declare(rules)
    return declaration


def _declare(rules: dict[str, Node]) -> Declaration:
    """A declaration without its default and examples: the schema for these and for the rows."""
    schema = _schema(rules)
    if levels(schema) > MOST_LEVELS:
        return Declaration(
            None,
            None,
            (
                DeclarationFault(
                    (), says("has more than {limit} lists and objects inside each other", limit=MOST_LEVELS)
                ),
            ),
        )
    if not is_sound(schema):
        return Declaration(None, None)
    faults = tuple(wrong(schema))
    if faults:
        return Declaration(None, None, faults)
    return Declaration(schema, compile_schema(schema, "variable"), (), {}, has_dates(schema))


def _schema(stated: dict[str, Node], left: int = _MOST_LEVELS) -> dict[str, Any]:
    """A declaration's keywords with their values, in every level; a value that the grammar takes as text is text."""
    as_text = isinstance(kind := stated.get("type"), Scalar) and kind.value == "string"
    return {name: _keyword(name, node, left, as_text=as_text) for name, node in stated.items()}


def _keyword(name: str, node: Node, left: int, *, as_text: bool) -> Any:
    if isinstance(node, Mapping) and left > 0:
        if name == "items":
            return _schema(members(node), left - 1)
        if name == "properties":
            return {
                key: _schema(members(member), left - 1) if isinstance(member, Mapping) else construct(member)
                for key, member in members(node).items()
            }
    value = construct(node, text=name in _TEXTS or (as_text and name in (*_LISTED, *_VALUES)))
    # JSON Schema takes `2.0` for a whole number.
    return int(value) if name in _COUNTS and isinstance(value, float) and value.is_integer() else value
