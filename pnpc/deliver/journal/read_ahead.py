"""Pages of keys that are read ahead, by several threads at once.

Of a journal that remembers millions each key lies on a page of its own. Pages that no memory holds, asked for one after the
other, cost a wait for the disk each; asked for together they come together. What is read here only makes the lookup after it
fast: no answer comes from here, and what fails here fails there again.
"""

import json
import os
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from queue import Empty, SimpleQueue

from pnpc.deliver.journal.keys import READ

_THREADS = 8  # reads under way at once
_SMALL = 256_000_000  # bytes: a file of this size is soon in memory as a whole
_FEWEST = 64  # keys for which it is worth the while


class ReadAhead:
    """Readers of a journal's file, which are opened as they are needed."""

    def __init__(self, name: str, connect: Callable[[str], sqlite3.Connection]) -> None:
        """`connect` opens the file for reading, for use in any thread."""
        self._name, self._connect = name, connect
        self._pool: ThreadPoolExecutor | None = None
        self._idle: SimpleQueue[sqlite3.Connection] = SimpleQueue()

    def fetch(self, keys: Sequence[int]) -> None:
        """Read the pages of these keys, if they are many and the file is large."""
        if len(keys) < _FEWEST or os.path.getsize(self._name) <= _SMALL:
            return
        self._pool = self._pool or ThreadPoolExecutor(_THREADS, "pnpc-read-ahead")
        ordered = sorted(keys)
        list(self._pool.map(self._read, (ordered[start::_THREADS] for start in range(_THREADS))))

    def _read(self, keys: Sequence[int]) -> None:
        with suppress(Exception):  # the lookup itself says what is wrong with the file
            try:
                reader = self._idle.get_nowait()
            except Empty:
                reader = self._connect(self._name)
            reader.execute(READ, (json.dumps(keys),)).fetchall()
            self._idle.put(reader)

    def close(self) -> None:
        """Close the readers."""
        if self._pool is not None:
            self._pool.shutdown()
        with suppress(Empty):
            while True:
                self._idle.get_nowait().close()
