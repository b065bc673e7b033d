"""The file of bad rows that --errors asks for."""

from collections.abc import Iterator
from contextlib import contextmanager
from os.path import splitext
from typing import IO

from pnpc.compile.badrows import BadRows
from pnpc.compile.naming import aside
from pnpc.compile.plan import BadRow
from pnpc.compile.recipients import Record, Table
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
        """The file is there when the block ends, whole, with its header if nothing else. Raises OSError."""
        if self._name is None:
            yield
            return
        jsonl = splitext(stem(self._name))[1].lower() in (".jsonl", ".ndjson")
        self._rows = BadRows(table.columns, _SECRET | {aside(name) for name in _SECRET}, jsonl=jsonl)
        with open_out(self._name) as self._stream:
            self._stream.write(self._rows.header())
            yield

    def add(self, bad: BadRow, record: Record) -> None:
        """Write the mistakes of a row."""
        if self._stream is not None:
            self._stream.write(self._rows.lines(bad, record))
