"""One diagnostic for people: what and where, a frame of its source, notes. Loaded only if there is something to show."""

from collections.abc import Iterator
from typing import NamedTuple

from pnpc.report import places
from pnpc.report.clean import visible
from pnpc.report.frame import ShownLine, lay
from pnpc.text.finding import Diagnostic, Range
from pnpc.text.source import Source

_COLORS = {"error": "\x1b[1;31m", "warning": "\x1b[33m", "gutter": "\x1b[34m"}
_PLAIN = "\x1b[0m"


class Pen(NamedTuple):
    """Colours for a terminal, or none."""

    color: bool

    def __call__(self, what: str, text: str) -> str:
        """The text in the colour of `what`: a severity or the gutter."""
        return f"{_COLORS[what]}{text}{_PLAIN}" if self.color and text else text


class _Underline(NamedTuple):
    """A range to underline with `sign`, and what to say of it."""

    range: Range
    sign: str
    message: str
    pen: str


def block(diagnostic: Diagnostic, source: Source | None, pen: Pen) -> Iterator[str]:
    """The lines that show one diagnostic; without a source there is no frame."""
    label = pen(diagnostic.severity, f"{diagnostic.severity}[{diagnostic.code} {diagnostic.name}]")
    yield f"{places.shown(diagnostic.file, diagnostic.range)}: {label}: {visible(diagnostic.message)}"
    here = [other for other in diagnostic.related if source is not None and other.file == diagnostic.file]
    marks = [_Underline(diagnostic.range, "^", "", diagnostic.severity)] if source is not None else []
    marks += [_Underline(other.range, "-", other.message, "gutter") for other in here]
    margin = max((len(str(mark.range.start.line)) for mark in marks), default=1)
    bar = pen("gutter", " " * margin + " |")
    if source is not None:
        yield bar
        yield from _frame(source, marks, margin, pen)
    notes = list(_notes(diagnostic, framed=source is not None))
    if notes and source is not None:
        yield bar
    for note in notes:
        yield " " * (margin + 1) + pen("gutter", "=") + " " + note


def _frame(source: Source, marks: list[_Underline], margin: int, pen: Pen) -> Iterator[str]:
    last: tuple[int, str] | None = None
    for mark in marks:
        number = mark.range.start.line
        row = _row(source, mark.range)
        if last != (number, row.text):
            yield pen("gutter", f"{number:>{margin}} |") + (f" {row.text}" if row.text else "")
        last = (number, row.text)
        under = mark.sign * row.under + (f" {visible(mark.message)}" if mark.message else "")
        yield pen("gutter", " " * margin + " |") + " " * (row.before + 1) + pen(mark.pen, under)


def _row(source: Source, where: Range) -> ShownLine:
    """The first line of a range: what goes on in later lines is left out."""
    line = source.line(where.start.line)
    end = where.end.column - 1 if where.end.line == where.start.line else len(line)
    return lay(line, where.start.column - 1, end)


def _notes(diagnostic: Diagnostic, *, framed: bool) -> Iterator[str]:
    for other in diagnostic.related:
        if not framed or other.file != diagnostic.file:
            yield f"{places.shown(other.file, other.range)}: {visible(other.message)}"
    if diagnostic.help:
        yield f"help: {visible(diagnostic.help)}"
    if diagnostic.fix:
        yield f"fix: {visible(str(diagnostic.fix.title))} ({'pnpc check --fix' if diagnostic.fix.safe else 'manually'})"
