"""A batch of rows to lines of JSON: what a task of another engine does with its part of a table."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from pnpc.compile.batch import MadeTotal, Maker
from pnpc.compile.plan import BadRow, Plan
from pnpc.compile.tables.places import at_line
from pnpc.compile.tables.recipients import Record, RecordFault, Table, in_chunks
from pnpc.compile.tables.values import NotAValue, plain
from pnpc.compile.warnings import Warnings
from pnpc.text.finding import Range
from pnpc.text.wording import says


class Lines(NamedTuple):
    """What a batch of rows became.

    `text` is JSON Lines in UTF-8, as `pnpc compile` writes it and `pnpc push` takes it, of so many `payloads`, in the order
    of the rows. `bad` are the rows that made none, each with every mistake in it; `row` counts from the batch's `first`.
    `warnings` say for each rule how many rows it warns of, and of the first of them.
    """

    text: bytes
    payloads: int
    bad: tuple[BadRow, ...]
    warnings: tuple[Warnings, ...]


class LineMaker:
    """Makes the lines of batches for a plan; `file` is what their rows are called."""

    def __init__(self, plan: Plan, file: str) -> None:
        self._plan = plan
        self._file = file
        self._table = in_chunks(Table(file, None, lambda _: at_line(1), iter(())))
        self._maker = Maker([plan], self._table, fail_fast=False, kept=None)

    def lines(self, rows: Iterable[Mapping[str, Any]], first: int, line: int) -> Lines:
        """The lines of rows, of which the first has this number, and stands at this line of its file."""
        self._plan.begin()
        table = in_chunks(self._table._replace(records=self._records(rows, first, line), chunks=None))
        total = MadeTotal(None)
        texts = []
        for chunk in table.chunks or ():
            made = self._maker.make(chunk)
            total.add(made)
            texts.append(made.text)
        made = total.made([self._plan])
        bad = tuple(bad_row for bad in made.bad for bad_row in bad.by_spec)
        return Lines(b"".join(texts), made.payloads, bad, tuple(warnings for _, warnings in made.warnings))

    def _records(self, rows: Iterable[Mapping[str, Any]], first: int, line: int) -> Iterator[Record]:
        for at, row in enumerate(rows):
            where = at_line(line + at)
            values: dict[str, Any] = {}
            fault = None
            for name in self._plan.columns & row.keys():
                try:
                    values[name] = plain(row[name])
                except NotAValue as error:
                    fault = fault or RecordFault(says("`{name}` {fault}", name=name, fault=error.message), where)
            yield Record(self._file, first + at, values, "json", partial(_always, where), fault)


def _always(where: Range, _column: str | None) -> Range:
    return where
