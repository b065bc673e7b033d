"""One part of a table to its payload file, in constant memory: what a worker of a cluster does.

Nothing is raised here, and no value of a row stands in what is given back but those that a person asks for: Dask writes
exceptions into its logs.
"""

from collections.abc import Iterator
from traceback import extract_tb
from typing import NamedTuple

from pnpc.about import VERSION
from pnpc.compile.bad_rows import BadEntry, entries
from pnpc.compile.batch import Made, MadeTotal, Maker, lacking, whole
from pnpc.compile.mistakes import table_mistake
from pnpc.compile.tables.picking import BadCondition, Picked
from pnpc.compile.tables.recipients import AnyChunk, BadTable, Table, in_chunks
from pnpc.project.files import CouldNotRead, remove_unfinished, shown
from pnpc.project.parts.feed import open_feed
from pnpc.project.parts.job import Job
from pnpc.project.parts.outputs import make_folder
from pnpc.project.streams import open_out
from pnpc.project.tables import AskedTable, rows_of
from pnpc.text.finding import Diagnostic

MOST_SHOWN = 50  # rows with mistakes that are handed on of a part, all being counted
MOST_KEPT = 10_000  # bad rows that are handed on of a part for the file of bad rows: some megabytes


class Trouble(NamedTuple):
    """Why a part could not be worked on: a line for people, the condition's fault if it is that, and whether it is a bug."""

    line: str
    condition: tuple[str, int, int] | None = None
    is_bug: bool = False


class PartMade(NamedTuple):
    """What became of a part. `mistakes` are those of the table as a whole: then there is no payload file; nor is there one
    with `trouble`. `entries` are bad rows for a file of them, and `unkept` how many more
    there are."""

    file: str
    made: Made | None = None
    columns: tuple[str, ...] | None = None
    mistakes: tuple[Diagnostic, ...] = ()
    entries: tuple[BadEntry, ...] = ()
    unkept: int = 0
    picked: Picked = Picked()
    notes: tuple[str, ...] = ()
    trouble: Trouble | None = None


class PartRows(NamedTuple):
    """How many rows a part has, or why they can't be counted."""

    file: str
    rows: int = 0
    mistakes: tuple[Diagnostic, ...] = ()
    trouble: Trouble | None = None


def count_part(job: Job, number: int) -> PartRows:
    """Count the rows of a part."""
    file = shown(job.parts[number].name)
    try:
        _demand_version(job)
        return PartRows(file, rows_of(_asked(job, number, 0)))
    except BadTable as error:
        return PartRows(file, mistakes=(table_mistake(error, file),))
    except Exception as error:
        return PartRows(file, trouble=_trouble(error))


def compile_part(job: Job, number: int, first: int) -> PartMade:
    """Write the payload file of a part, whole or not at all; `first` is the number of its first row."""
    file = shown(job.parts[number].name)
    try:
        _demand_version(job)
        work = _Work(job)
        output = job.outputs.name(job.parts[number])
        make_folder(output)
        with open_feed(_asked(job, number, first), job.wanted, work.plans) as opened:
            table = in_chunks(opened.table)
            if lacks := lacking(work.plans, table):
                return PartMade(file, columns=table.columns, mistakes=tuple(lacks))
            try:
                with open_out(output, job.run) as stream:
                    for text in work.lines(table):
                        stream.buffer.write(text)
            except BadTable as error:
                return work.unwritten(table)._replace(mistakes=(table_mistake(error, file),))
            except CouldNotRead as error:
                return work.unwritten(table)._replace(trouble=_trouble(error))
        return work.result(table)._replace(picked=opened.picked, notes=tuple(opened.notes))
    except BadTable as error:
        return PartMade(file, mistakes=(table_mistake(error, file),))
    except Exception as error:
        return PartMade(file, trouble=_trouble(error))


def clean(folders: list[str], run: str) -> None:
    """Remove what killed workers have left of a run."""
    for folder in folders:
        remove_unfinished(folder, run)


class _Work:
    """A part while it is compiled."""

    def __init__(self, job: Job) -> None:
        self.plans = job.plans()
        self._job = job
        self._total = MadeTotal(MOST_SHOWN)
        self._entries: list[BadEntry] = []
        self._kept = self._unkept = 0

    def lines(self, table: Table) -> Iterator[bytes]:
        """The lines of a table that has chunks. Raises BadTable."""
        for plan in self.plans:
            plan.begin()
        kept = None if self._job.keeps_bad_rows else MOST_SHOWN
        maker = Maker(self.plans, table, fail_fast=False, kept=kept)
        for chunk in whole(table.chunks or iter(())):
            made = maker.make(chunk)
            self._total.add(made)
            if self._job.keeps_bad_rows and made.bad:
                self._keep(table, chunk, made)
            yield made.text

    def result(self, table: Table) -> PartMade:
        """What became of the part."""
        made = self._total.made(self.plans)
        return PartMade(table.file, made, table.columns, entries=tuple(self._entries), unkept=self._unkept)

    def unwritten(self, table: Table) -> PartMade:
        """What became of a part that has no payload file."""
        result = self.result(table)
        return result._replace(made=result.made._replace(payloads=0) if result.made is not None else None)

    def _keep(self, table: Table, chunk: AnyChunk, made: Made) -> None:
        assert table.parse is not None
        bad_of = {bad.row: bad.by_spec for bad in made.bad}
        room = MOST_KEPT - self._kept
        self._unkept += max(0, len(bad_of) - room)
        for record in table.parse(chunk) if room > 0 else ():
            if self._kept < MOST_KEPT and record.row in bad_of:
                self._kept += 1
                self._entries += (entry for bad in bad_of[record.row] for entry in entries(bad, record))


def _asked(job: Job, number: int, first: int) -> AskedTable:
    return job.wanted.asked(job.parts[number].name, first)._replace(path=job.paths[number])


def _demand_version(job: Job) -> None:
    if job.version != VERSION:
        raise CouldNotRead(f"a worker has pnpc {VERSION}, and this is {job.version}: install the same version on both")


def _trouble(error: Exception) -> Trouble:
    """An exception as a line without a value of a row."""
    if isinstance(error, CouldNotRead):
        return Trouble(str(error))
    if isinstance(error, BadCondition):
        return Trouble(error.message, (error.message, error.start, error.end))
    if isinstance(error, ImportError):
        return Trouble(str(error))
    if isinstance(error, OSError):
        name = f"can't write {shown(str(error.filename))}: " if error.filename else ""
        return Trouble(f"{name}{(error.strerror or str(error)).lower()}")
    last = extract_tb(error.__traceback__)[-1]
    return Trouble(f"{type(error).__name__} at {last.filename.rpartition('pnpc')[2]}:{last.lineno}", is_bug=True)
