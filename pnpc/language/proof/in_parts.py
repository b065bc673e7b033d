"""What the proof knows of a text that is counted in parts of SMS: how an example of it is found, and what makes it fit."""

from pnpc.language.extents.parts import is_gsm7, room_of
from pnpc.language.proof.prove import BoundedPart, UnprovedText
from pnpc.language.proof.witness import Witness
from pnpc.line import sms
from pnpc.line.grammar.units import utf16

_A_PART = 1_000_000  # more than any text has bits
_SEPTET, _UNIT = 7, 16  # bits


def reach(limit: int) -> int:
    """The code points that a value without a bound is given: with any characters they take more than `limit` parts."""
    return sms.gsm7().single + sms.gsm7().several * limit


def size(text: str) -> int:
    """What a search for the longest text compares: parts first, then bits, by which it sees that it comes nearer to the next part."""
    bits = sms.septets(text) * _SEPTET if sms.is_gsm7(text) else utf16(text) * _UNIT
    return sms.parts(text) * _A_PART + bits


def measured(witness: Witness | None) -> Witness | None:
    """A witness that was found by `size`, with the parts of its text."""
    return None if witness is None else witness._replace(length=sms.parts(witness.text))


def room(doubt: UnprovedText, part: BoundedPart, limit: int) -> float:
    """The characters that are left for one part of a text."""
    return room_of([part.extent for part in doubt.parts], doubt.parts.index(part), limit)


def stays_gsm7(doubt: UnprovedText) -> bool:
    """Whether a text has only characters of GSM-7, as long as nothing else is put into it."""
    return all(is_gsm7(part.extent) for part in doubt.parts)
