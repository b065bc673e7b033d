"""The proof of lengths at a glance: the texts of most messages are far below their limits, which a rough bound shows.

What is shown here is proved: every bound is at least that of `pnpc.language.proof`, whose modules are loaded for the rest.
"""

from functools import lru_cache
from typing import Any, NamedTuple

from pnpc.data import read_json
from pnpc.language.expressions.expression import simple_parts
from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.language.variables.declared import RECIPIENT, Declaration, declarations
from pnpc.line.grammar.run import Demand
from pnpc.line.grammar.schema import listed
from pnpc.line.grammar.units import utf16

_EXACT = 10**15  # numbers from here on may be printed with an exponent
_FRACTION = len(repr(-2.2250738585072014e-308))  # the longest that Python writes
_SYMBOLS = len("฿.00")  # what the amount of a country's own money has beside digits, commas and a minus
_ENCODED = 12  # characters that one takes at most behind `urlencode`
_ENCODED_ASCII = 3
_SURELY_TAKEN = 1_000  # a length that `truncate` takes for sure
_DEFAULTS = {"date": "long", "time": "short"}
# The longest text of each format that is all ASCII and never empty.
_FORMATS = {
    "date": len("2024-08-10"), "time": len("14:30:00.000000+09:00"), "date-time": len("2024-08-10T14:30:00.000000000+09:00"),
    "uuid": len("00000000-0000-0000-0000-000000000000"), "uri": float("inf"),
}  # fmt: skip
_SPECIAL = frozenset(".^$*+?{}()|")


class Rough(NamedTuple):
    """At least `least` code points, at most `units` of UTF-16, and at most `encoded` characters behind `urlencode`.

    `kind`: `integer`, `number` or `string`, with the texts' format behind it if they have one.
    """

    kind: str
    least: int
    units: float
    encoded: float


def demands(_notice: Notice) -> list[Demand]:
    """What the grammar demands of the texts that expressions fill in.

    The walk over a message's grammar finds it, and leaves it in the context under this name. None for a message that
    was not walked over.
    """
    return []


def is_proved(notice: Notice, asked: list[Demand], context: Context) -> bool:
    """Whether every text of a message surely satisfies what is asked of it."""
    if notice.expansion is not None:
        return False  # inside a loop a name may be another than the variable's
    declared, country = context.once(notice, declarations), context.country(notice) or "JP"
    for demand in asked:
        schema = demand.schema
        written = _read(demand.text) if schema.get("type") == "string" else None
        if written is None:
            return False
        most, least, uses = written
        for name, attributes, filters in uses:
            found = _use(name, attributes, filters, declared, country)
            if found is None:
                return False
            most += found.units
            least += found.least
        if most > schema.get("maxLength", most) or least < schema.get("minLength", 0):
            return False
    return True


@lru_cache(maxsize=1)
def lengths() -> dict[str, Any]:
    """The stored lengths of what the filters write, by country; see `pnpc.language.proof.lengths`."""
    found: dict[str, Any] = read_json("schemas", "lengths.json")
    return found


@lru_cache(maxsize=2048)
def _read(text: str) -> tuple[float, int, list[tuple[str, str, str]]] | None:
    """The UTF-16 units and the code points that stand in a text as they are, and its expressions; None for an unusual one."""
    parts = simple_parts(text)
    if parts is None:
        return None
    fixed = "".join(parts[::4])
    return utf16(fixed), len(fixed), list(zip(parts[1::4], parts[2::4], parts[3::4], strict=True))


_of_recipient: dict[Any, Rough | None] = {}


def _use(name: str, attributes: str, filters: str, declared: dict[str, Declaration], country: str) -> Rough | None:
    """What an expression can be; None where that takes a closer look. Remembered with its variable."""
    if name == "recipient":
        schema, memory = RECIPIENT["properties"].get(attributes[1:]), _of_recipient
    else:
        declaration = declared.get(name)
        if declaration is None or declaration.memory is None or attributes:
            return None
        schema, memory = declaration.schema, declaration.memory
    key = (attributes, filters, country)
    if key not in memory:
        memory[key] = _worked(schema, filters, country) if schema is not None else None
    found: Rough | None = memory[key]
    return found


