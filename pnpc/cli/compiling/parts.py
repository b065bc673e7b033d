"""A table that lies in parts, compiled one part after the other: the same lines as of the whole table."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain

from pnpc.cli.compiling.bad_rows import KeptRows
from pnpc.cli.compiling.gathered import AskedParts, Gathered
from pnpc.cli.compiling.options import CompileOptions
from pnpc.cli.compiling.rows import told, wanted_by
from pnpc.cli.compiling.run import CompileRun
from pnpc.cli.compiling.stopped import Stopped
from pnpc.compile.formats import FORMATS, jsonl
from pnpc.compile.mistakes import table_mistake
from pnpc.compile.plan import Plan
from pnpc.compile.tables.recipients import BadTable, Table, limited
from pnpc.project.files import CouldNotRead, shown
from pnpc.project.parts.feed import asks_for_index, open_feed
from pnpc.project.parts.outputs import Outputs, make_folder
from pnpc.project.streams import open_out
from pnpc.project.tables import AskedTable, open_table, rows_of


class PartsRun:
    """Compiles parts, and gathers what is to be said of them."""

    def __init__(
        self, options: CompileOptions, plans: Sequence[Plan], parts: AskedParts, run: CompileRun, kept: KeptRows
    ) -> None:
        self._options = options
        self._plans = plans
        self._parts, self._outputs = parts.listed.parts, parts.outputs
        self._run = run
        self._kept = kept
        self._wanted = wanted_by(options, plans)
        self._gathered = Gathered(options, parts)

    def notes(self) -> Iterator[str]:
        """What people should know when all has been read."""
        return self._gathered.notes()

    def compile(self) -> None:
        """Write all payloads. Raises CouldNotRun, CouldNotRead."""
        try:
            self._compile(self._asked())
        except Stopped:
            self._gathered.end()
        self._gathered.demand_all()

    def _compile(self, asked: Sequence[AskedTable]) -> None:
        with (
            told(self._wanted.where),
            self._kept.open(self._columns(asked[0]), asked[0].name, self._run.summary, files=True),
        ):
            if self._outputs is None:
                self._write_all(asked)
            else:
                self._write_each(asked, self._outputs)
            self._gathered.demand_rows(self._run.rows)

    def _asked(self) -> list[AskedTable]:
        """The parts, each with the row of its first record where one asks for it."""
        asked = [self._wanted.asked(part.name) for part in self._parts]
        if not asks_for_index(self._plans, self._wanted):
            return asked
        first = 0
        for at, table in enumerate(asked):
            asked[at] = table._replace(first=first)
            try:
                first += rows_of(table) if table is not asked[-1] else 0
            except BadTable as error:
                self._gathered.add_uncounted(table.name)
                mistakes = [table_mistake(error, shown(table.name))]
                self._run.bad_table(mistakes)
                with self._kept.open(None, table.name, self._run.summary, files=True):
                    raise Stopped(mistakes) from None
        return asked

    def _columns(self, asked: AskedTable) -> tuple[str, ...] | None:
        """The columns of the first part, which stand in the file of bad rows; None if it has none that can be read."""
        if self._options.errors is None:
            return None
        with suppress(BadTable, CouldNotRead), open_table(asked, (), every=True) as (table, _):
            return table.columns
        return None

    @contextmanager
    def _open(self, asked: AskedTable) -> Iterator[Table]:
        """A part; of its rows no more than are left of --limit."""
        for plan in self._plans:
            plan.begin()
        with open_feed(asked, self._wanted, self._plans) as opened:
            most = self._options.limit
            yield opened.table if most is None else limited(opened.table, most - self._run.rows)
        self._gathered.add(opened.picked, opened.notes)

    def _has_all(self) -> bool:
        return self._options.limit is not None and self._run.rows >= self._options.limit

    def _write_all(self, asked: Sequence[AskedTable]) -> None:
        """Write one file. A part that can't be compiled ends the run."""
        current = asked[0]

        def tables() -> Iterator[Table]:
            nonlocal current
            for current in asked:
                with self._open(current) as table:
                    yield table
                if self._has_all():
                    return

        try:
            self._write(self._options.output, tables())
        except BadTable as error:
            self._count_bad(error, current.name)
            raise Stopped from None

    def _write_each(self, asked: Sequence[AskedTable], outputs: Outputs) -> None:
        """Write a file for each part. A part that can't be compiled leaves none, and the others are compiled all the same."""
        for part, current in zip(self._parts, asked, strict=True):
            name = outputs.name(part)
            written = self._run.payloads
            try:
                make_folder(name)
                with self._open(current) as table:
                    self._write(name, iter((table,)))
            except BadTable as error:
                self._run.payloads = written
                self._count_bad(error, current.name)
                self._gathered.add_unwritten()
            except Stopped as error:
                self._run.payloads = written
                if not error.mistakes:
                    raise  # of --fail-fast
                self._kept.add_stop(error.mistakes)
                self._gathered.add_unwritten()
            except CouldNotRead as error:
                self._run.payloads = written
                self._gathered.add_unread(str(error))
            if self._has_all():
                return

    def _write(self, name: str, tables: Iterator[Table]) -> None:
        """Write the payloads of tables to a file."""
        with open_out(name) as stream:
            if self._options.format_ != "jsonl":
                payloads = chain.from_iterable(self._run.all(table, allow_empty=True) for table in tables)
                for text in FORMATS[self._options.format_](payloads):
                    stream.write(text)
                return
            for table in tables:
                for lines in self._lines(table):
                    stream.buffer.write(lines)

    def _lines(self, table: Table) -> Iterator[bytes]:
        if table.chunks is not None:
            yield from self._run.lines(table, allow_empty=True, jobs=self._options.jobs)
            return
        for line in jsonl(self._run.all(table, allow_empty=True)):
            yield line.encode("utf-8", "backslashreplace")

    def _count_bad(self, error: BadTable, name: str) -> None:
        mistakes = [table_mistake(error, shown(name))]
        self._run.bad_table(mistakes)
        self._kept.add_stop(mistakes)
