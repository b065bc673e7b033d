"""Code for a slot: its text, made sure of as the grammar asks, as JSON."""

from json.encoder import encode_basestring
from typing import Any
from unicodedata import is_normalized

from pnpc.compile.compact import compact, quoted
from pnpc.compile.fast.code import Calm, Code, constant, shown
from pnpc.compile.fast.texts import NotSure, Piece, Row, pieces, remember, written
from pnpc.compile.message import Message, Slot
from pnpc.compile.rows import Variables, unsendable
from pnpc.rules.rule import Test
from pnpc.spec.expression import MASK
from pnpc.spec.grammar.schema import Schema, load, resolve
from pnpc.spec.patterns import quick
from pnpc.spec.words import searcher
from pnpc.text.lazy import regex
from pnpc.text.path import Path

_MEASURED = frozenset(("type", "title", "description", "minLength", "maxLength", "pattern", "examples"))
# A link whose filled parts stand inside its path, behind no dot, and in the values of its query.
_STEADY = regex(
    rf"https://[a-z0-9.-]+/(?:(?!\.[^/?#]*{MASK})[^?#])*(?:\?[^=&#{MASK}]+=[^&#]*(?:&[^=&#{MASK}]+=[^&#]*)*)?(?:#.*)?"
)
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
    _calm(code, slot, parts, text)
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


def _calm(code: Code, slot: Slot, parts: list[str | Piece], text: str) -> None:
    """That no rule has anything to say of the text: seen at once of most texts, and asked once for those many rows share."""
    if slot.tests is None:
        raise NotSure
    always = "".join(one if isinstance(one, str) else f"\n{one.around}\n" for one in parts)
    tests = [test for test in slot.tests if not any(word in always for word in test.unless)]
    if tests:
        calm = Calm(slot.is_doubtful)
        known = f"{text} in {code.value('calm', calm)} or {code.value('ask', calm.ask)}({text})"
        seen = _seen(code, slot, tests, parts, text)
        code.leave_unless(f"{seen} or {known}" if seen else known)


def _seen(code: Code, slot: Slot, tests: list[Test], parts: list[str | Piece], text: str) -> str:
    """A cheap condition under which none of the tests finds a text doubtful; empty if there is none."""
    listed = [test.words for test in tests if test.words is not None]
    if len(listed) == len(tests):
        words, inside = frozenset[str]().union(*listed), frozenset[str]().union(*(test.parts for test in tests))
        in_ascii = searcher(filter(str.isascii, words), filter(str.isascii, inside))
        ascii_only, search = code.value("search", in_ascii), code.value("search", searcher(words, inside))
        normal = code.value("normal", is_normalized)
        lower = code.local("lower")
        code.add(f"{lower} = {text}.lower()")
        # As `pnpc.spec.words.is_plain`, without a call.
        plain = f"{normal}('NFKC', {text}) and {lower} == {text}.casefold() and not {search}({lower})"
        return f"(not {ascii_only}({lower}) if {text}.isascii() else {plain})"
    shape = "".join(one if isinstance(one, str) else MASK for one in parts)
    if (
        all(test.shape for test in tests)
        and _STEADY.fullmatch(shape)
        and not slot.is_doubtful(shape.replace(MASK, "x"))
    ):
        return " and ".join(f"({one.simple})" for one in parts if isinstance(one, Piece))
    return ""


def _json(code: Code, parts: list[str | Piece], text: str) -> list[str]:
    if all(compact(one) == f'"{one}"' if isinstance(one, str) else one.plain for one in parts):
        return [constant('"'), shown(text), constant('"')]
    made = code.local("json")
    encode, careful = code.value("encode", encode_basestring), code.value("quoted", quoted)
    code.add(f"{made} = {encode}({text}) if {text}.isprintable() else {careful}({text})")
    return [shown(made)]
