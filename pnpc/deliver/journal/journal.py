"""The journal in a file: what was about to be sent, what became of it, which delivery events came. The memory of all runs.

The tables, and what each column means, are in `schemas/journal.sql`. One process pushes (see `owner`), others may read
and add events at the same time: each opens its own `Journal`. All times are milliseconds since 1970 in UTC.

    with Journal.open("pnpc.journal.db") as journal:
        journal.add_events([Event("01G17EJCGAVV66J5WNA7ZCTF6H", "shipment-A1B2C3D4", 1650591346705, now)])
        journal.known("line", "https://api.line.me", ["8b880cdbcec7718e857c40041434e5cf"])
"""

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from pnpc.about import VERSION
from pnpc.deliver.journal.any_journal import AnyJournal
from pnpc.deliver.journal.database import (
    BUSY,
    DATABASE_ERRORS,
    examine,
    make,
    opened,
    opened_to_read,
    recognize,
    transaction,
)
from pnpc.deliver.journal.dialect import SQLITE, Selection
from pnpc.deliver.journal.disk import SameFile, look_at_disk
from pnpc.deliver.journal.keys import BY_ID, BY_TOPIC, WAITING, key_of, write_keys
from pnpc.deliver.journal.read_ahead import ReadAhead
from pnpc.deliver.journal.records import (
    Claim,
    Counts,
    Event,
    Intent,
    JournalFailed,
    RequestShape,
    Result,
)
from pnpc.deliver.journal.runs import NewRun, digest_of, kept, topic_of
from pnpc.deliver.journal.soundness import look_at_file
from pnpc.deliver.journal.statements import BEGIN, EVENT, LEFT, REFUSALS, RESULT
from pnpc.project.journals import one_address

_RECENT = 10_000  # intents, the last ones: more than leave in a second


