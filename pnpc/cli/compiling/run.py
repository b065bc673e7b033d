"""One run of `pnpc compile`: payloads flow through, mistakes and notes are gathered on the way."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, TypeVar

from pnpc.cli.common import count_of, say
from pnpc.cli.compiling.stopped import Stopped
from pnpc.cli.errors import CouldNotRun
from pnpc.cli.table import table
from pnpc.compile.batch import Made, Maker, lacking, numbers, whole
from pnpc.compile.formats import jsonl
from pnpc.compile.mistakes import Mistakes
from pnpc.compile.plan import BadRow, Plan, RowOutcome, compile_records
from pnpc.compile.tables.phones import scrub
from pnpc.compile.tables.recipients import AnyChunk, Record, Table
from pnpc.compile.tables.seen import Repeats, Seen, key
from pnpc.compile.targets import TARGETS, Payload
from pnpc.compile.units import Units
from pnpc.compile.warnings import Tally
from pnpc.project.workers import WorkerDied, in_order
from pnpc.report import render
from pnpc.report.clean import visible
from pnpc.report.places import shown
from pnpc.report.report import Report, Summary
from pnpc.text.finding import Diagnostic, Range
from pnpc.text.source import Position, Source

Item = TypeVar("Item")

MOST_SHOWN = 50  # diagnostics; all are counted
_MANY = 3  # rows with mistakes; fewer are seen at a glance
_MOST_REMEMBERED = 30_000_000  # recipients, to find those that repeat: half a gigabyte
_MOST_NAMED = 10  # ignored columns
_MOST_IGNORED = 1_000  # of them that are remembered


class CompileRun:
    """What a run has counted so far, and its payloads.

    `sources` are the specs' texts, by file, for the frames of diagnostics; never those of data files, which hold
    people's numbers. `observe` gets how many rows, payloads and bad rows came since its last call; `bad` of each
    bad row.
    """

    def __init__(
        self,
        plans: Sequence[Plan],
        sources: Mapping[str, Source],
        *,
        fail_fast: bool,
        observe: Callable[[int, int, int], None] | None = None,
        bad: Callable[[BadRow, Record], None] | None = None,
    ) -> None:
        self.rows = 0
        self.payloads = 0
        self.mistakes = 0
        self._plans = [plan for plan in plans if not plan.raw]
        self._raw = [plan for plan in plans if plan.raw]
        self._waiting = self._raw  # those that have not been written yet
        self.sources = sources
        self._fail_fast = fail_fast
        self._observer = observe or (lambda _rows, _payloads, _bad: None)
        self._seen: Seen | None = None
        self._forgot = False
        self._bad = bad
        self._bad_rows = 0
        self._unsendable = 0
        self._kept: list[Diagnostic] = []
        self._kinds = Mistakes()
        self._ignored: dict[str, None] = {}
        self._warnings = Tally()
        self._units = Units(plans)
        self._repeated = 0
        self._first_repeat = ""

    @property
    def specs(self) -> bool:
        """Whether there is anything to fill, beside request bodies as they stand."""
        return bool(self._plans)

    def once(self, record: Record | None) -> Iterator[Payload]:
        """The payloads of request bodies, and one for each spec: of `record`, or of its examples."""
        yield from self._count(plan.as_it_stands() for plan in self._raw)
        for plan in self._plans:
            taken = record or plan.examples()
            outcome = plan.outcome(taken) if isinstance(taken, Record) else RowOutcome(BadRow(0, taken))
            where = (taken.file, taken.locate(None).start.line) if isinstance(taken, Record) else (plan.file, 1)
            yield from self._count(self._sift([outcome], *where))
        if record is not None:
            self.note_columns(record.values)

    def all(self, table: Table, *, allow_empty: bool) -> Iterator[Payload]:
        """The payloads of request bodies, and one for each record and spec. Raises CouldNotRun for a table without rows.

        Nothing is given before the table's columns are known to be those that the specs need: Stopped if they are not.
        """
        first = self._first(table, table.records, allow_empty=allow_empty)
        yield from self._bodies()
        if first is not None:
            yield from self._count(self._fill(chain((first,), table.records), table))

    def lines(self, table: Table, *, allow_empty: bool, jobs: int) -> Iterator[bytes]:
        """The same as JSON lines, many at a time, of a table that has chunks: by `jobs` processes, 0 for as many as pay.

        Raises CouldNotRun also for a process that ended before its time, what was to be written with it.
        """
        assert table.chunks is not None
        chunks = whole(table.chunks)
        first = self._first(table, chunks, allow_empty=allow_empty)
        for text in jsonl(self._bodies()):
            yield text.encode("utf-8", "backslashreplace")
        if first is None:
            return
        maker = Maker(self._plans, table, fail_fast=self._fail_fast, kept=MOST_SHOWN if self._bad is None else None)
        steady = all(plan.is_steady for plan in self._plans)
        try:
            for chunk, made in in_order(maker.make, chain((first,), chunks), jobs if steady else 1):
                self._take(table, chunk, made)
                yield made.text
                if made.stopped:
                    raise Stopped
        except WorkerDied as error:
            raise CouldNotRun(str(error)) from None

    def bad_table(self, mistakes: Sequence[Diagnostic]) -> None:
        """Tell what is wrong with a table as a whole."""
        self._keep(mistakes, mistakes[0].file, mistakes[0].range.start.line)

    def report(self, *, color: bool) -> None:
        """Print to standard error: the mistakes, the notes, and the summary."""
        if self._kept:
            files = len({diagnostic.file for diagnostic in self._kept})
            summary = Summary(files=files, errors=self.mistakes, warnings=0)
            say(render("full", Report(tuple(self._kept), summary, self.sources), color=color).rstrip("\n"))
        if self.mistakes > len(self._kept):
            say(f"the first {len(self._kept)} of {self.mistakes:,} mistakes are shown")
        if self._bad_rows >= _MANY:
            say("bad rows by rule and column:")
            say(self._by_kind())
        for warnings in self._warnings:
            say(f"warning: {visible(warnings.line())}")
        for note in self._notes():
            say(f"note: {note}")
        rows = f", {count_of(self._bad_rows, 'row')} with mistakes" if self._bad_rows else ""
        say(f"{count_of(self.payloads, 'payload')}{rows}")

    def summary(self) -> dict[str, Any]:
        """What docs/recipients.md describes: the counts so far, as JSON values."""
        kinds = [{**kind, "column": scrub(kind["column"])} for kind in self._kinds.value()]
        return {"payloads": self.payloads, "bad_rows": self._bad_rows, "summary": kinds}

    def _by_kind(self) -> str:
        """The table of the bad rows."""
        rows = [
            (f"{count.rows:>9,}", f"{kind.code} {kind.name}", scrub(kind.place), f"{count.file}:{count.line}")
            for kind, count in self._kinds
        ]
        head = (f"{'ROWS':>9}", "RULE", "COLUMN", "FIRST")
        return table(head, [tuple(map(visible, row)) for row in rows]).rstrip("\n")

    def _notes(self) -> Iterator[str]:
        if self._ignored:
            names = [f"`{visible(scrub(name))}`" for name in list(self._ignored)[:_MOST_NAMED]]
            more = f" and {len(self._ignored) - _MOST_NAMED:,} more" if len(self._ignored) > _MOST_NAMED else ""
            yield f"no spec has a variable for the columns {', '.join(names)}{more}; they were ignored"
        if self._repeated:
            rows = "row repeats" if self._repeated == 1 else "rows repeat"
            yield f"{self._repeated:,} {rows} the recipient of an earlier row, the first at {self._first_repeat}"
        if self._forgot:
            yield f"only the first {_MOST_REMEMBERED:,} recipients were looked at for those that repeat"
        yield from dict.fromkeys(note for plan in self._plans for note in plan.notes)
        if self._unsendable:
            made = "this request was" if self._unsendable == 1 else "these requests were"
            target = [*self._plans, *self._raw][0].target
            key, receiver = target.recipient_key, target.receiver
            yield f"{made} made without a recipient: there is no `{key}`, so {receiver} would refuse it"

    def _first(self, table: Table, items: Iterator[Item], *, allow_empty: bool) -> Item | None:
        """The first of a table's records or chunks, when its columns are known to be those that the specs need."""
        if lacks := lacking(self._plans, table):
            self.bad_table(lacks)
            raise Stopped(lacks)
        self.note_columns(table.columns or ())
        first = next(items, None)
        if first is None and not allow_empty:
            raise CouldNotRun(f"no rows in {visible(table.file)}; if that is right, add --allow-empty")
        return first

    def _bodies(self) -> Iterator[Payload]:
        """The payloads of request bodies, once, however many tables there are."""
        raw, self._waiting = self._waiting, []
        yield from self._count(plan.as_it_stands() for plan in raw)

    def _observe(self, rows: int, payloads: int, bad: int) -> None:
        self.rows += rows
        self._observer(rows, payloads, bad)

    def _repeats(self, keys: Sequence[int]) -> Repeats:
        """Which recipients some earlier row had."""
        if self._seen is None:
            self._seen = Seen()
        self._forgot = self._forgot or self._seen.count + len(keys) > _MOST_REMEMBERED
        return Repeats() if self._forgot else self._seen.add(keys)

    def _take(self, table: Table, chunk: AnyChunk, made: Made) -> None:
        """Count what a chunk became, and keep what is to be reported."""
        self.take(made, table.file)
        if self._bad is not None and made.bad:
            assert table.parse is not None
            bad_of = {bad.row: bad.by_spec for bad in made.bad}
            for record in table.parse(chunk):
                self._hand_on(bad_of.get(record.row, ()), record)

    def take(self, made: Made, file: str) -> None:
        """Count what rows of a file became, and keep what is to be reported; `made.text` has been written."""
        self.note_columns(made.columns)
        repeats = self._repeats(numbers(made.keys))
        if repeats.count and not self._repeated:
            line = numbers(made.lines)[repeats.first]
            self._first_repeat = shown(file, Range(Position(line, 1), Position(line, 1)))
        self._repeated += repeats.count
        self.payloads += made.payloads
        self._bad_rows += made.bad_rows
        kept = [diagnostic for bad in made.bad for row in bad.by_spec for diagnostic in row.diagnostics]
        self._show(kept)
        self._kinds.merge(made.mistakes)
        self.mistakes = self._kinds.total
        for plan, notes in zip(self._plans, made.notes, strict=True):
            plan.notes.update(dict.fromkeys(notes))
        self._warnings.merge(made.warnings)
        self._warnings.merge(self._units.of_names(made.units, file))
        self._observe(made.rows, made.payloads, made.bad_rows)

    def _fill(self, records: Iterator[Record], table: Table) -> Iterator[Payload]:
        for record, outcomes in compile_records(self._plans, records):
            results = [outcome.result for outcome in outcomes]
            if table.columns is None:
                self.note_columns(record.values)
            to = next((outcome.to for outcome in outcomes if outcome.to is not None), None)
            if to is not None and self._repeats((key(to.digest),)).count:
                self._first_repeat = self._first_repeat or shown(record.file, record.locate(None))
                self._repeated += 1
            wrong = [result for result in results if isinstance(result, BadRow)]
            self._observe(1, len(results) - len(wrong), bool(wrong))
            self._hand_on(wrong, record)
            yield from self._sift(outcomes, record.file, record.locate(None).start.line)

    def _hand_on(self, wrong: Sequence[BadRow], record: Record) -> None:
        if self._bad is not None:
            for bad in wrong:
                self._bad(bad, record)

    def _sift(self, outcomes: Sequence[RowOutcome], file: str, line: int) -> Iterator[Payload]:
        """The payloads of one row, which stands at a line of a file; its mistakes are kept, its warnings counted."""
        bad = [outcome.result for outcome in outcomes if isinstance(outcome.result, BadRow)]
        if bad:
            self._bad_rows += 1
            self._keep([diagnostic for row in bad for diagnostic in row.diagnostics], file, line)
            if self._fail_fast:
                raise Stopped
        self._warnings.add(warned for outcome in outcomes for warned in outcome.warnings)
        for outcome in outcomes:
            if isinstance(outcome.result, Payload):
                self._warnings.merge(self._units.of_payload(outcome.result))
                yield outcome.result

    def _count(self, payloads: Iterator[Payload]) -> Iterator[Payload]:
        for payload in payloads:
            self.payloads += 1
            self._unsendable += TARGETS[payload.target].recipient_key not in payload.body
            yield payload

    def _keep(self, diagnostics: Sequence[Diagnostic], file: str, line: int) -> None:
        self._kinds.add(diagnostics, file, line)
        self.mistakes = self._kinds.total
        self._show(diagnostics)

    def _show(self, diagnostics: Sequence[Diagnostic]) -> None:
        self._kept += diagnostics[: MOST_SHOWN - len(self._kept)]

    def note_columns(self, columns: Mapping[str, object] | Sequence[str]) -> None:
        """Remember the columns that no spec knows."""
        for name in columns:
            if len(self._ignored) < _MOST_IGNORED and not any(name in plan.columns for plan in self._plans):
                self._ignored[name] = None
