"""What a run of `pnpc compile` reads: a table of recipients, its columns mapped, and of its rows those that are wanted."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any, NamedTuple

from pnpc.cli.compiling.options import CompileOptions
from pnpc.cli.errors import CouldNotRun
from pnpc.compile.plan import Plan
from pnpc.compile.tables.naming import BadMap, names_of
from pnpc.compile.tables.phones import scrub
from pnpc.compile.tables.picking import BadCondition, RowCondition, asks_for, sampled
from pnpc.compile.tables.recipients import Record, Table, limited
from pnpc.project.tables import AskedTable, open_table
from pnpc.report.clean import visible
from pnpc.text.width import cells


class Feed(NamedTuple):
    """A table that is open, and what is to be said of it when it has been read."""

    table: Table
    notes: Callable[[], Iterator[str]]


@contextmanager
def feed(options: CompileOptions, plans: Sequence[Plan]) -> Iterator[Feed]:
    """The rows that the options ask for. Raises CouldNotRun, CouldNotRead, BadTable."""
    known = frozenset().union(*(plan.columns for plan in plans))
    try:
        names = names_of(options.map_, known)
    except BadMap as error:
        raise CouldNotRun(f"--map: {error}") from None
    asked = AskedTable(options.recipients or "", options.recipients_format, options.encoding, names, options.delimiter)
    wanted = known | asks_for(options.where or "")
    with open_table(asked, wanted, every=options.errors is not None) as (table, notes):
        picked, more = _picked(table, options, plans)
        yield Feed(picked, lambda: chain(notes, more()))


def _picked(table: Table, options: CompileOptions, plans: Sequence[Plan]) -> tuple[Table, Callable[[], Iterator[str]]]:
    """The rows for --where, --sample and --limit, in this order, and notes about them."""
    notes: list[Callable[[], Iterator[str]]] = []
    if options.where is not None:
        declared: dict[str, Any] = {}
        for plan in reversed(plans):
            declared.update(plan.declared)
        try:
            condition = RowCondition(options.where, declared, table.columns)
        except BadCondition as error:
            raise _cant(error, options.where) from None
        table = _instead(table, _held(condition, table, options))
        notes.append(condition.notes)
    if options.sample is not None:
        rows, total = sampled(table.records, options.sample, options.seed)
        table = _instead(table, iter(rows))
        notes.append(lambda: iter((f"a sample of {len(rows):,} of {total:,} rows, --seed {options.seed}",)))
    if options.limit is not None:
        table = limited(table, options.limit)
    return table, lambda: chain.from_iterable(note() for note in notes)


def _held(condition: RowCondition, table: Table, options: CompileOptions) -> Iterator[Record]:
    """The rows that meet a condition. Raises CouldNotRun if none does."""
    records = condition.picks(table.records)
    try:
        first = next(records, None)
        if first is None and condition.seen and not options.allow_empty:
            rows = "the only row" if condition.seen == 1 else f"any of the {condition.seen:,} rows"
            raise CouldNotRun(f"--where is not true for {rows} of {visible(table.file)}")
        if first is not None:
            yield first
            yield from records
    except BadCondition as error:
        raise _cant(error, options.where or "") from None


def _instead(table: Table, records: Iterator[Record]) -> Table:
    """A table of other records, which are read one by one."""
    return table._replace(records=records, chunks=None, parse=None)


def _cant(error: BadCondition, text: str) -> CouldNotRun:
    """The one line, and below it the condition with a mark under what is at fault."""
    line = f"--where: {error.message}"
    if scrub(text) == text:
        before, marked, after = (
            visible(part) for part in (text[: error.start], text[error.start : error.end], text[error.end :])
        )
        line += f"\n  {before}{marked}{after}\n  {' ' * cells(before)}{'^' * max(1, cells(marked))}"
    return CouldNotRun(line)
