"""How long a text can be that matches a pattern, and which kinds of characters it holds.

A pattern is read by Python's own parser, which also judges the texts (`pnpc.line.grammar.patterns`); it is searched for in
a text, so only one that begins with `^` and ends with `$` bounds the whole text. Every bound here is safe: a part that is
not understood may match any text.
"""

import re._parser as reading  # type: ignore[import-not-found]  # the only parser that means what the engine means
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from re import ASCII, IGNORECASE, MULTILINE
from typing import Any, NamedTuple

from pnpc.language.extents.extent import INFINITE
from pnpc.line.grammar.patterns import exact, quietly
from pnpc.line.grammar.units import (
    ANY,
    ASTRAL,
    BLANK,
    CONTROL,
    LATIN,
    VISIBLE,
    WIDE,
    WORD,
    encoded_of,
    kind_of,
    units_of,
)

# Signs that the `regex` library, which judges long texts and slow patterns, reads in another way than Python's engine.
_OTHERWISE = ("[:", "{e", "{i", "{d", "{s")
_STARTS = ("AT_BEGINNING", "AT_BEGINNING_STRING")
_ZERO_WIDTH = ("AT", "ASSERT", "ASSERT_NOT")
_CATEGORIES = {
    "CATEGORY_DIGIT": WORD | LATIN | WIDE | ASTRAL,  # every script's digits
    "CATEGORY_WORD": WORD | LATIN | WIDE | ASTRAL,
    "CATEGORY_SPACE": BLANK | CONTROL | LATIN | WIDE,
}
_IN_ASCII = {"CATEGORY_DIGIT": WORD, "CATEGORY_WORD": WORD, "CATEGORY_SPACE": BLANK | CONTROL}
_EDGES = (0x80, 0x800, 0x10000, 0x110000)


class Shape(NamedTuple):
    """What matches: from `least` to `most` code points, at most `units` of UTF-16 and `encoded` behind `urlencode`."""

    least: int
    most: float
    units: float
    encoded: float
    kinds: int


class Parsed(NamedTuple):
    """A pattern's parts as Python reads them, and its flags."""

    parts: Any
    flags: int


EMPTY = Shape(0, 0, 0, 0, 0)
ANYTHING = Shape(0, INFINITE, INFINITE, INFINITE, ANY)


@lru_cache(maxsize=1024)
def shape_of(pattern: str) -> Shape:
    """The shape of all texts that a pattern accepts; ANYTHING where it does not bound them. Never raises."""
    read = parsed(pattern)
    try:
        return _shape(read) if read is not None else ANYTHING
    except RecursionError:  # the pattern is too deep for what is left of the stack
        return ANYTHING


def _shape(pattern: Parsed) -> Shape:
    shape = _sequence(pattern.parts, pattern.flags, {})
    if pattern.flags & MULTILINE or not (begins(pattern.parts) and ends(pattern.parts)):
        return ANYTHING._replace(least=shape.least)  # the match may stand anywhere in the text
    for ahead in _looks_ahead(pattern.parts):
        limit = _sequence(ahead, pattern.flags, {})
        sizes = [min(pair) for pair in zip(shape[1:4], limit[1:4], strict=True)]
        shape = Shape(shape.least, sizes[0], sizes[1], sizes[2], shape.kinds)
    return shape


def parsed(pattern: str) -> Parsed | None:
    """A pattern as Python reads it; None for one that the two engines may read differently, or that is not a pattern."""
    if any(sign in pattern for sign in _OTHERWISE):
        return None
    try:
        parts = quietly(reading.parse, exact(pattern))
        flags = parts.state.flags
        for name, value in _all(parts):
            if name == "SUBPATTERN":
                flags |= value[1]
    except (reading.error, RecursionError, OverflowError):
        return None
    return Parsed(parts, flags)


def _all(parts: Any) -> Iterable[tuple[str, Any]]:
    for op, value in parts:
        yield str(op), value
        for below in subparts(str(op), value):
            yield from _all(below)


def subparts(name: str, value: Any) -> list[Any]:
    """The parts inside a part."""
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return [value[2]]
    if name == "BRANCH":
        return list(value[1])
    if name == "SUBPATTERN":
        return [value[3]]
    if name == "ATOMIC_GROUP":
        return [value]
    if name in ("ASSERT", "ASSERT_NOT"):
        return [value[1]]
    return [branch for branch in value[1:] if branch is not None] if name == "GROUPREF_EXISTS" else []


