"""A table for people: columns that align under kanji, no spaces at line ends."""

from collections.abc import Sequence

from pnpc.text.width import cells, padded

_GAP = "  "


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Head and rows as lines; each row has a text for each column of the head."""
    lines = [head, *rows]
    widths = [max(cells(line[column]) for line in lines) for column in range(len(head))]
    shown = (_GAP.join(padded(text, width) for text, width in zip(line, widths, strict=True)) for line in lines)
    return "".join(line.rstrip() + "\n" for line in shown)
