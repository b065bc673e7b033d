"""Tables as text: CSV and TSV files, and what a browser puts on the clipboard."""

import csv
from io import StringIO
from itertools import pairwise

from pnpc.line.keylists.columns import is_head, is_key
from pnpc.line.keylists.sheet import Above, NotAList, Sheet, cell

_HEADING = 40  # characters; a longer line is prose
_UNEVEN = (
    "no table found in this text: it has no tabs, and no column names followed by the same number of cells for each key; "
    "save the page as HTML, or make a CSV with the columns key, label, title, description"
)


def separated(text: str, delimiter: str) -> list[Sheet]:
    """The table of a CSV or TSV file. Raises NotAList if it can't be read as one."""
    try:
        rows = [[cell(text) for text in row] for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter)]
    except csv.Error as error:
        raise NotAList(f"not a table: {error}") from None
    return [Sheet([row for row in rows if any(row)])]


def tabbed(text: str) -> list[Sheet]:
    """The tables of a pasted text whose cells are separated by tabs, with the headings and counts above them."""
    sheets: list[Sheet] = []
    above = Above()
    rows: list[list[str]] = []
    held = ""
    for line in [*text.splitlines(), ""]:
        if not held and "\t" not in line:
            if line.strip() or not rows:
                sheets += [above.sheet(rows)] if rows else []
                rows = []
                above.pass_by(line, heading=len(line) <= _HEADING)
            continue
        held = f"{held}\n{line}" if held else line
        cells = [cell(part) for part in held.split("\t")]
        # If a cell holds a block element, such as a linked key, the browser breaks the line inside the row.
        if len(cells) >= len(rows[0] if rows else cells) and cells[-1]:
            rows.append(cells)
            held = ""
    return [*sheets, above.sheet(rows)] if rows else sheets


def stacked(text: str) -> list[Sheet]:
    """The table of a pasted text with every cell on its own line: the distance between the keys gives its width.

    Raises NotAList if the keys are not evenly spaced, or no column names stand before them.
    """
    lines = [cell(line) for line in text.splitlines() if cell(line)]
    keys = [index for index, line in enumerate(lines) if is_key(line) and not is_head([line])]
    steps = {after - before for before, after in pairwise(keys)}
    if not keys or len(steps) > 1:
        raise NotAList(_UNEVEN)
    width = steps.pop() if steps else 0
    for first in range(keys[0], max(-1, keys[0] - (width or len(lines))), -1):
        wide = width or len(lines) - first
        head = lines[max(0, first - wide) : first]
        if len(head) == wide and is_head(head) and keys[-1] - first < len(lines):
            above = Above()
            for line in lines[: first - wide]:
                above.pass_by(line, heading=len(line) <= _HEADING)
            end = keys[-1] - (keys[0] - first) + wide
            return [above.sheet([head, *(lines[at : at + wide] for at in range(first, min(end, len(lines)), wide))])]
    raise NotAList(_UNEVEN)
