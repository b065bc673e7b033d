"""What is read of a table: its columns under the names that the specs know, and of its rows those that are wanted."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from pnpc.compile.plan import Plan
from pnpc.compile.tables.picking import Picked, RowCondition, asks_for
from pnpc.compile.tables.recipients import Table
from pnpc.project.tables import AskedTable, open_table


class Wanted(NamedTuple):
    """How tables are read. `names` are those of `pnpc.compile.tables.naming.names_of`; `where` is a condition on rows;
    `every`: with the columns that no spec knows."""

    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    names: Mapping[str, str] = {}
    where: str | None = None
    every: bool = False

    def asked(self, name: str, first: int = 0) -> AskedTable:
        """A table by its name; `first` is the row of its first record."""
        return AskedTable(name, self.format, self.encoding, self.names, self.delimiter, first)


class Feed(NamedTuple):
    """A table that is open. When it has been read, `notes` are complete, and `condition` has counted its rows."""

    table: Table
    notes: list[str]
    condition: RowCondition | None

    @property
    def picked(self) -> Picked:
        """What the condition has counted so far."""
        return self.condition.picked if self.condition is not None else Picked()


@contextmanager
def open_feed(asked: AskedTable, wanted: Wanted, plans: Sequence[Plan]) -> Iterator[Feed]:
    """A table's rows, for these plans. Raises CouldNotRead, BadTable, and BadCondition for the condition."""
    known = frozenset().union(*(plan.columns for plan in plans))
    with open_table(asked, known | asks_for(wanted.where or ""), every=wanted.every) as (table, notes):
        if wanted.where is None:
            yield Feed(table, notes, None)
            return
        condition = RowCondition(wanted.where, _declared(plans), table.columns)
        records = condition.picks(table.records)
        yield Feed(table._replace(records=records, chunks=None, parse=None), notes, condition)


def asks_for_index(plans: Sequence[Plan], wanted: Wanted) -> bool:
    """Whether a text of the specs, or the condition, may ask for the number of a row: then a part must know the rows
    before it."""
    return any(plan.asks_for_recipient for plan in plans) or "recipient" in asks_for(wanted.where or "")


def _declared(plans: Sequence[Plan]) -> dict[str, Any]:
    declared: dict[str, Any] = {}
    for plan in reversed(plans):
        declared.update(plan.declared)
    return declared
