"""The file of bad rows that --errors asks for."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from os.path import splitext
from typing import IO, Any

from pnpc.cli.compiling.stopped import Stopped
from pnpc.compile.bad_rows import BadEntry, BadRows, entries
from pnpc.compile.mistakes import table_mistake
from pnpc.compile.plan import BadRow
from pnpc.compile.tables.recipients import BadTable, Record
from pnpc.project.streams import open_out, stem
from pnpc.text.finding import Diagnostic

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
        self._rows = BadRows((), jsonl=False)
        self._is_object = name is not None and splitext(stem(name))[1].lower() == ".json"
        self._separator = "\n"

    @contextmanager
    def open(
        self, columns: tuple[str, ...] | None, file: str, counts: Counts, *, files: bool = False
    ) -> Iterator[None]:
        """The file is there when the block ends, whole, with its header if nothing else; also when the run stopped, so
        that a file of an earlier run is never taken for it. Raises OSError, and what the block raises.

        `columns` are those of the table, which is `file`; with `files` there are several, and each line names its own.
        `counts` gives the counts of the run when it has ended.
        """
        if self._name is None:
            yield
            return
        stopped: Stopped | BadTable | None = None
        with self._opened(columns, counts, files=files):
            try:
                yield
            except (Stopped, BadTable) as error:
                stopped = error
                self.add_stop([table_mistake(error, file)] if isinstance(error, BadTable) else error.mistakes)
        if stopped is not None:
            raise stopped

    def bad_table(self, mistakes: Sequence[Diagnostic], counts: Counts) -> None:
        """Write the file for a table that could not be opened."""
        if self._name is not None and self._stream is None:
            with self._opened(None, counts):
                self.add_stop(mistakes)

    def add(self, bad: BadRow, record: Record) -> None:
        """Write the mistakes of a row."""
        self.add_entries(entries(bad, record))

    def add_entries(self, entries: Iterable[BadEntry]) -> None:
        """Write mistakes of rows."""
        if self._stream is not None:
            self._write(self._rows.lines(entries))

    def add_stop(self, mistakes: Sequence[Diagnostic]) -> None:
        """Write what is wrong with a table as a whole."""
        for mistake in mistakes if self._stream is not None else ():
            self._write(self._rows.of_table(mistake))

    @contextmanager
    def _opened(self, columns: tuple[str, ...] | None, counts: Counts, *, files: bool = False) -> Iterator[None]:
        assert self._name is not None
        jsonl = self._is_object or splitext(stem(self._name))[1].lower() in _LINES
        self._rows = BadRows(columns, jsonl=jsonl, files=files)
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
