"""The rows of a table in a page: of `<table>`, or of other elements that have the roles of one."""

from collections.abc import Iterator
from typing import NamedTuple

from pnpc.line.keylists.page import Element
from pnpc.line.keylists.sheet import cell
from pnpc.text.lazy import regex

_GRIDS = ("table", "grid", "treegrid")
_CELLS = ("cell", "gridcell", "columnheader", "rowheader")
_UNSEEN = frozenset(("script", "style", "noscript", "svg", "head", "select"))
# What stands in a line with the text around it; every other element begins a new line.
INLINE = frozenset((
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "em", "font", "i", "kbd", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr",
))  # fmt: skip
_ASIDE = regex(r"(?:^|[\s_-])(?:sr-only|visually-?hidden|screen-reader-text|tooltip)(?:$|[\s_-])")
_NONE = regex(r"display\s*:\s*none")
_MOST_COLUMNS = 100  # of a table, and that a cell may span
_MOST_ROWS = 5_000  # that a cell may span


class Cell(NamedTuple):
    """A cell's text, and how many columns and rows it spans."""

    text: str
    columns: int
    rows: int


def is_grid(element: Element) -> bool:
    """Whether an element is a table; one with a role only if no `<table>` stands inside."""
    if element.tag == "table":
        return True
    return element.is_a(*_GRIDS) and not any(inner.tag == "table" for inner in element.elements())


def caption(table: Element) -> str:
    """A table's own title, if it has one."""
    for part in table.children:
        if isinstance(part, Element) and part.tag == "caption":
            return cell(text_of(part))
    return table.get("aria-label")


def rows(table: Element) -> list[list[str]]:
    """The cells of a table; the text of one that spans several stands in each of them."""
    made: list[list[str]] = []
    below: dict[int, tuple[str, int]] = {}  # by column: the text that goes on below, and for how many rows
    for row in _rows(table):
        texts: list[str] = []
        left = dict(below)
        for part in row:
            _go_on(texts, left, below)
            for _ in range(min(part.columns, _MOST_COLUMNS - len(texts))):
                if part.rows > 1:
                    below[len(texts)] = (part.text, part.rows - 1)
                texts.append(part.text)
        _go_on(texts, left, below)
        made.append(texts[:_MOST_COLUMNS])
    return [row for row in made if any(row)]


def _go_on(texts: list[str], left: dict[int, tuple[str, int]], below: dict[int, tuple[str, int]]) -> None:
    """Add the cells that reach down from above into the next columns."""
    while len(texts) in left and len(texts) < _MOST_COLUMNS:
        column = len(texts)
        text, more = left.pop(column)
        texts.append(text)
        if more > 1:
            below[column] = (text, more - 1)
        else:
            below.pop(column, None)


def _rows(table: Element) -> list[list[Cell]]:
    found_rows: list[list[Cell]] = []
    stack = [child for child in reversed(table.children) if isinstance(child, Element)]
    while stack:
        element = stack.pop()
        if element.tag in ("td", "th") or element.is_a(*_CELLS):
            if not found_rows:
                found_rows.append([])
            found_rows[-1].append(_cell(element))
            continue
        if is_grid(element) or element.tag in _UNSEEN or element.tag == "caption":
            continue
        if element.tag == "tr" or element.is_a("row"):
            found_rows.append([])
        stack += [child for child in reversed(element.children) if isinstance(child, Element)]
    return found_rows


def _cell(element: Element) -> Cell:
    columns, down = _span(element, "colspan", _MOST_COLUMNS), _span(element, "rowspan", _MOST_ROWS)
    text = cell(text_of(element, aside=False)) or cell(text_of(element)) or cell(_copied(element))
    return Cell(text, columns, down)


def _span(element: Element, name: str, most: int) -> int:
    digits = element.get(name).strip()
    if not (digits.isascii() and digits.isdecimal()):
        return 1
    number = int(digits[:6])
    return min(number, most) if number else (most if name == "rowspan" else 1)  # rowspan=0: to the end of the table


def text_of(root: Element, *, aside: bool = True) -> str:
    """The text of an element without that of tables inside it, a line for each block.

    `aside`: with buttons, and with what is hidden or only for screen readers.
    """
    return "".join(_pieces(root, aside=aside))


def _pieces(root: Element, *, aside: bool) -> Iterator[str]:
    stack: list[Element | str] = [*reversed(root.children)]
    while stack:
        part = stack.pop()
        if isinstance(part, str):
            yield part
        elif not (part.tag in _UNSEEN or is_grid(part) or (not aside and _is_aside(part))):
            line = [] if part.tag in INLINE else ["\n"]
            stack += [*line, *reversed(part.children), *line]


def _is_aside(element: Element) -> bool:
    return (
        element.tag == "button"
        or element.is_a("button", "tooltip")
        or "hidden" in element.attributes
        or element.get("aria-hidden") == "true"
        or _NONE.search(element.get("style")) is not None
        or _ASIDE.search(element.get("class")) is not None
    )


def _copied(root: Element) -> str:
    """What stands in the fields of a cell without text: a key is often shown in one, to be copied."""
    return " ".join(element.get("value") for element in root.elements() if element.tag == "input")
