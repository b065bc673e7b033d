"""How many parts of SMS a text can take, by the bounds of its pieces."""

from collections.abc import Sequence
from math import isfinite

from pnpc.language.extents.extent import Extent
from pnpc.line import sms
from pnpc.line.grammar.units import ASTRAL


def most_parts(pieces: Sequence[Extent]) -> float:
    """The most parts that pieces take together. GSM-7 counts only if no piece can have another character.

    UCS-2 never takes fewer parts than GSM-7 for the same text, so it bounds those texts of which the alphabet is open.
    """
    if all(map(is_gsm7, pieces)):
        uneven = any(_septets(piece) > piece.points for piece in pieces)
        return sms.gsm7().parts(sum(map(_septets, pieces)), uneven=uneven)
    uneven = any(piece.kinds & ASTRAL for piece in pieces)
    return sms.ucs2().parts(sum(piece.units for piece in pieces), uneven=uneven)


def room_of(pieces: Sequence[Extent], but: int, parts: int) -> float:
    """The characters that pieces with a bound leave for piece number `but` where all of them may take `parts` parts: septets
    of GSM-7 if no piece can have another character, else UTF-16 units."""
    others = [piece for index, piece in enumerate(pieces) if index != but and isfinite(piece.units)]
    if all(map(is_gsm7, pieces)):
        return sms.gsm7().room(parts) - sum(map(_septets, others))
    return sms.ucs2().room(parts) - sum(piece.units for piece in others)


def is_gsm7(piece: Extent) -> bool:
    """Whether a piece surely has only characters of GSM-7."""
    if piece.known:
        return all(map(sms.is_gsm7, piece.known))
    return not piece.kinds & sms.NOT_GSM7


def _septets(piece: Extent) -> float:
    if piece.known:
        return max(map(sms.septets, piece.known))
    return piece.points * (2 if piece.kinds & sms.TWO_SEPTETS else 1)
