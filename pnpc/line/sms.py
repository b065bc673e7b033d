"""A text as SMS: its alphabet, and how many parts it takes. The numbers are in `schemas/sms.json`, with their source."""

from functools import cache
from math import ceil, isinf
from typing import Any, NamedTuple

from pnpc.data import read_json
from pnpc.line.grammar.schema import Schema, load
from pnpc.line.grammar.units import ASTRAL, BRACKET, CONTROL, LATIN, TICK, TILDE, WIDE, utf16
from pnpc.text.document import Node, Scalar

NOT_GSM7 = TICK | CONTROL | LATIN | WIDE | ASTRAL
"""Kinds of characters of which some are not in GSM-7."""
TWO_SEPTETS = TILDE | BRACKET
"""Kinds of characters that are in the extension table of GSM-7."""
_TWO_UNITS = "\uffff"  # a character above this one takes two UTF-16 units


class PartSize(NamedTuple):
    """What a part holds: a `single` one, and each of `several`. Septets for GSM-7, UTF-16 units for UCS-2."""

    single: int
    several: int

    def room(self, parts: int) -> int:
        """The size of a text that surely fits into `parts` parts: each but the last may lose one place, because no character is cut in two."""
        return self.single if parts == 1 else parts * self.several - (parts - 1)

    def parts(self, size: float, *, uneven: bool) -> float:
        """The parts that a text of a size takes at most; exactly these if no character takes two places (not `uneven`)."""
        if size <= self.single or isinf(size):
            return 1 if size <= self.single else size
        return max(2, ceil((size - 1) / (self.several - 1))) if uneven else ceil(size / self.several)


class Alphabet(NamedTuple):
    """GSM-7: its characters, and those of them that take two septets."""

    characters: frozenset[str]
    extension: frozenset[str]


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = read_json("schemas", "sms.json")
    return data


@cache
def alphabet() -> Alphabet:
    """The default alphabet with its extension table."""
    known = _data()["gsm7"]
    return Alphabet(frozenset(known["alphabet"] + known["extension"]), frozenset(known["extension"]))


@cache
def gsm7() -> PartSize:
    """The septets of a part."""
    return PartSize(_data()["gsm7"]["one"], _data()["gsm7"]["several"])


@cache
def ucs2() -> PartSize:
    """The UTF-16 units of a part."""
    return PartSize(_data()["ucs2"]["one"], _data()["ucs2"]["several"])


def instead(character: str) -> str:
    """What GSM-7 has in place of a character; empty if pnpc knows nothing."""
    known: str = _data()["instead"]["characters"].get(character, "")
    return known


def is_single(text: str) -> bool:
    """Whether a text is one part in every alphabet; for a short text with emoji the answer may be no."""
    return len(text) <= ucs2().single and (text.isascii() or max(text) <= _TWO_UNITS)


def is_gsm7(text: str) -> bool:
    """Whether a text can be sent in GSM-7."""
    return alphabet().characters.issuperset(text)


def septets(text: str) -> int:
    """The size of a text in GSM-7; a character that GSM-7 does not have counts as one."""
    return len(text) + sum(map(text.count, alphabet().extension))


def parts(text: str) -> int:
    """The parts of a text; one for an empty text."""
    if is_single(text):
        return 1
    if is_gsm7(text):
        return _cut(text, septets(text), gsm7(), alphabet().extension)
    wide = frozenset(character for character in text if character > _TWO_UNITS)
    return _cut(text, utf16(text), ucs2(), wide)


def schema() -> Schema:
    """What the grammar asks of a fallback."""
    return load("fallback")


def parts_allowed(written: Node | None) -> int:
    """The parts that a spec allows its text; the default where none are written, or what is written is no such number."""
    known: Schema = schema()["properties"]["parts"]
    digits = written.value if isinstance(written, Scalar) and not written.style else ""
    is_number = digits.isascii() and digits.isdecimal() and len(digits) <= len(str(most_parts()))
    return int(digits) if is_number and int(digits) else int(known["default"])


def most_parts() -> int:
    """The most parts that a spec may allow its text."""
    most: int = schema()["properties"]["parts"]["maximum"]
    return most


def parts_of_units(units: float) -> float:
    """The parts that a text of a length in UTF-16 units takes at most, whatever its characters: UCS-2 takes no fewer than GSM-7."""
    return ucs2().parts(units, uneven=True)


def _cut(text: str, size: int, part: PartSize, double: frozenset[str]) -> int:
    """The parts of a text of a size, in which the characters of `double` take two places and are not cut in two."""
    if size <= part.single or size == len(text):
        return int(part.parts(size, uneven=False))
    count, used = 1, 0
    for character in text:
        places = 1 + (character in double)
        if used + places > part.several:
            count, used = count + 1, 0
        used += places
    return count
