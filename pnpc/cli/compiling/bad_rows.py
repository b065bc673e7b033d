"""The file of bad rows that --errors asks for."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from os.path import splitext
from typing import IO, Any

from pnpc.cli.compiling.run import Stopped, table_mistake
from pnpc.compile.bad_rows import BadRows
from pnpc.compile.plan import BadRow
from pnpc.compile.tables.naming import aside
from pnpc.compile.tables.recipients import BadTable, Record, Table
from pnpc.compile.targets import TARGETS
from pnpc.project.streams import open_out, stem

_SECRET = frozenset(name for target in TARGETS.values() for name in target.private)


Counts = Callable[[], dict[str, Any]]

_LINES = (".jsonl", ".ndjson")
_HEAD = '{"version": 1, "mistakes": ['  # of a file that is one JSON object; its lines follow, then what was counted


class KeptRows:
    """Writes bad rows to a file while it is open; without a name, nowhere.

    A file whose name ends in `.json` is one object: the mistakes, then the counts of the run.
    """

    def __init__(self, name: str | None) -> None:
        self._name = name
        self._stream: IO[str] | None = None
        self._rows = BadRows((), (), jsonl=False)
        self._is_object = name is not None and splitext(stem(name))[1].lower() == ".json"
        self._separator = "\n"

    @contextmanager
    def open(self, table: Table, counts: Counts) -> Iterator[None]:
        """The file is there when the block ends, whole, with its header if nothing else; also when the run stopped, so
        that a file of an earlier run is never taken for it. Raises OSError, and what the block raises.

        `counts` gives the counts of the run when it has ended.
        """
        if self._name is None:
            yield
            return
        stopped: Stopped | BadTable | None = None
        with self._opened(table.columns, counts):
            try:
                yield
            except (Stopped, BadTable) as error:
                stopped = error
                self._add_stop(error, table.file)
        if stopped is not None:
            raise stopped

    def bad_table(self, error: BadTable, file: str, counts: Counts) -> None:
        """Write the file for a table that could not be opened."""
        if self._name is not None and self._stream is None:
            with self._opened(None, counts):
                self._add_stop(error, file)

    def add(self, bad: BadRow, record: Record) -> None:
        """Write the mistakes of a row."""
        if self._stream is not None:
            self._write(self._rows.lines(bad, record))

    @contextmanager
    def _opened(self, columns: tuple[str, ...] | None, counts: Counts) -> Iterator[None]:
        assert self._name is not None
        jsonl = self._is_object or splitext(stem(self._name))[1].lower() in _LINES
        self._rows = BadRows(columns, _SECRET | {aside(name) for name in _SECRET}, jsonl=jsonl)
        with open_out(self._name) as self._stream:
            self._stream.write(_HEAD if self._is_object else self._rows.header())
            yield
            if self._is_object:
                self._stream.write(f"\n], {json.dumps(counts(), ensure_ascii=False)[1:]}\n")

    def _write(self, lines: str) -> None:
        """Write lines; in an object they are the entries of a list."""
        assert self._stream is not None
        if not self._is_object:
            self._stream.write(lines)
            return
        for line in filter(None, lines.split("\n")):
            self._stream.write(self._separator + line)
            self._separator = ",\n"

    def _add_stop(self, error: Stopped | BadTable, file: str) -> None:
        assert self._stream is not None
        mistakes = [table_mistake(error, file)] if isinstance(error, BadTable) else error.mistakes
        for mistake in mistakes:
            self._write(self._rows.of_table(mistake))
