"""The file of bad rows that --errors asks for."""

from collections.abc import Iterator
from contextlib import contextmanager
from os.path import splitext
from typing import IO

from pnpc.cli.compiling.run import Stopped, table_mistake
from pnpc.compile.bad_rows import BadRows
from pnpc.compile.plan import BadRow
from pnpc.compile.tables.naming import aside
from pnpc.compile.tables.recipients import BadTable, Record, Table
from pnpc.compile.targets import TARGETS
from pnpc.project.streams import open_out, stem

_SECRET = frozenset(name for target in TARGETS.values() for name in target.private)


class KeptRows:
    """Writes bad rows to a file while it is open; without a name, nowhere."""

    def __init__(self, name: str | None) -> None:
        self._name = name
        self._stream: IO[str] | None = None
        self._rows = BadRows((), (), jsonl=False)

    @contextmanager
    def open(self, table: Table) -> Iterator[None]:
        """The file is there when the block ends, whole, with its header if nothing else; also when the run stopped, so
        that a file of an earlier run is never taken for it. Raises OSError, and what the block raises."""
        if self._name is None:
            yield
            return
        stopped: Stopped | BadTable | None = None
        with self._opened(table.columns):
            try:
                yield
            except (Stopped, BadTable) as error:
                stopped = error
                self._add_stop(error, table.file)
        if stopped is not None:
            raise stopped

    def bad_table(self, error: BadTable, file: str) -> None:
        """Write the file for a table that could not be opened."""
        if self._name is not None and self._stream is None:
            with self._opened(None):
                self._add_stop(error, file)

    def add(self, bad: BadRow, record: Record) -> None:
        """Write the mistakes of a row."""
        if self._stream is not None:
            self._stream.write(self._rows.lines(bad, record))

    @contextmanager
    def _opened(self, columns: tuple[str, ...] | None) -> Iterator[None]:
        assert self._name is not None
        jsonl = splitext(stem(self._name))[1].lower() in (".jsonl", ".ndjson")
        self._rows = BadRows(columns, _SECRET | {aside(name) for name in _SECRET}, jsonl=jsonl)
        with open_out(self._name) as self._stream:
            self._stream.write(self._rows.header())
            yield

    def _add_stop(self, error: Stopped | BadTable, file: str) -> None:
        assert self._stream is not None
        mistakes = [table_mistake(error, file)] if isinstance(error, BadTable) else error.mistakes
        self._stream.writelines(self._rows.of_table(mistake) for mistake in mistakes)
