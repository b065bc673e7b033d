"""Bounds of a text: its least and greatest length in each unit that something counts, and the kinds of its characters."""

from collections.abc import Iterable
from typing import NamedTuple

from pnpc.line.grammar.units import (
    COSTS,
    ENCODED,
    SIGN,
    UNRESERVED,
    WORD,
    encoded_of,
    graphemes,
    kind_of,
    kinds_of,
    units_of,
    utf16,
)

INFINITE = float("inf")

MOST_KNOWN = 256  # texts that are measured one by one; of more, only their bounds are kept


class Extent(NamedTuple):
    """The bounds of a text: at least `least` code points, at most `points`; at most `units` (UTF-16) and `clusters`
    (graphemes), and at most `encoded` characters behind `urlencode`.

    `kinds` has the bit of every kind of character that may be in it. `known` are all the texts that it can be, where
    these are few; empty where they are not. `blank`: it may be empty though `least` is 1: its declaration does not say, and a
    table has no empty texts.
    """

    least: int
    points: float
    units: float
    clusters: float
    encoded: float
    kinds: int
    known: tuple[str, ...] = ()
    blank: bool = False


# The units that LINE counts in, as the places of their bounds in an Extent.
POINTS, UTF16, CLUSTERS = 1, 2, 3


def size(text: Extent, unit: int) -> float:
    """The greatest length of a text in a unit."""
    return (text.points, text.units, text.clusters)[unit - 1]


def fixed(text: str) -> Extent:
    """The extent of a text that is what it is; its clusters are not yet counted, which `clustered` does."""
    size = len(text)
    kinds = kinds_of(text)
    encoded = size if not kinds & ~UNRESERVED else sum(ENCODED[kind_of(ord(character))] for character in text)
    return Extent(size, size, utf16(text), size, encoded, kinds, (text,))


def clustered(text: Extent) -> Extent:
    """An extent with the clusters of its known texts counted: that takes a library, and is done only for a text that seems too long."""
    return text._replace(clusters=max(map(graphemes, text.known))) if text.known else text


def any_of(texts: Iterable[str]) -> Extent:
    """The extent of a text that is one of these; there is at least one."""
    extent = None
    for text in texts:
        extent = fixed(text) if extent is None else either(extent, fixed(text))
    assert extent is not None
    return extent


def made_of(kinds: int, least: int, most: float) -> Extent:
    """The extent of `least` to `most` characters (code points) of these kinds."""
    if most <= 0:
        return fixed("")
    return Extent(least, most, most * units_of(kinds), most, most * encoded_of(kinds), kinds)


def can_be_empty(text: Extent) -> bool:
    """Whether the text may be empty."""
    return text.least == 0 or text.blank


def either(left: Extent, other: Extent) -> Extent:
    """The extent of a text that is one or the other."""
    known = tuple(dict.fromkeys(left.known + other.known)) if left.known and other.known else ()
    return Extent(
        min(left.least, other.least), max(left.points, other.points), max(left.units, other.units),
        max(left.clusters, other.clusters), max(left.encoded, other.encoded), left.kinds | other.kinds,
        known if len(known) <= MOST_KNOWN else (), left.blank or other.blank,
    )  # fmt: skip


def joined(left: Extent, other: Extent) -> Extent:
    """The extent of one text followed by another. Clusters may melt together where they meet, they never split."""
    known: tuple[str, ...] = ()
    if left.known and other.known and len(left.known) * len(other.known) <= MOST_KNOWN:
        known = tuple(dict.fromkeys(a + b for a in left.known for b in other.known))
    return Extent(
        left.least + other.least, left.points + other.points, left.units + other.units, left.clusters + other.clusters,
        left.encoded + other.encoded, left.kinds | other.kinds, known, can_be_empty(left) and can_be_empty(other),
    )  # fmt: skip


def truncated(text: Extent, length: int, end: str) -> Extent:
    """The extent behind `truncate(length, end)`, which counts UTF-16 units."""
    if text.units <= length:
        return text
    tail = fixed(end)
    kinds = text.kinds | tail.kinds
    a_unit = max(size / units for bit, units, size in COSTS if bit & kinds)
    encoded = min(text.encoded + tail.encoded, length * a_unit)
    # The longest start that fits is kept: in the worst case each character takes two units.
    least = min(text.least, (length - int(tail.units)) // 2 + tail.least)
    clusters = min(text.clusters + tail.clusters, length)
    return Extent(least, min(text.points, length), length, clusters, encoded, kinds, (), text.blank)


def urlencoded(text: Extent) -> Extent:
    """The extent behind `urlencode`: ASCII letters, digits and a few marks."""
    if text.known:
        from urllib.parse import quote  # most texts in links are not known one by one

        return any_of(quote(known, safe="", errors="replace") for known in text.known)
    kinds = (text.kinds & UNRESERVED) | (WORD | SIGN if text.kinds & ~UNRESERVED else 0)
    size = text.encoded
    return Extent(text.least, size, size, size, size * encoded_of(kinds), kinds, (), text.blank)


def part_of(text: Extent, most: float) -> Extent:
    """The extent of a piece of a text with at most `most` code points, cut out anywhere."""
    points = min(text.points, most)
    # A piece may begin inside a grapheme, and then have more graphemes than the whole: code points bound them.
    return Extent(0, points, min(text.units, points * units_of(text.kinds)), points,
                  min(text.encoded, points * encoded_of(text.kinds)), text.kinds)  # fmt: skip
