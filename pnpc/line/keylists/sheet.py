"""A table as it was found: its cells, and what stood above it."""

from typing import NamedTuple

from pnpc.text.lazy import regex

_TOTAL = regex(r"([0-9][0-9,]*)\s*件中|[0-9]+\s*[-–〜~]\s*[0-9]+\s+of\s+([0-9][0-9,]*)")
_BLANK = regex(r"[\s\u200b\u00ad\u2060\ufeff]+")


class Sheet(NamedTuple):
    """Rows of cells, the row of column names first if there is one; `heading` is the nearest text above that may tell
    the kind, `total` how many rows the page says the whole list has."""

    rows: list[list[str]]
    heading: str = ""
    total: int | None = None


class NotAList(Exception):
    """A text in which no list of keys can be found; says why, and what to do."""


def cell(text: str) -> str:
    """A cell's text on one line, without what can't be seen."""
    return _BLANK.sub(" ", text).strip()


def total(text: str) -> int | None:
    """How many entries a page says there are, as in `91件中 1〜10件目を表示`; None if it does not."""
    found = _TOTAL.search(text)
    return int((found[1] or found[2]).replace(",", "")) if found else None


class Above:
    """What stands above a table, remembered on the way to it."""

    def __init__(self) -> None:
        self._heading = ""
        self._total: int | None = None

    def pass_by(self, text: str, *, heading: bool) -> None:
        """Note a text between tables."""
        found = total(text)
        if found is not None:
            self._total = found
        if heading and cell(text):
            self._heading = cell(text)

    def sheet(self, rows: list[list[str]]) -> Sheet:
        """The table that stands here; the count above it is its own and no other's."""
        made = Sheet(rows, self._heading, self._total)
        self._total = None
        return made
