"""A table as it was read: its cells, and what stands around it."""

from typing import NamedTuple

from pnpc.line.keylists.pager import Pager
from pnpc.line.keylists.pager import pagers as pagers_in
from pnpc.line.keylists.words import kinds_named
from pnpc.text.lazy import regex

# Marks that take no room (they may stand inside a key, where a line may break), and halves of characters.
_UNSEEN = regex(r"[\u200b-\u200f\u00ad\u2060\ufeff\ud800-\udfff]+")
_SPACE = regex(r"\s+")


class Sheet(NamedTuple):
    """Rows of cells, and what names their kind: `panel`, the label of the tab or the caption to which the table belongs;
    `heading`, the nearest heading above.

    `pager` says how many rows the whole list has, and which of them the page shows. `is_data`: it was not shown, but stands in the
    page's scripts.
    """

    rows: list[list[str]]
    heading: str = ""
    pager: Pager | None = None
    panel: str = ""
    is_data: bool = False


class NotAList(Exception):
    """No list of keys can be found in a text; the message says why, and what to do."""


class NoList(NotAList):
    """A text in which nothing looks like a list of keys."""


def cell(text: str) -> str:
    """A cell's text on one line, without invisible characters."""
    return _SPACE.sub(" ", _UNSEEN.sub("", text)).strip()


class Around:
    """What stands around the tables of a text, collected in its order: headings, and pagers above or below."""

    def __init__(self) -> None:
        self._heading, self._level = "", 0
        self._under: list[int] = []  # the first table under the present heading, for each table
        self._first = 0
        self._sheets: list[Sheet] = []
        self._panels: list[object] = []
        self._counts: list[tuple[Pager, int, object]] = []  # with the number of tables before it, and its panel

    def heading(self, text: str, level: int = 0) -> None:
        """A heading: it belongs to all tables up to the next one, if they are alike. A lower one (of a greater `level`) that
        names no kind of keys, such as a group of them, changes nothing."""
        if level <= self._level or not self._heading or kinds_named(text):
            self._heading, self._level = cell(text), level
            self._first = len(self._sheets)

    def text(self, text: str, panel: object = None) -> None:
        """A text between tables, inside a panel or outside of all (None)."""
        self._counts += [(pager, len(self._sheets), panel) for pager in pagers_in(text)]

    def table(self, sheet: Sheet, panel: object = None) -> None:
        """A table, inside a panel or outside of all (None)."""
        self._sheets.append(sheet._replace(heading=self._heading))
        self._panels.append(panel)
        self._under.append(self._first)

    def sheets(self) -> list[Sheet]:
        """The tables, each with the pager that belongs to it."""
        pagers: dict[int, Pager] = {}
        counts_below = bool(self._counts) and self._counts[0][1] > 0
        for pager, after, panel in self._counts:
            near = [index for index in (after - 1, after) if self._may_have(index, panel)]  # the tables around it
            fitting = [index for index in near if pager.fits(len(self._sheets[index].rows))] or near
            if len(fitting) > 1:
                fitting = fitting[:1] if counts_below and fitting[0] not in pagers else fitting[1:]
            if fitting:
                pagers[fitting[0]] = pager
        return self._with_headings(
            [sheet._replace(pager=pagers.get(index)) for index, sheet in enumerate(self._sheets)]
        )

    def _with_headings(self, sheets: list[Sheet]) -> list[Sheet]:
        """A heading above tables that differ, in their columns or in the length of the whole list, names none of them."""
        kinds: dict[int, set[tuple[tuple[str, ...], int | None]]] = {}
        for first, sheet in zip(self._under, sheets, strict=True):
            if len(sheet.rows) > 1:
                total = sheet.pager.total if sheet.pager is not None else None
                kinds.setdefault(first, set()).add((tuple(sheet.rows[0]), total))
        return [
            sheet._replace(heading="") if len(kinds.get(first, ())) > 1 else sheet
            for first, sheet in zip(self._under, sheets, strict=True)
        ]

    def _may_have(self, index: int, panel: object) -> bool:
        return 0 <= index < len(self._sheets) and (panel is None or self._panels[index] is panel)
