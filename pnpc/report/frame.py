"""One line of a source as a terminal shows it, and the cells under which the carets stand."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from pnpc.report.clean import visible
from pnpc.text.width import cells, graphemes

WIDTH = 120  # cells; a longer line is cut to a window round the span
TAB = 4
# How many characters to either side of a span's start are looked at: a line may hold a whole file of JSON.
_REACH = 600


class Row(NamedTuple):
    """A line's text as shown, how many cells stand before the span, and how many it takes (at least one)."""

    text: str
    before: int
    under: int


class _Unit(NamedTuple):
    """What a reader sees as one character: its text, the cells from `start` to `end`, the characters it stands for."""

    text: str
    start: int
    end: int
    first: int
    past: int


def lay(line: str, start: int, end: int) -> Row:
    """Lay out a line (without its line break); `start` and `end` count its characters from 0."""
    start = min(start, len(line))
    skipped = max(0, start - _REACH)
    part = line[skipped : start + _REACH]
    units = list(_units(part))
    total = units[-1].end if units else 0
    first = next((unit.start for unit in units if unit.past > start - skipped), total)
    # The end of a span inside a cluster takes the whole cluster.
    last = max((unit.end for unit in units if unit.first < end - skipped), default=first)
    ends_cut = (skipped > 0, skipped + len(part) < len(line))
    if total <= WIDTH and ends_cut == (False, False):
        return Row("".join(unit.text for unit in units), first, max(1, last - first))
    return _window(units, first, max(last, first + 1), total, ends_cut)


def _units(line: str) -> Iterator[_Unit]:
    clusters: Iterable[str] = line
    measure: Callable[[str], int] = len
    if not line.isascii():
        clusters, measure = graphemes(line), cells
    cell = character = 0
    for cluster in clusters:
        text = " " * (TAB - cell % TAB) if cluster == "\t" else visible(cluster)
        width = max(0, measure(text))
        yield _Unit(text, cell, cell + width, character, character + len(cluster))
        cell += width
        character += len(cluster)


def _window(units: list[_Unit], first: int, last: int, total: int, ends_cut: tuple[bool, bool]) -> Row:
    """Cut a line to WIDTH cells, the ellipses included; the span in the middle if it must be."""
    room = WIDTH - 2
    left = 0
    if ends_cut[0] or last > room:
        left = max(0, min(first - max(0, room - (last - first)) // 2, total - room))
    kept = [unit for unit in units if unit.start >= left and unit.end <= left + room]
    before = "…" if ends_cut[0] or kept[0].first > 0 else ""
    after = "…" if ends_cut[1] or kept[-1].end < total else ""
    text = before + "".join(unit.text for unit in kept) + after
    stop = min(last, max(kept[-1].end, first + 1))
    return Row(text, first - kept[0].start + len(before), stop - first)
