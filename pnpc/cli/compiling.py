"""One run of `pnpc compile`: payloads flow through, mistakes and notes are gathered on the way."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from pnpc.check.engine import told
from pnpc.cli.common import say
from pnpc.cli.errors import CouldNotRun
from pnpc.compile.phones import scrub
from pnpc.compile.plan import BadRow, Plan, compile_records
from pnpc.compile.recipients import BadTable, Record, Table
from pnpc.compile.seen import Seen
from pnpc.compile.targets import Payload
from pnpc.report import render
from pnpc.report.clean import visible
from pnpc.report.places import shown
from pnpc.report.report import Report, Summary
from pnpc.text.finding import Diagnostic
from pnpc.text.source import Source

MOST_SHOWN = 50  # diagnostics; all are counted
_MOST_NAMED = 10  # ignored columns


class Stopped(Exception):
    """The run ended before its last row: its output must not pass for a whole one."""


class Run:
    """What a run has counted so far, and its payloads.

    `sources` are the specs' texts, by file, for the frames of diagnostics; never those of data files, which hold
    people's numbers.
    """

    def __init__(self, plans: Sequence[Plan], sources: Mapping[str, Source], *, fail_fast: bool) -> None:
        self.payloads = 0
        self.mistakes = 0
        self._plans = [plan for plan in plans if not plan.raw]
        self._raw = [plan for plan in plans if plan.raw]
        self._sources = sources
        self._fail_fast = fail_fast
        self._bad_rows = 0
        self._unsendable = 0
        self._kept: list[Diagnostic] = []
        self._ignored: dict[str, None] = {}
        self._repeated = 0
        self._first_repeat = ""

    @property
    def specs(self) -> bool:
        """Whether there is anything to fill, beside request bodies as they stand."""
        return bool(self._plans)

    def once(self, record: Record | None) -> Iterator[Payload]:
        """The payloads of request bodies, and one for each spec: of `record`, or of its examples."""
        yield from self._count(plan.as_it_stands(index) for index, plan in enumerate(self._raw))
        for plan in self._plans:
            taken = record or plan.examples()
            result = plan.compile(taken) if isinstance(taken, Record) else BadRow(0, taken)
            yield from self._count(self._sift([result]))
        if record is not None:
            self._note_columns(record.values)

    def all(self, table: Table, *, allow_empty: bool) -> Iterator[Payload]:
        """The payloads of request bodies, and one for each record and spec. Raises CouldNotRun for a table without rows.

        Nothing is given before the table's columns are known to be those that the specs need: Stopped if they are not.
        """
        if table.columns is not None:
            lacking = [
                one for plan in self._plans for one in plan.lacking(table.columns, table.file, table.locate(None))
            ]
            if lacking:
                self._keep(lacking)
                raise Stopped
            self._note_columns(table.columns)
        first = next(table.records, None)
        if first is None and not allow_empty:
            raise CouldNotRun(f"no rows in {visible(table.file)}; --allow-empty makes this no error")
        yield from self._count(plan.as_it_stands(index) for index, plan in enumerate(self._raw))
        if first is not None:
            yield from self._count(self._fill(chain((first,), table.records), table))

    def bad_table(self, error: BadTable, file: str) -> None:
        """Tell of a table that can't be read on."""
        self._keep([told("bad-table", error.message, file, error.range, {}, help=error.help)])

    def report(self, *, color: bool) -> None:
        """Print to standard error: the mistakes, the notes, and the summary."""
        if self._kept:
            files = len({one.file for one in self._kept})
            summary = Summary(files=files, errors=self.mistakes, warnings=0)
            say(render("full", Report(tuple(self._kept), summary, self._sources), color=color).rstrip("\n"))
        if self.mistakes > len(self._kept):
            say(f"the first {len(self._kept)} of {self.mistakes:,} mistakes are shown")
        for note in self._notes():
            say(f"note: {note}")
        rows = f", {_count(self._bad_rows, 'row')} with mistakes" if self._bad_rows else ""
        say(f"{_count(self.payloads, 'payload')}{rows}")

    def _notes(self) -> Iterator[str]:
        if self._ignored:
            names = [f"`{visible(scrub(name))}`" for name in list(self._ignored)[:_MOST_NAMED]]
            more = f" and {len(self._ignored) - _MOST_NAMED:,} more" if len(self._ignored) > _MOST_NAMED else ""
            yield f"no spec has a variable for the columns {', '.join(names)}{more}; they were ignored"
        if self._repeated:
            rows = "row repeats" if self._repeated == 1 else "rows repeat"
            yield f"{self._repeated:,} {rows} the recipient of an earlier row, the first at {self._first_repeat}"
        if self._unsendable:
            made = "this request was" if self._unsendable == 1 else "these requests were"
            yield f"{made} made without a recipient: there is no `to`, so LINE would refuse it"

    def _fill(self, records: Iterator[Record], table: Table) -> Iterator[Payload]:
        seen = Seen()
        for record, results in compile_records(self._plans, records):
            if table.columns is None:
                self._note_columns(record.values)
            sent = any(isinstance(one, Payload) for one in results)
            to = self._plans[0].recipient(record)[0] if sent else None
            if to is not None and seen.add(to):
                self._first_repeat = self._first_repeat or shown(record.file, record.locate(None))
                self._repeated += 1
            yield from self._sift(results)

    def _sift(self, results: Sequence[Payload | BadRow]) -> Iterator[Payload]:
        """The payloads of one row; its mistakes are kept."""
        bad = [one for one in results if isinstance(one, BadRow)]
        if bad:
            self._bad_rows += 1
            self._keep([diagnostic for one in bad for diagnostic in one.diagnostics])
            if self._fail_fast:
                raise Stopped
        yield from (one for one in results if isinstance(one, Payload))

    def _count(self, payloads: Iterator[Payload]) -> Iterator[Payload]:
        for one in payloads:
            self.payloads += 1
            self._unsendable += "to" not in one.body
            yield one

    def _keep(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.mistakes += len(diagnostics)
        self._kept += diagnostics[: MOST_SHOWN - len(self._kept)]

    def _note_columns(self, columns: Mapping[str, object] | Sequence[str]) -> None:
        for name in columns:
            if len(self._ignored) < 1_000 and not any(name in plan.columns for plan in self._plans):
                self._ignored[name] = None


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
