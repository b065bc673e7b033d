"""The journal of a payload file: what was about to be sent, what became of it, which delivery events came.

The tables, and what each column means, are in `schemas/journal.sql`. One process pushes (see `owner`), others may read
and add events at the same time: each opens its own `Journal`. All times are milliseconds since 1970 in UTC.

    with Journal.open("shipment.journal.db") as journal:
        journal.add_events([Event("01G17EJCGAVV66J5WNA7ZCTF6H", "shipment-A1B2C3D4-0", 1650591346705, now)])
        journal.counts()    # Counts(accepted=2, refused=0, unknown=0, remaining=1)
"""

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

from pnpc.about import VERSION
from pnpc.deliver.journal.binding import Channel, PushRun, compare, digest_of
from pnpc.deliver.journal.database import (
    BUSY,
    DATABASE_ERRORS,
    JournalFailed,
    examine,
    make,
    opened,
    opened_to_read,
    recognize,
    transaction,
)
from pnpc.deliver.journal.disk import network_file_system
from pnpc.deliver.journal.records import Counts, Event, Intent, RequestShape, Result
from pnpc.deliver.journal.soundness import NotAJournal, look_at_file

_RECENT = 10_000  # intents, the last ones: more than leave in a second


class Journal:
    """An open journal. Close it, or use it as a context."""

    def __init__(self, name: str, database: sqlite3.Connection) -> None:
        """Use `Journal.open` or `Journal.open_or_create`."""
        self.name = name
        self._db = database
        self._shapes: dict[RequestShape, int] = {}
        self._new_shapes: list[tuple[int, RequestShape]] = []
        self._push = 0

    @classmethod
    def open(cls, name: str, patience: float = BUSY) -> "Journal":
        """The journal in a file; `patience` is how many seconds to wait while another process writes it.

        Raises NotAJournal, FileNotFoundError.
        """
        if not os.path.exists(name):
            raise FileNotFoundError(2, "no such file", name)
        look_at_file(name)
        return cls(name, opened(name, recognize, patience))

    @classmethod
    def read(cls, name: str) -> "Journal":
        """The journal in a file, for reading only: what it says stays. Raises NotAJournal, FileNotFoundError."""
        if not os.path.exists(name):
            raise FileNotFoundError(2, "no such file", name)
        look_at_file(name)
        return cls(name, opened_to_read(name, examine))

    @classmethod
    def open_or_create(cls, name: str, run: PushRun) -> "Journal":
        """The journal in a file; a new one for `run` where there is no file. For the owner only.

        Raises NotAJournal, also for a file that is empty, cut or damaged; OSError.
        """
        if kind := network_file_system(name):
            message = f"it is on a network file system ({kind}), where a journal is not safe"
            raise NotAJournal(f"can't use the journal {name}: {message}; give --journal on a local disk")
        if not os.path.lexists(name):
            make(name, run)
        look_at_file(name)
        return cls(name, opened(name, examine))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the last one to do so leaves one file without a write-ahead log."""
        self._db.close()

    # --- what any process may ask ---

    def run(self) -> PushRun:
        """What the journal belongs to."""
        return PushRun(*self._one("SELECT run, payloads, lines, file, target, api, salt, at FROM run"))

    def counts(self) -> Counts:
        """How many messages stand where. An intent without a result counts as unknown."""
        states = dict(self._rows("SELECT state, count(*) FROM messages GROUP BY state"))
        accepted = states.get("accepted", 0) + states.get("delivered", 0)
        refused, unknown = states.get("refused", 0), states.get("unknown", 0)
        (lines,) = self._one("SELECT lines FROM run")
        return Counts(accepted, refused, unknown, lines - accepted - refused - unknown)

    def last(self) -> int | None:
        """When a request last left, in milliseconds since 1970; None if none did."""
        ((at,),) = self.rows("SELECT max(at) FROM intents")
        return None if at is None else int(at)

    def requests(self) -> int:
        """How many requests have left over all runs; those that surely did not are not counted."""
        ((number,),) = self.rows(
            "SELECT count(*) FROM intents LEFT JOIN results USING (intent) WHERE outcome IS NOT 'not_sent'"
        )
        return int(number)

    def states(self) -> Iterator[tuple[int, str, int]]:
        """Each line that was tried: its number, state (delivered, accepted, refused, unknown, planned), attempts."""
        return self._rows("SELECT line, state, attempts FROM messages")

    def rows(self, sql: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """The rows of a SELECT over the tables of `schemas/journal.sql`."""
        return self._rows(sql, *values)

    def add_events(self, events: Iterable[Event]) -> int:
        """Keep the delivery events whose tag is one of ours, each id once; how many were new. Raises JournalFailed.

        They are durable when this returns.
        """
        with transaction(self.name, self._db):
            before = self._db.total_changes
            self._db.executemany(
                "INSERT OR IGNORE INTO events SELECT ?1, ?2, ?3, ?4 WHERE EXISTS (SELECT 1 FROM intents WHERE tag = ?2)",
                events,
            )
            return self._db.total_changes - before

    def sent(self, tags: Iterable[str]) -> dict[str, tuple[int, int]]:
        """Which of some delivery tags are ours, each with when a request first and last took it along."""
        sql = "SELECT tag, min(at), max(at) FROM intents WHERE tag IN (SELECT value FROM json_each(?)) GROUP BY tag"
        return {tag: (first, last) for tag, first, last in self._rows(sql, json.dumps(list(tags)))}

    def listen(self, since: int, now: int, heard: int | None = None) -> int:
        """Note a receiver of events that has been there `since`; gives its number, for `alive`. Raises JournalFailed."""
        with transaction(self.name, self._db):
            added = self._db.execute("INSERT INTO listeners (at, alive, heard) VALUES (?, ?, ?)", (since, now, heard))
            return int(added.lastrowid or 0)

    def alive(self, listener: int, now: int, heard: int | None = None) -> None:
        """Note that a receiver is still there, and when it last heard LINE. Raises JournalFailed."""
        with transaction(self.name, self._db):
            self._db.execute(
                "UPDATE listeners SET alive = ?, heard = coalesce(?, heard) WHERE listener = ?", (now, heard, listener)
            )

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All that is read inside the block is of one moment, whoever writes meanwhile."""
        try:
            self._db.execute("BEGIN")
            try:
                yield
            finally:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
        except DATABASE_ERRORS as error:
            raise JournalFailed(f"can't read the journal {self.name}: {error}") from error

    def require(self, run: PushRun, channel: Channel) -> PushRun:
        """What the journal belongs to. Raises NotThisRun if that is not `run`, JournalFailed."""
        mine = self.run()
        names = [name for (name,) in self.rows("SELECT channel FROM pushes WHERE channel NOT NULL ORDER BY push")]
        tokens = {token for (token,) in self.rows("SELECT token FROM pushes")}
        compare(mine, run, channel, names[-1] if names else None, tokens)
        return mine

    # --- what only the owner may do ---

    def begin(self, run: PushRun, channel: Channel, now: int) -> int:
        """Take the journal up for a run; how many intents a process that died left without a result.

        These are noted as unknown. Raises NotThisRun if the journal belongs to another one, JournalFailed.
        """
        mine = self.require(run, channel)
        with transaction(self.name, self._db):
            self._push = (
                self._db.execute(
                    "INSERT INTO pushes (channel, token, version, at) VALUES (?, ?, ?, ?)",
                    (channel.name, digest_of(mine.salt, channel.token), VERSION, now),
                ).lastrowid
                or 0
            )
            left = self._db.execute(
                "INSERT INTO results SELECT intent, 'unknown', 'process-ended', NULL, NULL, NULL, ?1, max(0, ?1 - at)"
                " FROM intents WHERE intent NOT IN (SELECT intent FROM results)",
                (now,),
            ).rowcount
        self._shapes = {RequestShape(*rest): shape for shape, *rest in self._rows("SELECT * FROM shapes")}
        return left

    def next_intent(self) -> int:
        """The number of the next intent."""
        return int(self._one("SELECT coalesce(max(intent), 0) + 1 FROM intents")[0])

    def recent(self, url: str, since: int) -> list[int]:
        """When requests were about to leave for a URL, from `since` on, in order of time."""
        sql = "SELECT at FROM intents JOIN shapes USING (shape) WHERE url = ? AND intent > ? AND at >= ? ORDER BY at"
        return [at for (at,) in self._rows(sql, url, self.next_intent() - _RECENT, since)]

    def shape(self, shape: RequestShape) -> int:
        """The number of a kind of request; a new one is written with the next commit."""
        number = self._shapes.get(shape)
        if number is None:
            number = self._shapes[shape] = len(self._shapes) + 1
            self._new_shapes.append((number, shape))
        return number

    def commit(self, intents: Sequence[Intent], results: Sequence[Result]) -> None:
        """Write intents and results in one transaction, durable when this returns. Raises JournalFailed."""
        with transaction(self.name, self._db):
            if self._new_shapes:
                self._db.executemany(
                    "INSERT INTO shapes VALUES (?, ?, ?, ?, ?)",
                    [(number, *shape) for number, shape in self._new_shapes],
                )
            self._db.executemany(
                "INSERT INTO intents (push, intent, line, attempt, id, tag, row, shape, at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [(self._push, *intent) for intent in intents],
            )
            self._db.executemany("INSERT INTO results VALUES (?, ?, ?, ?, ?, ?, ?, ?)", results)
        self._new_shapes.clear()

    # --- underneath ---

    def _rows(self, sql: str, *values: object) -> Iterator[tuple[Any, ...]]:
        try:
            # Not `yield from`: left half-way, that would close the cursor, which fails after the journal is closed.
            for row in self._db.execute(sql, values):  # noqa: UP028
                yield row
        except DATABASE_ERRORS as error:
            raise JournalFailed(f"can't read the journal {self.name}: {error}") from error

    def _one(self, sql: str) -> tuple[Any, ...]:
        row = next(self._rows(sql), None)
        if row is None:
            raise JournalFailed(f"can't read the journal {self.name}: it lacks what every journal has")
        return row
