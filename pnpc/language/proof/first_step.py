"""The proof's first step: a rough bound, which is enough for most messages, whose texts are far below their limits.

Every bound here is at least that of the proof (`tests/test_first_step.py` holds them against each other), so what this step
proves is proved. It goes by the tables of the proof: what a character takes (`pnpc.line.grammar.units`), what filters write
(`pnpc.language.expressions.expression`, `schemas/lengths.json`), the formats (`pnpc.language.variables.formats`).

Why there is a first step at all: `pnpc check` of a clean file loads this module and no other of the proof.
Measured on 2026-11-28, in instructions of a cold start with one spec (306 M without any proof): this step takes 2.6 M; the
whole proof takes 29 M, of which 24 M load its modules and 5 M run. Joined into one module it would still take 22 M to load.
"""

from functools import lru_cache
from typing import Any, NamedTuple

from pnpc.data import read_json
from pnpc.language.expressions.expression import DEFAULT_FORMATS, EXPONENTS_FROM, GROUP, LONGEST_FLOAT, simple_parts
from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.language.variables.declared import RECIPIENT, Declaration, declarations
from pnpc.line.grammar.run import Demand
from pnpc.line.grammar.schema import Schema, listed
from pnpc.line.grammar.units import ANY, IN_PARTS, LATIN, MARK, WORD, encoded_of, kind_of, kinds_of, units_of, utf16

INFINITE = float("inf")
_ASCII = LATIN - 1  # the kinds of all ASCII characters
# The most that a character of any text, and of an ASCII text, takes behind `urlencode`.
_ENCODED, _ENCODED_ASCII = encoded_of(ANY), encoded_of(_ASCII)
_SURELY_TAKEN = 1_000  # a length that `truncate` surely takes: the longest text of a message has more
# Formats whose texts are all ASCII and never empty.
_FORMATS = frozenset(("date", "time", "date-time", "uuid", "uri"))
_SPECIAL = frozenset(".^$*+?{}()|\\")


class Rough(NamedTuple):
    """At least `least` code points, at most `units` of UTF-16, and at most `encoded` characters behind `urlencode`.

    `kind`: `integer`, `number` or `string`, with the texts' format behind it if they have one.
    """

    kind: str
    least: int
    units: float
    encoded: float


def is_proved(notice: Notice, asked: list[Demand], context: Context) -> bool:
    """Whether every text of a message surely satisfies what is asked of it; False where the proof has to look."""
    if notice.expansion is not None:
        return False  # inside a loop a name may not mean the variable of this name
    declared, country = context.once(notice, declarations), context.country(notice) or "JP"
    for demand in asked:
        schema = demand.schema
        written = _read(demand.text) if schema.get("type") == "string" else None
        if written is None:
            return False
        most, least, uses = written
        for name, attributes, filters in uses:
            bound = _bound_of(name, attributes, filters, declared, country)
            if bound is None:
                return False
            most += bound.units
            least += bound.least
        if least < schema.get("minLength", 0) or (
            most > schema.get("maxLength", most) and not _fits_in_parts(most, schema)
        ):
            return False
    return True


def most_units(notice: Notice, text: str, context: Context) -> float:
    """The most UTF-16 units that a text outside of all loops surely has; infinite where that takes the proof."""
    declared, country = context.once(notice, declarations), context.country(notice) or "JP"
    most, _, uses = _read(text) or (INFINITE, 0, [])
    bounds = [_bound_of(name, attributes, filters, declared, country) for name, attributes, filters in uses]
    return most + sum(INFINITE if bound is None else bound.units for bound in bounds)


def _fits_in_parts(units: float, schema: Schema) -> bool:
    """Whether a text with this number of UTF-16 units is counted in parts of SMS, and surely takes no more than it may."""
    if schema.get("x-count") != IN_PARTS:
        return False
    from pnpc.line.sms import parts_of_units  # few specs have a text for SMS

    return parts_of_units(units) <= float(schema["maxLength"])


@lru_cache(maxsize=1)
def stored() -> dict[str, Any]:
    """The stored lengths of what the filters write, by country; `tools/lengths.py` measures them and says what each is."""
    lengths: dict[str, Any] = read_json("schemas", "lengths.json")
    return lengths


def grouped(digits: int) -> int:
    """The characters that digits take behind a first one, their commas among them: `1,000` has three more than `1`, and one comma."""
    return digits + digits // GROUP


@lru_cache(maxsize=2048)
def _read(text: str) -> tuple[float, int, list[tuple[str, str, str]]] | None:
    """The UTF-16 units and the code points that stand in a text as they are, and its expressions; None for an unusual one."""
    parts = simple_parts(text)
    if parts is None:
        return None
    fixed = "".join(parts[::4])
    return utf16(fixed), len(fixed), list(zip(parts[1::4], parts[2::4], parts[3::4], strict=True))


_of_recipient: dict[Any, Rough | None] = {}


def _bound_of(name: str, attributes: str, filters: str, declared: dict[str, Declaration], country: str) -> Rough | None:
    """What an expression can be; None where that takes the proof. Remembered with its variable."""
    if name == "recipient":
        schema, memory = RECIPIENT["properties"].get(attributes[1:]), _of_recipient
    else:
        declaration = declared.get(name)
        if declaration is None or declaration.memory is None or attributes:
            return None
        schema, memory = declaration.schema, declaration.memory
    key = (attributes, filters, country)
    if key not in memory:
        memory[key] = rough_bound(schema, filters, country) if schema is not None else None
    bound: Rough | None = memory[key]
    return bound


