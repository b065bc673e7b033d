"""One line of a source as a terminal shows it, and the cells under which the carets stand."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from pnpc.report.clean import visible
from pnpc.text.width import cells, graphemes

WIDTH = 120  # cells; a longer line is cut to a window round the span
_ROOM = WIDTH - 2  # for the ellipses
TAB = 4  # columns that a tab takes in a frame
# How many characters to either side of a span's start are looked at: a line may hold a whole file of JSON.
_REACH = 600


class ShownLine(NamedTuple):
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


def lay(line: str, start: int, end: int) -> ShownLine:
    """Lay out a line (without its line break); `start` and `end` count its characters from 0."""
    start = min(start, len(line))
    skipped = max(0, start - _REACH)
    part = line[skipped : start + _REACH]
    if part.isascii() and part.isprintable():
        ends_cut = (skipped > 0, skipped + len(part) < len(line))
        return _plain(part, start - skipped, min(end - skipped, len(part)), ends_cut)
    units = list(_needed(_units(part), start - skipped))
    ends_cut = (skipped > 0, bool(units) and skipped + units[-1].past < len(line))
    total = units[-1].end if units else 0
    first = next((unit.start for unit in units if unit.past > start - skipped), total)
    # The end of a span inside a cluster takes the whole cluster.
    last = max((unit.end for unit in units if unit.first < end - skipped), default=first)
    if total <= WIDTH and ends_cut == (False, False):
        return ShownLine("".join(unit.text for unit in units), first, max(1, last - first))
    return _window(units, first, max(last, first + 1), total, ends_cut)


def _needed(units: Iterable[_Unit], start: int) -> Iterator[_Unit]:
    """The units that a window round a span can show, which starts at this character of them."""
    cells_before = 0
    for unit in units:
        yield unit
        if unit.first <= start:
            cells_before = unit.start
        elif unit.start - cells_before > 2 * WIDTH:
            return


def _plain(part: str, first: int, last: int, ends_cut: tuple[bool, bool]) -> ShownLine:
    """A line in which each character is one cell, and is shown as it is: no need to look at each."""
    if len(part) <= WIDTH and ends_cut == (False, False):
        return ShownLine(part, first, max(1, last - first))
    last = max(last, first + 1)
    left = _left(first, last, len(part), ends_cut)
    past = min(left + _ROOM, len(part))
    before = "…" if ends_cut[0] or left > 0 else ""
    after = "…" if ends_cut[1] or past < len(part) else ""
    return ShownLine(
        f"{before}{part[left:past]}{after}", first - left + len(before), min(last, max(past, first + 1)) - first
    )


def _left(first: int, last: int, total: int, ends_cut: tuple[bool, bool]) -> int:
    """The first cell of a window on a line that is too long: the span in the middle if it must be."""
    if not ends_cut[0] and last <= _ROOM:
        return 0
    return max(0, min(first - max(0, _ROOM - (last - first)) // 2, total - _ROOM))


def _units(line: str) -> Iterator[_Unit]:
    clusters: Iterable[str] = line if line.isascii() else graphemes(line)
    cell = character = 0
    for cluster in clusters:
        text, width = (" " * (TAB - cell % TAB), TAB - cell % TAB) if cluster == "\t" else _shown(cluster)
        yield _Unit(text, cell, cell + width, character, character + len(cluster))
        cell += width
        character += len(cluster)


@lru_cache(maxsize=1024)
def _shown(cluster: str) -> tuple[str, int]:
    """A cluster as shown, and the cells that it takes: a report shows the same lines, and kana, many times."""
    text = visible(cluster)
    return text, max(0, len(text) if text.isascii() else cells(text))


def _window(units: list[_Unit], first: int, last: int, total: int, ends_cut: tuple[bool, bool]) -> ShownLine:
    """Cut a line to WIDTH cells, the ellipses included."""
    left = _left(first, last, total, ends_cut)
    kept = [unit for unit in units if unit.start >= left and unit.end <= left + _ROOM]
    before = "…" if ends_cut[0] or kept[0].first > 0 else ""
    after = "…" if ends_cut[1] or kept[-1].end < total else ""
    text = before + "".join(unit.text for unit in kept) + after
    stop = min(last, max(kept[-1].end, first + 1))
    return ShownLine(text, first - kept[0].start + len(before), stop - first)