def begins(parts: Any) -> bool:
    """Whether a match can only begin where the text does."""
    for op, value in parts:
        name = str(op)
        if name == "AT":
            return str(value) in _STARTS
        if name in ("ASSERT", "ASSERT_NOT"):
            continue
        return name in ("SUBPATTERN", "BRANCH", "ATOMIC_GROUP") and all(begins(part) for part in subparts(name, value))
    return False


def ends(parts: Any) -> bool:
    """Whether a match can only end where the text does."""
    for op, value in reversed(list(parts)):
        name = str(op)
        if name == "AT":
            return str(value) == "AT_END_STRING"
        if name in ("ASSERT", "ASSERT_NOT"):
            continue
        return name in ("SUBPATTERN", "BRANCH", "ATOMIC_GROUP") and all(ends(part) for part in subparts(name, value))
    return False


def _looks_ahead(parts: Any) -> Iterable[Any]:
    """Lookaheads over the whole text that stand before everything else: `(?=.{1,20}$)`."""
    for op, value in parts:
        if str(op) == "ASSERT" and value[0] == 1 and ends(value[1]):
            yield value[1]
        elif str(op) not in _ZERO_WIDTH:
            return


def _sequence(parts: Any, flags: int, groups: dict[int, Shape]) -> Shape:
    whole = EMPTY
    for op, value in parts:
        shape = _part(str(op), value, flags, groups)
        whole = Shape(
            whole.least + shape.least, whole.most + shape.most, whole.units + shape.units, whole.encoded + shape.encoded,
            whole.kinds | shape.kinds,
        )  # fmt: skip
    return whole


def _part(name: str, value: Any, flags: int, groups: dict[int, Shape]) -> Shape:
    if name in ("LITERAL", "NOT_LITERAL", "ANY", "IN"):
        kinds = kinds_in(name, value, flags)
        return Shape(1, 1, units_of(kinds), encoded_of(kinds), kinds)
    if name in _ZERO_WIDTH:
        return EMPTY
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return _repeated(value[0], value[1], _sequence(value[2], flags, groups))
    if name == "SUBPATTERN":
        shape = _sequence(value[3], flags, groups)
        if value[0] is not None:
            groups[value[0]] = shape
        return shape
    if name == "ATOMIC_GROUP":
        return _sequence(value, flags, groups)
    if name == "BRANCH":
        return _either([_sequence(branch, flags, groups) for branch in value[1]])
    if name == "GROUPREF":
        return _either([groups.get(value, ANYTHING), ANYTHING if flags & IGNORECASE else EMPTY])
    if name == "GROUPREF_EXISTS":
        return _either([_sequence(branch, flags, groups) if branch is not None else EMPTY for branch in value[1:]])
    return ANYTHING


def _repeated(least: int, most: int, shape: Shape) -> Shape:
    times = INFINITE if most == reading.MAXREPEAT else most
    sizes = [size * times if size and times else 0 for size in shape[1:4]]
    return Shape(shape.least * least, sizes[0], sizes[1], sizes[2], shape.kinds)


def _either(shapes: list[Shape]) -> Shape:
    kinds = 0
    for shape in shapes:
        kinds |= shape.kinds
    sizes = [max(shape[index] for shape in shapes) for index in (1, 2, 3)]
    return Shape(min(shape.least for shape in shapes), sizes[0], sizes[1], sizes[2], kinds)


def kinds_in(name: str, value: Any, flags: int) -> int:
    """The kinds of the characters that one part matches."""
    if name == "LITERAL":
        kinds = kind_of(value)
    elif name == "IN" and str(value[0][0]) != "NEGATE":
        kinds = 0
        for op, member in value:
            kinds |= _member(str(op), member, flags)
    else:
        return ANY
    if flags & IGNORECASE:
        # Case folding: K matches the Kelvin sign, s the long s; of other scripts any letter may have a partner.
        return kinds | LATIN | WIDE if not kinds & ~(VISIBLE | BLANK) else ANY
    return kinds


def _member(name: str, value: Any, flags: int) -> int:
    if name == "LITERAL":
        return kind_of(value)
    if name == "CATEGORY":
        return (_IN_ASCII if flags & ASCII else _CATEGORIES).get(str(value), ANY)
    if name != "RANGE":
        return ANY
    first, last = value
    kinds = 0
    for code in range(first, min(last, 0x7F) + 1):
        kinds |= kind_of(code)
    for start, end in pairwise(_EDGES):
        if first < end and last >= start:
            kinds |= kind_of(start)
    return kinds
