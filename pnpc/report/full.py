"""For people: each diagnostic with a frame of its source, then what was counted."""

from collections.abc import Iterator
from typing import NamedTuple

from pnpc.report import places
from pnpc.report.clean import visible
from pnpc.report.frame import Row, lay
from pnpc.report.report import Report, Summary
from pnpc.text.finding import Diagnostic, Range
from pnpc.text.source import Source

_COLORS = {"error": "\x1b[1;31m", "warning": "\x1b[33m", "gutter": "\x1b[34m"}
_PLAIN = "\x1b[0m"


class _Pen(NamedTuple):
    color: bool

    def __call__(self, what: str, text: str) -> str:
        return f"{_COLORS[what]}{text}{_PLAIN}" if self.color and text else text


class _Mark(NamedTuple):
    """A range to underline with `sign`, and what to say of it."""

    range: Range
    sign: str
    message: str
    pen: str


def render(report: Report, *, color: bool = False) -> str:
    """Frames and a summary; the summary also where there is nothing wrong."""
    pen = _Pen(color)
    blocks = ["\n".join(_block(one, report.sources.get(one.file), pen)) for one in report.diagnostics]
    fixable = sum(one.fix is not None and one.fix.safe for one in report.diagnostics)
    return "\n\n".join((*blocks, summarize(report.summary, fixable))) + "\n"


def _block(one: Diagnostic, source: Source | None, pen: _Pen) -> Iterator[str]:
    label = pen(one.severity, f"{one.severity}[{one.code} {one.name}]")
    yield f"{places.shown(one.file, one.range)}: {label}: {visible(one.message)}"
    here = [other for other in one.related if source is not None and other.file == one.file]
    marks = [_Mark(one.range, "^", "", one.severity)] if source is not None else []
    marks += [_Mark(other.range, "-", other.message, "gutter") for other in here]
    margin = max((len(str(mark.range.start.line)) for mark in marks), default=1)
    bar = pen("gutter", " " * margin + " |")
    if source is not None:
        yield bar
        yield from _frame(source, marks, margin, pen)
    notes = list(_notes(one, framed=source is not None))
    if notes and source is not None:
        yield bar
    for note in notes:
        yield " " * (margin + 1) + pen("gutter", "=") + " " + note


def _frame(source: Source, marks: list[_Mark], margin: int, pen: _Pen) -> Iterator[str]:
    last: tuple[int, str] | None = None
    for mark in marks:
        number = mark.range.start.line
        row = _row(source, mark.range)
        if last != (number, row.text):
            yield pen("gutter", f"{number:>{margin}} |") + (f" {row.text}" if row.text else "")
        last = (number, row.text)
        under = mark.sign * row.under + (f" {visible(mark.message)}" if mark.message else "")
        yield pen("gutter", " " * margin + " |") + " " * (row.before + 1) + pen(mark.pen, under)


def _row(source: Source, where: Range) -> Row:
    """The first line of a range: what goes on in later lines is left out."""
    line = source.line(where.start.line)
    end = where.end.column - 1 if where.end.line == where.start.line else len(line)
    return lay(line, where.start.column - 1, end)


def _notes(one: Diagnostic, *, framed: bool) -> Iterator[str]:
    for other in one.related:
        if not framed or other.file != one.file:
            yield f"{places.shown(other.file, other.range)}: {visible(other.message)}"
    if one.help:
        yield f"help: {visible(one.help)}"
    if one.fix:
        yield f"fix: {visible(one.fix.title)} ({'pnpc check --fix' if one.fix.safe else 'by hand'})"


def summarize(summary: Summary, fixable: int) -> str:
    """One line such as `2 errors and 1 warning in 3 files; 1 can be fixed with --fix`."""
    counts = (_count(summary.errors, "error"), _count(summary.warnings, "warning"))
    found = " and ".join(text for text, count in zip(counts, summary[1:3], strict=True) if count)
    rest = (
        (fixable, f"{fixable} can be fixed with --fix"),
        (summary.passed_over, f"{_count(summary.passed_over, 'file')} passed over"),
        (summary.suppressed, f"{summary.suppressed} suppressed"),
        (summary.baselined, f"{summary.baselined} in the baseline"),
    )
    first = f"{found or 'no mistakes'} in {_count(summary.files, 'file')}"
    return "; ".join((first, *(text for count, text in rest if count)))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
