"""What is gathered of a table's parts beside its rows: notes, and the parts that left no payload file."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from pnpc.cli.common import count_of
from pnpc.cli.compiling.options import CompileOptions
from pnpc.cli.compiling.rows import no_rows
from pnpc.cli.errors import CouldNotRun
from pnpc.compile.plan import Plan
from pnpc.compile.tables.picking import Picked
from pnpc.project.files import shown
from pnpc.project.parts.listing import PartList, parts_of, single
from pnpc.project.parts.outputs import BadOutput, Outputs, outputs_of

_MOST_NAMED = 3  # parts that could not be read
_MOST_NOTES = 10  # about single parts


class AskedParts(NamedTuple):
    """The parts of a run, and the files that their payloads go to; None where all go to one."""

    listed: PartList
    outputs: Outputs | None

    def refuse_bodies(self, plans: Iterable[Plan]) -> None:
        """A request body has no row, so no part's file is its own. Raises CouldNotRun."""
        body = next((plan for plan in plans if plan.raw), None)
        if body is not None and self.outputs is not None:
            raise CouldNotRun(f"{shown(body.file)} is a request body, which belongs to no part: compile it by itself")


def asked_parts(options: CompileOptions) -> AskedParts | None:
    """The parts that the options ask for; None for one table that becomes one file. Raises CouldNotRun, CouldNotRead."""
    if options.recipients in (None, "-"):
        return None
    name = str(options.recipients)
    listed = parts_of(name, options.recipients_format)
    try:
        outputs = outputs_of(options.output, options.format_) if options.output != "-" else None
        if listed is None and outputs is None and options.cluster is None:
            return None
        listed = listed or single(name)
        if outputs is not None:
            outputs.check(listed)
    except BadOutput as error:
        raise CouldNotRun(str(error)) from None
    if options.sample is not None:
        raise CouldNotRun("--sample takes rows of one table: name one of the parts, or use --where or --limit")
    return AskedParts(listed, outputs)


class Gathered:
    """What is to be said of parts when all have been read."""

    def __init__(self, options: CompileOptions, asked: AskedParts) -> None:
        self._options = options
        self._asked = asked
        self._picked = Picked()
        self._notes: list[str] = []
        self._unread: list[str] = []
        self._unwritten = 0
        self._end: list[str] = []

    def add(self, picked: Picked, notes: Iterable[str]) -> None:
        """A part that was read: what --where counted, and notes."""
        self._picked = self._picked.and_those(picked)
        self._notes += notes

    def add_unread(self, why: str) -> None:
        """A part that could not be read."""
        self._unread.append(why)

    def add_unwritten(self) -> None:
        """A part whose mistakes left no payload file."""
        self._unwritten += 1

    def add_uncounted(self, name: str) -> None:
        """A part whose rows can't be counted: it ends the run."""
        self._notes.append(f"{shown(name)} can't be counted: the rows of later parts have no number")

    def end(self) -> None:
        """The run ends before its last row."""
        if self._options.output != "-":
            left = "other parts were" if self._asked.outputs is not None else f"{shown(self._options.output)} was"
            self._end.append(f"the run ended before its last row: {left} not written")

    def demand_rows(self, rows: int) -> None:
        """Raises CouldNotRun if no part has a row, and nothing else was said of the parts."""
        if not rows and not self._options.allow_empty and not self._unread and not self._unwritten:
            raise no_rows(self._options.recipients or "", self._picked)

    def demand_all(self) -> None:
        """Raises CouldNotRun for parts that could not be read."""
        if self._unread:
            raise CouldNotRun(_few(self._unread))

    def notes(self) -> Iterator[str]:
        """What people should know."""
        yield from self._end
        yield from self._notes[:_MOST_NOTES]
        if len(self._notes) > _MOST_NOTES:
            yield f"{len(self._notes) - _MOST_NOTES:,} more notes about other parts are not shown"
        if others := self._asked.listed.others:
            are = "file is not a table and was" if others == 1 else "files are not tables and were"
            yield f"{others:,} {are} passed over in {shown(self._options.recipients or '')}"
        if self._options.where is not None:
            yield from self._picked.notes()
        if self._unwritten:
            parts = count_of(len(self._asked.listed.parts), "part")
            yield f"{self._unwritten:,} of {parts} had mistakes that left no payload file"


def _few(lines: Sequence[str]) -> str:
    """The first of some lines, and how many more there are, as one line."""
    more = len(lines) - _MOST_NAMED
    return "; ".join(lines[:_MOST_NAMED]) + (f"; and {count_of(more, 'more part')}" if more > 0 else "")