def rough_bound(schema: dict[str, Any], filters: str, country: str) -> Rough | None:
    """What the values of a declaration can be behind filters, as they are written: `| truncate(5) | urlencode`.

    None where that takes the proof.
    """
    kind = schema.get("type")
    value = _string(schema) if kind == "string" else _number(schema) if kind in ("integer", "number") else None
    for call in filters.split("|")[1:]:
        if value is None:
            break
        name, _, rest = call.strip().partition("(")
        value = _filtered(value, name.rstrip(), rest.removesuffix(")").strip(), country)
    return value


def _string(schema: dict[str, Any]) -> Rough | None:
    only = listed(schema)
    if only is not None:
        if not only or not all(isinstance(text, str) for text in only):
            return None
        most = max(map(utf16, only))
        return Rough("string", min(map(len, only)), most, most * _ENCODED)
    form, longest = schema.get("format", ""), schema.get("maxLength", INFINITE)
    if form in _FORMATS:
        from pnpc.language.variables.formats import LONGEST  # only a variable with a format needs it

        most = min(longest, len(LONGEST[form][1]) or INFINITE)
        return Rough(f"string {form}", max(1, schema.get("minLength", 0)), most, most * _ENCODED_ASCII)
    # Where nothing says that it may be empty it is not: a table has no empty texts.
    free = Rough("string", schema.get("minLength", 0 if form else 1), longest * units_of(ANY), longest * _ENCODED)
    if "pattern" not in schema:
        return free
    matching = _pattern(schema["pattern"])
    if matching is None:
        return free._replace(least=schema.get("minLength", 0))
    least = max(matching.least, schema.get("minLength", 0))
    return Rough("string", least, min(free.units, matching.units), min(free.encoded, matching.encoded))


def _number(schema: dict[str, Any]) -> Rough | None:
    lo, hi = schema.get("minimum", -EXPONENTS_FROM), schema.get("maximum", EXPONENTS_FROM)
    if not -EXPONENTS_FROM < lo <= hi < EXPONENTS_FROM or "enum" in schema or "const" in schema:
        return None
    if schema["type"] == "number":
        return Rough("number", 1, LONGEST_FLOAT, LONGEST_FLOAT * _ENCODED_ASCII)
    most = max(len(str(int(lo))), len(str(int(hi))))
    return Rough("integer", 1, most, most)


def _filtered(value: Rough, name: str, given: str, country: str) -> Rough | None:
    """What a filter makes of a value; `given` is what stands in its parentheses."""
    if name == "urlencode" and not given:
        return Rough("string", value.least, value.encoded, value.encoded * _ENCODED_ASCII)
    if name == "truncate" and given.isdecimal() and 0 < int(given) <= _SURELY_TAKEN:
        length = int(given)
        if value.units <= length:
            return value._replace(kind="string")
        return Rough("string", min(value.least, 1), length, length * _ENCODED)
    if name in ("number", "currency") and value.kind == "integer" and not given:
        zero = stored()[country]["currency"] if name == "currency" else stored()[country]["number"]["whole"]
        most = len(zero) + grouped(int(value.units) - 1)  # a minus counts as a digit
        return Rough("string", 1, most, most * _ENCODED)
    if name in DEFAULT_FORMATS and value.kind in (f"string {name}", "string date-time"):
        lengths = stored()[country][name].get(given.strip("'\"") or DEFAULT_FORMATS[name])
        return Rough("string", lengths["least"], lengths["units"], lengths["encoded"]) if lengths is not None else None
    return None


def _pattern(pattern: str) -> Rough | None:
    """What matches a row of characters and classes with their counts, from `^` to `$`; None for any other pattern."""
    if len(pattern) < 2 or pattern[0] != "^" or pattern[-1] != "$":
        return None
    body, at, whole = pattern[1:-1], 0, Rough("string", 0, 0, 0)
    while at < len(body):
        members = body[at]
        if members == "[":
            end = body.find("]", at + 2)
            members = body[at + 1 : max(end, 0)]
            if not members or members[0] in "^:" or "\\" in members or "[" in members:
                return None
            at = end
        elif members in _SPECIAL:
            return None
        counts = _counts(body, at + 1)
        if counts is None:
            return None
        least, most, at = counts
        kinds = _kinds(members)
        units, encoded = whole.units + most * units_of(kinds), whole.encoded + most * encoded_of(kinds)
        whole = Rough("string", whole.least + least, units, encoded)
    return whole


def _counts(body: str, at: int) -> tuple[int, int, int] | None:
    """How often a character is repeated, at least and at most, and where the count ends; None for one without an end."""
    if body[at : at + 1] == "?":
        return 0, 1, at + 1
    if body[at : at + 1] != "{":
        return 1, 1, at
    end = body.find("}", at)
    first, comma, last = body[at + 1 : max(end, 0)].partition(",")
    last = last if comma else first
    if not (first + last).isascii() or not first.isdecimal() or not last.isdecimal():
        return None
    return int(first), int(last), end + 1


@lru_cache(maxsize=256)
def _kinds(members: str) -> int:
    """The kinds of the characters of a class, or of one that is written; more than there are for a range of others than letters."""
    if len(members) == 1:
        return kind_of(ord(members))
    # A hyphen is one only at the end: elsewhere it may make a range.
    rest = members.removesuffix("-")
    hyphen = MARK if rest != members else 0
    rest = rest.replace("A-Z", "").replace("a-z", "").replace("0-9", "")
    if "-" in rest:
        last = kind_of(ord(max(rest)))
        return _ASCII if last & _ASCII else (last << 1) - 1
    return WORD | hyphen | kinds_of(rest)
