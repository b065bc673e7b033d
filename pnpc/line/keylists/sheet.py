"""A table as it was read: its cells, and what stands above it."""

from typing import NamedTuple

from pnpc.text.lazy import regex

_TOTAL = regex(r"([0-9][0-9,]*)\s*件中|[0-9]+\s*[-–〜~]\s*[0-9]+\s+of\s+([0-9][0-9,]*)")
_BLANK = regex(r"[\s\u200b\u00ad\u2060\ufeff]+")


class Sheet(NamedTuple):
    """Rows of cells, the row of column names first if there is one; `heading` is the nearest heading above, which may
    name the kind, `total` how many rows the whole list has according to the page."""

    rows: list[list[str]]
    heading: str = ""
    total: int | None = None


class NotAList(Exception):
    """No list of keys can be found in a text; the message says why, and what to do."""


def cell(text: str) -> str:
    """A cell's text on one line, without invisible characters."""
    return _BLANK.sub(" ", text).strip()


def total(text: str) -> int | None:
    """How many entries a page says there are, as in `91件中 1〜10件目を表示`; None if it does not say so."""
    match = _TOTAL.search(text)
    return int((match[1] or match[2]).replace(",", "")) if match else None


class Above:
    """What stands above a table, collected while the text before it is read."""

    def __init__(self) -> None:
        self._heading = ""
        self._total: int | None = None

    def pass_by(self, text: str, *, heading: bool) -> None:
        """Remember a text between tables: a heading, or a count of entries."""
        count = total(text)
        if count is not None:
            self._total = count
        if heading and cell(text):
            self._heading = cell(text)

    def sheet(self, rows: list[list[str]]) -> Sheet:
        """The table that stands here. The count above it belongs to it alone, the heading also to the tables after it."""
        made = Sheet(rows, self._heading, self._total)
        self._total = None
        return made
