"""Draw the picture in README.md, docs/picture.svg, from what `pnpc check examples/shop/mistakes` really prints.

`python tools/picture.py` writes it; a test says that it is current.
"""

import subprocess
import sys
from collections.abc import Iterator
from html import escape
from itertools import groupby
from pathlib import Path
from re import compile as regex
from typing import NamedTuple

from pnpc.text.width import cells, graphemes

ROOT = Path(__file__).parent.parent
FILE = ROOT / "docs" / "picture.svg"
COMMAND = "pnpc check examples/shop/mistakes"

WIDTH = 112  # cells, as of a terminal: a longer line goes on in the next row, after a blank
CELL, LINE, MARGIN, SIZE = 8, 19, 16, 13.3  # pixels: a cell's width, a line's height, the edge, the letters
COLORS = {"": "text", "1;31": "error", "33": "warning", "34": "gutter"}
STYLE = """
  rect { fill: #0d1117 }
  text { font-family: ui-monospace, Menlo, Consolas, "Noto Sans Mono CJK JP", monospace; font-size: %spx }
  .text { fill: #e6edf3 } .error { fill: #ff7b72; font-weight: 600 } .warning { fill: #e3b341 } .gutter { fill: #79c0ff }
"""
_ESCAPE = regex(r"\x1b\[([0-9;]*)m")


def output() -> str:
    """What the command prints in a terminal, with its colours, after the line that starts it."""
    words = [sys.executable, "-m", *COMMAND.split(), "--color", "always"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    if done.returncode != 1:
        raise SystemExit(f"`{COMMAND}` should find mistakes, but: {done.stderr or done.stdout}")
    return f"$ {COMMAND}\n{done.stdout}"


def draw(shown: str) -> str:
    """The SVG of a terminal's text: every piece stands at its cell, so that carets meet what they point at."""
    rows = [row for line in shown.splitlines() for row in _rows(line)]
    width = 2 * MARGIN + CELL * WIDTH
    height = 2 * MARGIN + LINE * len(rows)
    texts = "\n".join(
        f'<text y="{MARGIN + LINE * number - 5}">{"".join(_spans(row))}</text>'
        for number, row in enumerate(rows, start=1)
        if row
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img" xml:space="preserve">\n<title>{escape(COMMAND)}</title>\n<style>{STYLE % SIZE}</style>\n'
        f'<rect width="{width}" height="{height}" rx="8"/>\n{texts}\n</svg>\n'
    )


class Piece(NamedTuple):
    """What a reader sees as one character, how many cells it takes, and the code of its colour."""

    text: str
    cells: int
    color: str


def _rows(line: str) -> list[list[Piece]]:
    rows: list[list[Piece]] = [[]]
    for piece in _pieces(line):
        if sum(one.cells for one in rows[-1]) + piece.cells > WIDTH:
            rows.append(_last_word(rows[-1]))
        rows[-1].append(piece)
    return rows


def _last_word(row: list[Piece]) -> list[Piece]:
    """Cut the begun word off a full row; nothing if the row is one word."""
    blanks = [index for index, piece in enumerate(row) if piece.text == " "]
    word = row[blanks[-1] + 1 :] if blanks else []
    del row[len(row) - len(word) :]
    return word


def _pieces(line: str) -> Iterator[Piece]:
    parts = _ESCAPE.split(line)
    codes = ["", *("" if code == "0" else code for code in parts[1::2])]
    for code, part in zip(codes, parts[::2], strict=True):
        yield from (Piece(one, cells(one), code) for one in graphemes(part))


def _spans(row: list[Piece]) -> Iterator[str]:
    """Runs of one colour and one width; `textLength` holds each to its cells, whatever font is found."""
    column = 0
    for (color, size), run in groupby(row, key=lambda piece: (piece.color, piece.cells)):
        letters = [piece.text for piece in run]
        at = f'x="{MARGIN + CELL * column}" textLength="{CELL * size * len(letters)}" lengthAdjust="spacingAndGlyphs"'
        yield f'<tspan class="{COLORS[color]}" {at}>{escape("".join(letters))}</tspan>'
        column += size * len(letters)


if __name__ == "__main__":
    FILE.write_text(draw(output()), encoding="utf-8")
