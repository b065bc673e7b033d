"""Tables as text: CSV and TSV files, and what a browser puts on the clipboard."""

import csv
from collections.abc import Callable
from io import StringIO
from itertools import pairwise

from pnpc.line.keylists import words
from pnpc.line.keylists.columns import is_head, is_key, key_in
from pnpc.line.keylists.sheet import Around, NoList, NotAList, Sheet, cell

DELIMITERS = (",", "\t", ";", "|")
_HEADING = 40  # characters; a longer line is prose
_LOOKED_AT = 20  # lines in which column names are looked for
_MOST_OF_A_CELL = 1 << 20  # characters
_UNEVEN = (
    "no table found in this text: it has no tabs, and no column names followed by the same number of cells for each key; "
    "save the page as HTML, or make a CSV with the columns key, label, title, description"
)


def delimiter_of(text: str) -> str | None:
    """What stands between the cells of a table, by its row of column names, or by a first line `sep=;` as Excel writes it."""
    first, *_ = lines = text.splitlines()[:_LOOKED_AT] or [""]
    if first.startswith("sep=") and len(first) == len("sep=;"):
        return first[-1]
    return _split_by(lines, is_head)


def delimiter_without_names(text: str) -> str | None:
    """What stands between the cells of a table without column names: what leaves a key alone."""
    return _split_by(text.splitlines()[:_LOOKED_AT], lambda parts: any(map(is_key, parts)))


def _split_by(lines: list[str], fits: Callable[[list[str]], bool]) -> str | None:
    for line in lines:
        for delimiter in DELIMITERS:
            if delimiter in line and fits([part.strip(' "') for part in line.split(delimiter)]):
                return delimiter
    return None


def separated(text: str, delimiter: str) -> list[Sheet]:
    """The tables of a CSV or TSV file: each begins with its column names. Raises NotAList if it can't be read."""
    text = text.partition("\n")[2] if text.startswith(f"sep={delimiter}") else text
    before = csv.field_size_limit(_MOST_OF_A_CELL)
    try:
        rows = [[cell(text) for text in row] for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter)]
    except csv.Error as error:
        raise NotAList(f"not a table: {error}") from None
    finally:
        csv.field_size_limit(before)
    return _in_tables([row for row in rows if any(row)])


def _in_tables(rows: list[list[str]]) -> list[Sheet]:
    """Rows as tables: what stands above a row of column names, and holds no key, belongs to what follows."""
    heads = [index for index, row in enumerate(rows) if is_head(row)]
    if not heads:
        return [Sheet(rows)]
    around = Around()
    titles = _Titles(around)
    end = 0
    for head, after in pairwise([*heads, len(rows)]):
        for row in rows[end:head]:
            titles.line(" ".join(filter(None, row)))
        end = after
        while after < len(rows) and end > head + 1 and key_in(" ".join(rows[end - 1])) is None:
            end -= 1  # the title of the next table
        titles.end()
        around.table(Sheet(rows[head:end]))
    return around.sheets()


def tabbed(text: str) -> list[Sheet]:
    """The tables of a pasted text whose cells are separated by tabs, with the headings and counts around them."""
    if any(part.startswith('"') for line in text.splitlines() for part in line.split("\t")):
        return separated(text, "\t")  # from a spreadsheet, which quotes cells of several lines
    around = Around()
    titles = _Titles(around)
    rows: list[list[str]] = []
    held = ""
    for line in [*text.splitlines(), ""]:
        if not held and "\t" not in line:
            if line.strip() or not rows:
                _end(rows, around, titles)
                rows = []
                titles.line(line)
            continue
        held = f"{held}\n{line}" if held else line
        cells = [cell(part) for part in held.split("\t")]
        # If a cell holds a block element, such as a linked key, the browser breaks the line inside the row.
        if len(cells) >= len(rows[0] if rows else cells) and cells[-1]:
            if is_head(cells) and len(rows) > 1:
                _end(rows, around, titles)
                rows = []
            rows.append(cells)
            held = ""
    _end(rows, around, titles)
    return around.sheets()


def _end(rows: list[list[str]], around: Around, titles: "_Titles") -> None:
    if rows:
        titles.end()
        around.table(Sheet(rows))


def stacked(text: str) -> list[Sheet]:
    """The tables of a pasted text with every cell on its own line: the distance between the keys gives their width.

    Raises NotAList if the keys are not evenly spaced, or no column names stand before them.
    """
    lines = [cell(line) for line in text.splitlines() if cell(line)]
    heads = [index for index, line in enumerate(lines) if words.field_of(line) == "key"]
    around = Around()
    titles = _Titles(around)
    end = 0
    for head, after in pairwise([*heads, len(lines)]):
        keys = [index for index in range(head + 1, after) if is_key(lines[index])]
        if keys:
            end = _stack(lines, end, head, keys, around, titles)
    for line in lines[end:]:
        titles.line(line)
    sheets = around.sheets()
    if not sheets:
        raise (NotAList if any(map(is_key, lines)) else NoList)(_UNEVEN)
    return sheets


def _stack(lines: list[str], begin: int, head: int, keys: list[int], around: Around, titles: "_Titles") -> int:
    """Add the table with the keys in some lines, whose column for them is named in the line `head`; the line after it.

    `begin` is the first line that belongs to no earlier table.
    """
    steps = {after - before for before, after in pairwise(keys)}
    if len(steps) > 1:
        raise NotAList(_UNEVEN)
    first, width = _first(lines, begin, head, keys[0], steps.pop() if steps else 0)
    names = lines[first - width : first]
    for line in lines[begin : first - width]:
        titles.line(line)
    end = min(keys[-1] - (keys[0] - first) + width, len(lines))
    titles.end()
    around.table(Sheet([names, *(lines[at : at + width] for at in range(first, end, width))]))
    return end


def _first(lines: list[str], begin: int, head: int, key: int, width: int) -> tuple[int, int]:
    """The line in which the first row begins, and the number of its cells."""
    for first in range(key, max(head, key - (width or key)), -1):
        wide = width or first - head
        names = lines[max(begin, first - wide) : first]
        is_whole = len(names) == wide and key - first < wide and is_head(names)
        if is_whole and words.field_of(names[key - first]) == "key":  # the key stands in its row where its name does
            return first, wide
    raise NotAList(_UNEVEN)


class _Titles:
    """The short lines above a table: a heading, or the names of tabs. Of several names of kinds none is the heading."""

    def __init__(self, around: Around) -> None:
        self._around = around
        self._lines: list[str] = []

    def line(self, text: str) -> None:
        """A line between tables."""
        self._around.text(text)
        if text.strip() and len(text) <= _HEADING:
            self._lines.append(cell(text))

    def end(self) -> None:
        """The table begins."""
        named = dict.fromkeys(line for line in self._lines if len(words.kinds_named(line)) == 1)
        if named:
            self._around.heading(next(iter(named)) if len(named) == 1 else "")
        self._lines = []
