"""What a run of `pnpc compile` reads: a table of recipients, its columns mapped, and of its rows those that are wanted."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import NamedTuple

from pnpc.cli.compiling.options import CompileOptions
from pnpc.cli.errors import CouldNotRun
from pnpc.compile.plan import Plan
from pnpc.compile.tables.naming import BadMap, names_of
from pnpc.compile.tables.phones import scrub
from pnpc.compile.tables.picking import BadCondition, Picked, RowCondition, sampled
from pnpc.compile.tables.recipients import Record, Table, limited
from pnpc.project.files import shown
from pnpc.project.parts.feed import Feed, Wanted, open_feed
from pnpc.report.clean import visible
from pnpc.text.width import cells


class OpenTable(NamedTuple):
    """A table that is open, and what is to be said of it when it has been read."""

    table: Table
    notes: Callable[[], Iterator[str]]


def wanted_by(options: CompileOptions, plans: Sequence[Plan]) -> Wanted:
    """How the options have tables read. Raises CouldNotRun."""
    known = frozenset().union(*(plan.columns for plan in plans))
    try:
        names = names_of(options.map_, known)
    except BadMap as error:
        raise CouldNotRun(f"--map: {error}") from None
    every = options.errors is not None
    return Wanted(options.recipients_format, options.encoding, options.delimiter, names, options.where, every)


@contextmanager
def feed(options: CompileOptions, plans: Sequence[Plan]) -> Iterator[OpenTable]:
    """The rows that the options ask for of one table. Raises CouldNotRun, CouldNotRead, BadTable."""
    wanted = wanted_by(options, plans)
    with told(options.where), open_feed(wanted.asked(options.recipients or ""), wanted, plans) as opened:
        table, notes = _chosen(opened, options)
        yield OpenTable(table, lambda: chain(opened.notes, *(note() for note in notes)))


@contextmanager
def told(where: str | None) -> Iterator[None]:
    """What is wrong with a condition as CouldNotRun."""
    try:
        yield
    except BadCondition as error:
        raise condition_mistake(error, where or "") from None


def condition_mistake(error: BadCondition, text: str) -> CouldNotRun:
    """The one line, and below it the condition with a mark under what is at fault."""
    line = f"--where: {error.message}"
    if scrub(text) == text:
        before, marked, after = (
            visible(part) for part in (text[: error.start], text[error.start : error.end], text[error.end :])
        )
        line += f"\n  {before}{marked}{after}\n  {' ' * cells(before)}{'^' * max(1, cells(marked))}"
    return CouldNotRun(line)


def no_rows(name: str, picked: Picked) -> CouldNotRun:
    """What is said of tables without a row to compile; `picked` is what the condition counted."""
    if picked.seen:
        rows = "the only row" if picked.seen == 1 else f"any of the {picked.seen:,} rows"
        return CouldNotRun(f"--where is not true for {rows} of {visible(shown(name))}")
    return CouldNotRun(f"no rows in {visible(shown(name))}; if that is right, add --allow-empty")


def _chosen(opened: Feed, options: CompileOptions) -> tuple[Table, list[Callable[[], Iterator[str]]]]:
    """The rows for --where, --sample and --limit, in this order, and notes about them."""
    table = opened.table
    notes: list[Callable[[], Iterator[str]]] = []
    condition = opened.condition
    if condition is not None:
        table = _instead(table, _held(table.records, condition, options))
        notes.append(lambda: condition.picked.notes())
    if options.sample is not None:
        rows, total = sampled(table.records, options.sample, options.seed)
        table = _instead(table, iter(rows))
        notes.append(lambda: iter((f"a sample of {len(rows):,} of {total:,} rows, --seed {options.seed}",)))
    if options.limit is not None:
        table = limited(table, options.limit)
    return table, notes


def _held(records: Iterator[Record], condition: RowCondition, options: CompileOptions) -> Iterator[Record]:
    """The rows that meet a condition. Raises CouldNotRun if none does."""
    yield from records
    picked = condition.picked
    if picked.seen and not picked.given and not options.allow_empty:
        raise no_rows(options.recipients or "", picked)


def _instead(table: Table, records: Iterator[Record]) -> Table:
    """A table of other records, which are read one by one."""
    return table._replace(records=records, chunks=None, parse=None)