def _worked(schema: dict[str, Any], filters: str, country: str) -> Rough | None:
    kind = schema.get("type")
    value = _string(schema) if kind == "string" else _number(schema) if kind in ("integer", "number") else None
    for one in filters.split("|")[1:]:
        if value is None:
            break
        name, _, rest = one.strip().partition("(")
        value = _filtered(value, name.rstrip(), rest.removesuffix(")").strip(), country)
    return value


def _string(schema: dict[str, Any]) -> Rough | None:
    only = listed(schema)
    if only is not None:
        if not only or not all(isinstance(one, str) for one in only):
            return None
        most = max(map(utf16, only))
        return Rough("string", min(map(len, only)), most, most * _ENCODED)
    form, longest = schema.get("format", ""), schema.get("maxLength", float("inf"))
    if form in _FORMATS:
        most = min(longest, _FORMATS[form])
        return Rough(f"string {form}", max(1, schema.get("minLength", 0)), most, most * _ENCODED_ASCII)
    # Nobody has said that it may be empty, and a table has no empty texts.
    found = Rough("string", schema.get("minLength", 0 if form else 1), longest * 2, longest * _ENCODED)
    if "pattern" not in schema:
        return found
    matching = _pattern(schema["pattern"])
    if matching is None:
        return found._replace(least=schema.get("minLength", 0))
    least = max(matching.least, schema.get("minLength", 0))
    return Rough("string", least, min(found.units, matching.units), min(found.encoded, matching.encoded))


def _number(schema: dict[str, Any]) -> Rough | None:
    lo, hi = schema.get("minimum", -_EXACT), schema.get("maximum", _EXACT)
    if not -_EXACT < lo <= hi < _EXACT or "enum" in schema or "const" in schema:
        return None
    if schema["type"] == "number":
        return Rough("number", 1, _FRACTION, _FRACTION * _ENCODED_ASCII)
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
        most = value.units + value.units // 3 + _SYMBOLS  # a comma for three digits
        return Rough("string", 1, most, most * _ENCODED)
    if name in _DEFAULTS and value.kind in (f"string {name}", "string date-time"):
        found = lengths()[country][name].get(given.strip("'\"") or _DEFAULTS[name])
        return Rough("string", found["least"], found["units"], found["encoded"]) if found is not None else None
    return None


def _pattern(pattern: str) -> Rough | None:
    """What matches a row of characters and classes with their counts, from `^` to `$`; None for any other pattern."""
    if len(pattern) < 2 or pattern[0] != "^" or pattern[-1] != "$":
        return None
    body, at, found = pattern[1:-1], 0, Rough("string", 0, 0, 0)
    while at < len(body):
        one = body[at]
        if one == "[":
            end = body.find("]", at + 2)
            one = body[at + 1 : max(end, 0)]
            if not one or one[0] in "^:" or "\\" in one or "[" in one:
                return None
            at = end
        elif one in _SPECIAL or one == "\\":
            return None
        at += 1
        least = most = 1
        if body[at : at + 1] == "?":
            least, at = 0, at + 1
        elif body[at : at + 1] == "{":
            end = body.find("}", at)
            first, comma, last = body[at + 1 : max(end, 0)].partition(",")
            last = last if comma else first
            if not (first + last).isascii() or not first.isdecimal() or not last.isdecimal():
                return None
            least, most, at = int(first), int(last), end + 1
        wide = 2 if max(one) > "\uffff" else 1
        found = Rough("string", found.least + least, found.units + most * wide, found.encoded + most * _cost(one))
    return found


def _cost(members: str) -> int:
    """What a character takes at most behind `urlencode`: one of a class, or one that is written."""
    if not members.isascii():
        return _ENCODED
    if len(members) == 1:
        return 1 if members.isalnum() or members in "-_~" else _ENCODED_ASCII
    # A hyphen is one only at the end: elsewhere it may make a range.
    rest = members.removesuffix("-").replace("A-Z", "").replace("a-z", "").replace("0-9", "")
    return 1 if rest in ("", "_") else _ENCODED_ASCII
