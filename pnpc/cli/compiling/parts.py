"""A table that lies in parts, compiled one part after the other: the same lines as of the whole table."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from typing import NamedTuple

from pnpc.cli.common import count_of
from pnpc.cli.compiling.bad_rows import KeptRows
from pnpc.cli.compiling.options import CompileOptions
from pnpc.cli.compiling.rows import no_rows, told, wanted_by
from pnpc.cli.compiling.run import CompileRun
from pnpc.cli.compiling.stopped import Stopped
from pnpc.cli.errors import CouldNotRun
from pnpc.compile.formats import FORMATS, jsonl
from pnpc.compile.plan import Plan
from pnpc.compile.tables.picking import Picked
from pnpc.compile.tables.recipients import BadTable, Table, limited
from pnpc.project.files import CouldNotRead, shown
from pnpc.project.parts.feed import asks_for_index, open_feed
from pnpc.project.parts.listing import PartList, parts_of, single
from pnpc.project.parts.outputs import BadOutput, Outputs, make_folder, outputs_of
from pnpc.project.streams import open_out
from pnpc.project.tables import AskedTable, open_table, rows_of

_MOST_NAMED = 3  # parts that could not be read
_MOST_NOTES = 10  # about single parts


class AskedParts(NamedTuple):
    """The parts of a run, and the files that their payloads go to; None where all go to one."""

    listed: PartList
    outputs: Outputs | None


def asked_parts(options: CompileOptions) -> AskedParts | None:
    """The parts that the options ask for; None for one table that becomes one file. Raises CouldNotRun, CouldNotRead."""
    if options.recipients in (None, "-"):
        return None
    name = str(options.recipients)
    listed = parts_of(name, options.recipients_format)
    try:
        outputs = outputs_of(options.output, options.format_) if options.output != "-" else None
        if listed is None and outputs is None:
            return None
        listed = listed or single(name)
        if outputs is not None:
            outputs.check(listed)
    except BadOutput as error:
        raise CouldNotRun(str(error)) from None
    if options.sample is not None:
        raise CouldNotRun("--sample takes rows of one table: name one of the parts, or use --where or --limit")
    return AskedParts(listed, outputs)


class PartsRun:
    """Compiles parts, and gathers what is to be said of them."""

    def __init__(
        self, options: CompileOptions, plans: Sequence[Plan], parts: AskedParts, run: CompileRun, kept: KeptRows
    ) -> None:
        self._options = options
        self._plans = plans
        self._parts, self._outputs = parts.listed.parts, parts.outputs
        self._others = parts.listed.others
        self._run = run
        self._kept = kept
        self._wanted = wanted_by(options, plans)
        self._picked = Picked()
        self._notes: list[str] = []
        self._unread: list[str] = []
        self._unwritten = 0

    def notes(self) -> Iterator[str]:
        """What people should know when all has been read."""
        yield from self._notes[:_MOST_NOTES]
        if len(self._notes) > _MOST_NOTES:
            yield f"{len(self._notes) - _MOST_NOTES:,} more notes about other parts are not shown"
        if self._others:
            are = "file is not a table and was" if self._others == 1 else "files are not tables and were"
            yield f"{self._others:,} {are} passed over in {shown(self._options.recipients or '')}"
        if self._wanted.where is not None:
            yield from self._picked.notes()
        if self._unwritten:
            yield f"{self._unwritten:,} of {count_of(len(self._parts), 'part')} had mistakes that left no payload file"

    def compile(self) -> None:
        """Write all payloads. Raises CouldNotRun, CouldNotRead."""
        try:
            self._compile(self._asked())
        except Stopped:
            if self._options.output != "-":
                left = "the other parts were" if self._outputs is not None else f"{shown(self._options.output)} was"
                self._notes.insert(0, f"the run ended before its last row: {left} not written")
        if self._unread:
            raise CouldNotRun(few(self._unread))

    def _compile(self, asked: Sequence[AskedTable]) -> None:
        with (
            told(self._wanted.where),
            self._kept.open(self._columns(asked[0]), asked[0].name, self._run.summary, files=True),
        ):
            if self._outputs is None:
                self._write_all(asked)
            else:
                self._write_each(asked, self._outputs)
            self._demand_rows()

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
                self._notes.append(f"{shown(table.name)} can't be counted: the rows of later parts have no number")
                self._count_bad(error, table.name)
                raise Stopped from None
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
        self._picked = self._picked.and_those(opened.picked)
        self._notes += opened.notes

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
            try:
                make_folder(name)
                with self._open(current) as table:
                    self._write(name, iter((table,)))
            except BadTable as error:
                self._count_bad(error, current.name)
                self._unwritten += 1
            except Stopped as error:
                if not error.mistakes:
                    raise  # of --fail-fast
                self._kept.add_stop(error, current.name)
                self._unwritten += 1
            except CouldNotRead as error:
                self._unread.append(str(error))
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

    def _demand_rows(self) -> None:
        if not self._run.rows and not self._options.allow_empty and not self._unread and not self._unwritten:
            raise no_rows(self._options.recipients or "", self._picked)

    def _count_bad(self, error: BadTable, name: str) -> None:
        self._run.bad_table(error, shown(name))
        self._kept.add_stop(error, shown(name))


def few(lines: Sequence[str]) -> str:
    """The first of some lines, and how many more there are, as one line."""
    more = len(lines) - _MOST_NAMED
    return "; ".join(lines[:_MOST_NAMED]) + (f"; and {count_of(more, 'more part')}" if more > 0 else "")
