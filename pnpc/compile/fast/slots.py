"""Code for a slot: its text, made sure of as the grammar asks, as JSON."""

from json.encoder import encode_basestring
from typing import Any
from unicodedata import is_normalized

from pnpc.compile.fast.code import Calm, Code, constant, shown
from pnpc.compile.fast.texts import NotSure, RowCode, TextPiece, pieces, remember, written
from pnpc.compile.fast.word_search import can_be_of, is_plain, rough_searcher, searcher
from pnpc.compile.filled.compact import compact, quoted
from pnpc.compile.filled.message import FillableMessage
from pnpc.compile.filled.slots import ValueSlot
from pnpc.compile.tables.records import Variables, unsendable
from pnpc.language.expressions.expression import MASK
from pnpc.line.grammar.patterns import quick
from pnpc.line.grammar.schema import Schema, load, resolve
from pnpc.rules.rule import Test
from pnpc.text.lazy import regex
from pnpc.text.path import Path

_MEASURED = frozenset(("type", "title", "description", "minLength", "maxLength", "pattern", "examples"))
# A link whose filled parts stand inside its path, behind no dot, and in the values of its query.
_STEADY = regex(
    rf"https://[a-z0-9.-]+/(?:(?!\.[^/?#]*{MASK})[^?#])*(?:\?[^=&#{MASK}]+=[^&#]*(?:&[^=&#{MASK}]+=[^&#]*)*)?(?:#.*)?"
)
_SHORT = 3  # characters: of so few parts of words Python's `in` is quicker than a search
_WIDEST = "\uffff"  # the last character that takes one unit of UTF-16


def write(code: Code, message: FillableMessage, slot: ValueSlot, row: RowCode, variables: Variables) -> list[str]:
    """The parts, as code, of the JSON text that a slot becomes. Raises NotSure."""
    schema = _schema(slot.path)
    if slot.type != "string" or any(keyword not in _MEASURED and not keyword.startswith("x-") for keyword in schema):
        raise NotSure
    names = tuple(sorted(slot.text.names))
    if names and all(name in row.known and row.known[name].shared for name in names):

        def settle(*raws: str) -> str | None:
            value = message.settle(slot, dict(zip(names, map(variables.value, names, raws), strict=True)))
            return None if value is None else compact(value)

        return [shown(remember(code, row, names, settle))]
    parts = pieces(code, slot.text, row, variables)
    if any(isinstance(part, str) and unsendable(part) for part in parts):
        raise NotSure
    text = code.local("text")
    code.add(f"{text} = {written(parts)}")
    code.leave_unless(" and ".join(_conditions(code, schema, text)))
    _calm(code, slot, parts, text)
    return _json(code, parts, text)


def _schema(path: Path) -> Schema:
    """What the grammar asks of a value of a template message, of the delivery tag, or of the fallback's text."""
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
    as_schema: Schema = schema
    return as_schema


def _conditions(code: Code, schema: Schema, text: str) -> list[str]:
    """Under which a text surely has the length and the form that a schema asks for."""
    tests = []
    least, most = schema.get("minLength", 0), schema.get("maxLength")
    if least:
        tests.append(f"{least} <= len({text})")
    if most is not None and schema.get("x-count", "") == "utf16":
        # As many characters as units, unless there is one beyond the basic plane: half as many always fit.
        small = f"{text}.isascii() or max({text}) <= {code.value('widest', _WIDEST)}"
        tests.append(f"(len({text}) <= {most // 2} or len({text}) <= {most} and ({small}))")
    elif most is not None:
        raise NotSure
    if "pattern" in schema:
        search, longest = quick(schema["pattern"])
        tests.append(f"len({text}) <= {longest} and {code.value('matches', search)}({text})")
    return tests or ["True"]