class Journal(AnyJournal):
    """An open journal of SQLite. Close it, or use it as a context."""

    dialect = SQLITE
    is_remote = False
    patience = 0.0

    def __init__(self, name: str, database: sqlite3.Connection) -> None:
        """Use `Journal.open` or `Journal.open_or_create`."""
        super().__init__()
        self.name = name
        self._db = database
        self._shapes: dict[RequestShape, int] = {}
        self._next_message = self._next_intent = 1
        self._keyed = 0  # the last message whose keys are written
        self._run = self._at = 0  # numbers of the run and of its address
        self._file = SameFile(name)
        self._ahead = ReadAhead(name, lambda name: opened_to_read(name, recognize))

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
    def open_or_create(cls, name: str) -> "Journal":
        """The journal in a file; a new one where there is no file. For the owner only.

        Raises NotAJournal, also for a file that is empty, cut or damaged; OSError.
        """
        look_at_disk(name)
        if not os.path.lexists(name):
            make(name)
        look_at_file(name)
        return cls(name, opened(name, examine))

    def close(self) -> None:
        """Close the file; the last one to do so leaves one file without a write-ahead log."""
        self._ahead.close()
        self._db.close()

    # --- what any process may ask ---

    def _by_id(self, address: int | None, ids: Sequence[str]) -> Selection:
        keys = [key_of(id) for id in ids]
        self._ahead.fetch(keys)
        return Selection(BY_ID, (json.dumps(keys), address, json.dumps(ids)))

    def _by_topic(self, address: int | None, topics: Sequence[int]) -> Selection:
        self._ahead.fetch(topics)
        return Selection(BY_TOPIC, (json.dumps(topics), address))

    def rows(self, sql: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """The rows of a SELECT over the tables of `schemas/journal.sql`."""
        try:
            # Not `yield from`: left half-way, that would close the cursor, which fails after the journal is closed.
            for row in self._db.execute(sql, values):  # noqa: UP028
                yield row
        except DATABASE_ERRORS as error:
            raise JournalFailed(f"can't read the journal {self.name}: {error}") from error

    def add_events(self, events: Iterable[Event]) -> int:
        """Keep the delivery events whose tag or message is one of ours, each id once; how many were new. Raises JournalFailed.

        They are durable when this returns.
        """
        with transaction(self.name, self._db):
            before = self._db.total_changes
            self._db.executemany(EVENT, events)
            return self._db.total_changes - before

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

    # --- what only the owner may do ---

    def begin(self, run: NewRun, now: int) -> int:
        """Take the journal up for a run; how many intents a process that died left without a result.

        These are noted as unknown. Raises JournalFailed.
        """
        with transaction(self.name, self._db):
            self._db.execute(
                "INSERT OR IGNORE INTO addresses (target, api) VALUES (?, ?)", (run.target, one_address(run.api))
            )
            address = self._address(run.target, run.api)
            left = self._db.execute(LEFT, (now,)).rowcount
            self._keyed = write_keys(self._db)
            self._next_message = self._keyed + 1
            (self._next_intent,) = self._one("SELECT coalesce(max(intent), 0) + 1 FROM intents")
            token, first = digest_of(self._salt(), run.secret), self._next_intent
            channel = None if run.channel is None else kept(run.channel)
            row = (address, kept(run.file), run.payloads, run.lines, first, channel, token, VERSION, now)
            self._run = self._db.execute(BEGIN, row).lastrowid or 0
            self._db.executemany(
                "INSERT INTO files VALUES (?, ?, ?)", [(self._run, before, digest) for before, digest in run.files]
            )
        self._at = address or 0
        self._shapes = {RequestShape(*rest): shape for shape, *rest in self.rows("SELECT * FROM shapes")}
        return left

    def refusals(self) -> list[tuple[str, int]]:
        """Why this run's messages were refused, each reason with their number, the most first."""
        return [(reason, number) for reason, number in self.rows(REFUSALS, self._run)]

    def end(self, counts: Counts, sent: int, now: int) -> None:
        """Note how the run ended. Raises JournalFailed."""
        with transaction(self.name, self._db):
            self._db.execute("INSERT INTO ends VALUES (?, ?, ?, ?, ?, ?, ?)", (self._run, *counts, sent, now))
            self._keyed = write_keys(self._db)

    def recent(self, url: str, since: int) -> list[int]:
        """When requests were about to leave for a URL, from `since` on, in order of time."""
        sql = "SELECT at FROM intents JOIN shapes USING (shape) WHERE url = ? AND intent > ? AND at >= ? ORDER BY at"
        return [at for (at,) in self.rows(sql, url, self._next_intent - _RECENT, since)]

    def claim(self, claims: Sequence[Claim], results: Sequence[Result]) -> list[Intent]:
        """Write claims and results in one transaction, durable when this returns: then each claimed request may leave.

        Raises JournalFailed; then nothing was written, and the same may be tried again.
        """
        if not self._file.is_there():
            raise JournalFailed(f"the journal {self.name} was deleted or replaced while it was used")
        ids, intents, shapes, granted = [], [], dict(self._shapes), []
        message, first = self._next_message, self._next_intent
        for intent, claim in enumerate(claims, first):
            number = claim.message
            if number is None:
                number, message = message, message + 1
                topic = None if claim.subject is None else topic_of(self._salt(), claim.subject)
                ids.append((number, self._at, claim.id, topic))
            shape = shapes.setdefault(claim.shape, len(shapes) + 1)
            intents.append(
                (intent, self._run, number, claim.attempt, claim.line, claim.tag, claim.row, shape, claim.at)
            )
            granted.append(Intent(intent, number))
        new_shapes = [(number, *shape) for shape, number in list(shapes.items())[len(self._shapes) :]]
        with transaction(self.name, self._db):
            if new_shapes:
                self._db.executemany("INSERT INTO shapes VALUES (?, ?, ?, ?, ?)", new_shapes)
            self._db.executemany("INSERT INTO ids VALUES (?, ?, ?, ?)", ids)
            self._db.executemany("INSERT INTO intents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", intents)
            self._db.executemany(RESULT, results)
            if message - self._keyed > WAITING:
                self._keyed = write_keys(self._db)
        self._shapes, self._next_message, self._next_intent = shapes, message, first + len(claims)
        return granted

    def write(self, *statements: tuple[str, Sequence[tuple[object, ...]]]) -> None:
        """Run each statement for its rows, all in one transaction. Raises JournalFailed."""
        with transaction(self.name, self._db):
            for sql, rows in statements:
                self._db.executemany(sql, rows)

    @contextmanager
    def forgetting(self) -> Iterator[None]:
        """What is overwritten inside the block stays neither in free pages nor in the log. The keys of topics go with it."""
        list(self.rows("PRAGMA secure_delete = ON"))
        yield
        list(self.rows("PRAGMA wal_checkpoint(TRUNCATE)"))

    def leaves(self) -> None:
        """Nothing can come between a claim and its request: no other process has the journal."""
