"""Rows of a table that is stored by columns: as texts for the fast way, and as values for the judge."""

from collections.abc import Callable, Iterator
from typing import Any, Literal, NamedTuple

from pnpc.text.values import whole

# Between the fields of a row, between rows, and in place of a field that only the judge can read. No message can hold
# them, so a value that does goes the slow way.
FIELD, ROW, UNSURE = "\x1f", "\x1e", "\x1d"

# `none`: a column without any value; `other`: what no variable can have as text.
Kind = Literal["string", "integer", "number", "boolean", "none", "other"]
# Of which kinds of columns the text is what a table of text would have for a variable of this type.
_SAME: dict[str, tuple[Kind, ...]] = {
    "string": ("string", "none"),
    "integer": ("integer", "number", "none"),
    "number": ("integer", "number", "none"),
    "boolean": ("boolean", "none"),
}


class Column(NamedTuple):
    """A column that was read: its name, and what its values are."""

    name: str
    kind: Kind

    def has(self, type: str | None) -> bool:
        """Whether its texts mean the same to a variable of a type (None: no variable has its name)."""
        return type is None or self.kind in _SAME.get(type, ())


class ColumnChunk:
    """Some rows: `row` is the index of the first, `line` its place in the file, `records` how many there are."""

    def __init__(
        self,
        columns: tuple[Column, ...],
        row: int,
        line: int,
        records: int,
        text: str | None,
        values: Callable[[], list[list[Any]]],
    ) -> None:
        """`text`: all rows, or None where they can't be written as text; `values` gives the columns' own."""
        self.columns = columns
        self.row = row
        self.line = line
        self.records = records
        self._text = text
        self._values = values

    def fields(self) -> list[list[str]]:
        """The fields of each row as a table of text would have them; empty where there is no text."""
        if self._text is None:
            return []
        rows = [row.split(FIELD) for row in self._text.split(ROW)]
        # A value that holds one of the signs has torn its row.
        return rows if len(rows) == self.records and all(len(row) == len(self.columns) for row in rows) else []

    def rows(self) -> Iterator[dict[str, Any]]:
        """The values of each row, by column."""
        names = [column.name for column in self.columns]
        if not names:
            return iter([{} for _ in range(self.records)])
        return (dict(zip(names, values, strict=True)) for values in zip(*self._values(), strict=True))

    def first(self, most: int) -> "ColumnChunk":
        """The first rows alone."""
        text = None if self._text is None else ROW.join(self._text.split(ROW, most)[:most])
        return ColumnChunk(
            self.columns, self.row, self.line, most, text, lambda: [column[:most] for column in self._values()]
        )

    def __reduce__(self) -> tuple[Any, ...]:
        """For another process, which needs no library for it: the values are plain ones there."""
        return _received, (self.columns, self.row, self.line, self.records, self._text, self._values())


def _received(
    columns: tuple[Column, ...], row: int, line: int, records: int, text: str | None, values: list[list[Any]]
) -> ColumnChunk:
    return ColumnChunk(columns, row, line, records, text, lambda: values)


def number(value: float) -> str:
    """The text of a number, as every table has it: 7 for 7.0."""
    exact = whole(value) if isinstance(value, float) else value
    if isinstance(exact, float) and exact.is_integer():
        return UNSURE  # too large to be sure of its digits
    return repr(exact)