def _calm(code: Code, slot: ValueSlot, parts: list[str | TextPiece], text: str) -> None:
    """That no rule has anything to say of the text: seen at once of most texts, and asked once for those many rows share."""
    if slot.tests is None:
        raise NotSure
    always = "".join(part if isinstance(part, str) else f"\n{part.around}\n" for part in parts)
    tests = [test for test in slot.tests if not any(word in always for word in test.unless)]
    if tests:
        calm = Calm(slot.is_doubtful)
        known = f"{text} in {code.value('calm', calm)} or {code.value('ask', calm.ask)}({text})"
        seen = _seen(code, slot, tests, parts, text)
        if seen != "True":
            code.leave_unless(f"{seen} or {known}" if seen else known)


def _seen(code: Code, slot: ValueSlot, tests: list[Test], parts: list[str | TextPiece], text: str) -> str:
    """A cheap condition under which none of the tests finds a text doubtful; empty if there is none."""
    if all(test.shape for test in tests):
        return _of_steady_link(slot, parts)
    conditions = []
    always = [part if isinstance(part, str) else part.around for part in parts]
    words, inside = frozenset[str](), frozenset[str]()
    for test in tests:
        if test.only is not None:
            if all(map(test.only.issuperset, always)):
                conditions.append(f"{text}[:1] not in {code.value('only', test.only)}")
        elif test.words is not None:
            words, inside = words | test.words, inside | test.parts
        elif test.quick:
            conditions.append(f"not {code.value('doubtful', test.is_doubtful)}({text})")
        else:
            return ""
    letters = _letters(parts, always)
    if letters is not None:
        words = frozenset(word for word in words if can_be_of(word, letters))
        inside = frozenset(part for part in inside if can_be_of(part, letters))
    if words or inside:
        conditions.append(_without(code, words, inside, text))
    return f"({' and '.join(conditions)})" if conditions else "True"


def _of_steady_link(slot: ValueSlot, parts: list[str | TextPiece]) -> str:
    shape = "".join(part if isinstance(part, str) else MASK for part in parts)
    if _STEADY.fullmatch(shape) and not slot.is_doubtful(shape.replace(MASK, "x")):
        return " and ".join(f"({part.simple})" for part in parts if isinstance(part, TextPiece)) or "True"
    return ""


def _letters(parts: list[str | TextPiece], always: list[str]) -> frozenset[str] | None:
    """All characters that a text can have, in lower case and NFKC; None if they are not known."""
    if all(isinstance(part, str) or part.digits for part in parts) and all(map(is_plain, always)):
        return frozenset("".join(always).lower() + "0123456789,")
    return None


def _without(code: Code, words: frozenset[str], inside: frozenset[str], text: str) -> str:
    """The condition under which a text surely has none of the words and the parts of words."""
    short = sorted(part for part in inside if len(part) < _SHORT and part == part.upper())
    absent = "".join(f" and {constant(part)} not in {text}" for part in short)
    inside -= frozenset(short)
    normal = code.value("normal", is_normalized)
    if not words and not inside:
        return f"({text}.isascii() or {normal}('NFKC', {text})){absent}"
    lower = code.local("lower")
    code.add(f"{lower} = {text}.lower()")
    in_ascii = _absent(code, frozenset(filter(str.isascii, words)), frozenset(filter(str.isascii, inside)), lower)
    # As `pnpc.compile.fast.word_search.is_plain`, without a call.
    plain = f"{normal}('NFKC', {text}) and {lower} == {text}.casefold() and {_absent(code, words, inside, lower)}"
    return f"({in_ascii} if {text}.isascii() else {plain}){absent}"


def _absent(code: Code, words: frozenset[str], inside: frozenset[str], lower: str) -> str:
    rough, search = code.value("rough", rough_searcher(words | inside)), code.value("search", searcher(words, inside))
    return f"({rough}({lower}) is None or not {search}({lower}))"


def _json(code: Code, parts: list[str | TextPiece], text: str) -> list[str]:
    if all(compact(part) == f'"{part}"' if isinstance(part, str) else part.plain for part in parts):
        return [constant('"'), shown(text), constant('"')]
    made = code.local("json")
    encode, careful = code.value("encode", encode_basestring), code.value("quoted", quoted)
    code.add(f"{made} = {encode}({text}) if {text}.isprintable() else {careful}({text})")
    return [shown(made)]
