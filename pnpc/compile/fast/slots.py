"""Code for a slot: its text, made sure of as the grammar asks, as JSON."""

from json.encoder import encode_basestring
from typing import Any

from pnpc.compile.compact import compact, quoted
from pnpc.compile.fast.code import Code, constant, shown
from pnpc.compile.fast.texts import NotSure, Piece, Row, pieces, remember, written
from pnpc.compile.message import Message, Slot
from pnpc.compile.rows import Variables, unsendable
from pnpc.spec.grammar.schema import Schema, load, resolve
from pnpc.spec.patterns import quick
from pnpc.spec.urls import is_usual
from pnpc.text.lazy import regex
from pnpc.text.path import Path

_MEASURED = frozenset(("type", "title", "description", "minLength", "maxLength", "pattern", "examples"))
_WHOLE_URL = regex(r"https?://[A-Za-z0-9.-]+(?::[0-9]+)?/[!-~]*")
_SAFE = "x"  # for a piece that has letters, digits and percent-encoded characters only
_WIDEST = "\uffff"  # the last character that takes one unit of UTF-16


def write(code: Code, message: Message, slot: Slot, row: Row, variables: Variables) -> list[str]:
    """The parts, as code, of the JSON text that a slot becomes. Raises NotSure."""
    schema = _schema(slot.path)
    if slot.type != "string" or any(one not in _MEASURED and not one.startswith("x-") for one in schema):
        raise NotSure
    names = tuple(sorted(slot.text.names))
    if names and all(name in row.known and row.known[name].shared for name in names):

        def settle(*raws: str) -> str | None:
            value = message.settle(slot, dict(zip(names, map(variables.value, names, raws), strict=True)))
            return None if value is None else compact(value)

        return [shown(remember(code, row, names, settle))]
    parts = pieces(code, slot.text, row, variables)
    if any(isinstance(one, str) and unsendable(one) for one in parts):
        raise NotSure
    text = code.local("text")
    code.add(f"{text} = {written(parts)}")
    code.leave_unless(" and ".join(_conditions(code, schema, text)))
    if slot.path[-1] == "url":
        _link(code, parts, text)
    return _json(code, parts, text)


def _schema(path: Path) -> Schema:
    """What the grammar asks of a value of a template message, or of the delivery tag."""
    if path[0] == "message":
        path, home = path[1:], "template-message"
    else:
        home = "spec"
    schema: Any = load(home)
    for step in path:
        schema = schema.get("items") if isinstance(step, int) else schema.get("properties", {}).get(step)
        while isinstance(schema, dict) and "$ref" in schema:
            schema, home = resolve(schema["$ref"], home)
        if not isinstance(schema, dict):
            raise NotSure
    found: Schema = schema
    return found


def _conditions(code: Code, schema: Schema, text: str) -> list[str]:
    """Under which a text surely has the length and the form that a schema asks for."""
    found = []
    least, most = schema.get("minLength", 0), schema.get("maxLength")
    if least:
        found.append(f"{least} <= len({text})")
    if most is not None and schema.get("x-count", "") == "utf16":
        # As many characters as units, unless there is one beyond the basic plane: half as many always fit.
        small = f"{text}.isascii() or max({text}) <= {code.value('widest', _WIDEST)}"
        found.append(f"(len({text}) <= {most // 2} or len({text}) <= {most} and ({small}))")
    elif most is not None:
        raise NotSure
    if "pattern" in schema:
        search, longest = quick(schema["pattern"])
        found.append(f"len({text}) <= {longest} and {code.value('matches', search)}({text})")
    return found or ["True"]


def _link(code: Code, parts: list[str | Piece], text: str) -> None:
    """A button's link is a usual URL, of which no rule has anything to say; its beginning stands in the spec."""
    if not isinstance(parts[0], str) or _WHOLE_URL.fullmatch(parts[0]) is None:
        raise NotSure
    if not all(isinstance(part, str) or part.unbroken for part in parts):
        code.leave_unless(f"{code.value('usual', is_usual)}({text})")
    elif not is_usual("".join(part if isinstance(part, str) else _SAFE for part in parts)):
        raise NotSure


def _json(code: Code, parts: list[str | Piece], text: str) -> list[str]:
    if all(compact(one) == f'"{one}"' if isinstance(one, str) else one.plain for one in parts):
        return [constant('"'), shown(text), constant('"')]
    made = code.local("json")
    encode, careful = code.value("encode", encode_basestring), code.value("quoted", quoted)
    code.add(f"{made} = {encode}({text}) if {text}.isprintable() else {careful}({text})")
    return [shown(made)]
