"""The journal in PostgreSQL: the same memory as in a file, for senders on several machines at once.

A message is claimed once, whoever asks (`claims`), and a sender that falls silent is fenced (`run_lease`). The tables are in
`schemas/journal.postgres.sql`.
"""

import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

from pnpc.about import VERSION
from pnpc.deliver.journal.any_journal import AnyJournal, Use
from pnpc.deliver.journal.dialect import POSTGRES, Selection
from pnpc.deliver.journal.records import Claim, Counts, Event, Intent, JournalAway, JournalFailed, Result, TooLate
from pnpc.deliver.journal.runs import NewRun, digest_of, kept
from pnpc.deliver.journal.timestamps import SECOND
from pnpc.deliver.postgres.claims import Claimant, Claimer
from pnpc.deliver.postgres.connection import SCHEMA, Database
from pnpc.deliver.postgres.rights import demand_rights
from pnpc.deliver.postgres.run_lease import NOW, Lease, Pulse, boot_clock, count_silent, pause, wait_for_silent
from pnpc.deliver.postgres.shared_rate import SharedRate
from pnpc.deliver.postgres.tables import demand_journal, make_tables
from pnpc.project.journals import one_address

_SILENCE = 5.0  # seconds without an answer after which a sender, and a receiver, count the server as away
_AGAIN = 0.2  # seconds between two tries to end a run while the server is away
_RECENT = 10_000  # intents, the last ones: more than leave in a second
_FORGOTTEN = ("ids", "intents", "results", "settled", "events")  # tables that a purge changes

_ADDRESS = "INSERT INTO addresses (target, api) VALUES (?, ?) ON CONFLICT DO NOTHING"
_RUN = (
    "INSERT INTO runs (address, file, payloads, lines, first, channel, token, version, at)"
    " VALUES (?, ?, ?, ?, (SELECT coalesce(max(intent), 0) + 1 FROM intents), ?, ?, ?, ?) RETURNING run, first"
)
_LEASE = f"INSERT INTO leases (run, holder, until, batch, oldest) SELECT ?1, ?2, {NOW} + lease, 0, ?3 FROM journal"
_EVENTS = (
    "INSERT INTO events SELECT event, tag, at, received,"
    " (SELECT min(intent) FROM results r WHERE r.message_id = e.message_id), failed, why"
    " FROM unnest(?1::text[], ?2::text[], ?3::bigint[], ?4::bigint[], ?5::text[], ?6::boolean[], ?7::text[])"
    " AS e(event, tag, at, received, message_id, failed, why)"
    " WHERE EXISTS (SELECT 1 FROM intents i WHERE i.tag = e.tag AND i.tag = ANY(?2))"
    " OR EXISTS (SELECT 1 FROM results r WHERE r.message_id = e.message_id)"
    " ORDER BY event ON CONFLICT DO NOTHING RETURNING 1"
)


class PostgresJournal(AnyJournal):
    """An open journal of PostgreSQL. Close it, or use it as a context."""

    dialect = POSTGRES
    is_remote = True

    def __init__(self, database: Database) -> None:
        """Use `open`, `read` or `create`."""
        super().__init__()
        self.name = database.name
        self._database = database
        self._aside = ThreadPoolExecutor(1, "pnpc-rate")  # what sends must not wait for
        self._claimer: Claimer | None = None
        self._lease: Lease | None = None
        self._pulse: Pulse | None = None
        self._first = 1
        self._channel = ""  # by which other senders know it, too
        self.patience = 0.0
        self._in_snapshot = False

    @classmethod
    def open(cls, url: str) -> "PostgresJournal":
        """The journal in a database. Raises NotAJournal where there is none, JournalFailed."""
        return cls._of(Database(url))

    @classmethod
    def open_beside(cls, url: str) -> "PostgresJournal":
        """The same for a receiver, whose posts can't wait for a server that is silent: it counts as away."""
        database = Database(url)
        database.limit = _SILENCE
        return cls._of(database)

    @classmethod
    def read(cls, url: str) -> "PostgresJournal":
        """The journal in a database, for reading only. Raises NotAJournal where there is none, JournalFailed."""
        return cls._of(Database(url, reads_only=True))

    @classmethod
    def create(cls, url: str) -> bool:
        """Make a journal in a database; False if one is there. Raises NotAJournal where something else is, JournalFailed."""
        database = Database(url)
        try:
            return make_tables(database)
        finally:
            database.close()

    @classmethod
    def _of(cls, database: Database) -> "PostgresJournal":
        try:
            demand_journal(database)
        except BaseException:
            database.close()
            raise
        return cls(database)

    def close(self) -> None:
        """End the run, if it has not ended, and close the connection."""
        with suppress(JournalFailed):
            self._end_run()
        self._aside.shutdown(cancel_futures=True)
        self._database.close()

    # --- what any process may ask, or write ---

    def _by_id(self, address: int | None, ids: Sequence[str]) -> Selection:
        return Selection(
            "SELECT id, message FROM ids WHERE address = ?1 AND id = ANY(?2::text[])", (address, list(ids))
        )

    def _by_topic(self, address: int | None, topics: Sequence[int]) -> Selection:
        sql = "SELECT topic, id, message FROM ids WHERE address = ?1 AND topic = ANY(?2::bigint[])"
        return Selection(sql, (address, list(topics)))

    def rows(self, sql: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """The rows of a SELECT over the tables of `schemas/journal.sql`, which are those of PostgreSQL, too."""
        yield from self._database.stream(sql, values) if self._in_snapshot else self._database.rows(sql, values)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All that is read inside the block is of one moment, whoever writes meanwhile."""
        with self._database.transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"):
            self._in_snapshot = True
            try:
                yield
            finally:
                self._in_snapshot = False

    def add_events(self, events: Iterable[Event]) -> int:
        """Keep the delivery events whose tag or message is one of ours, each id once; how many were new. Raises JournalFailed."""
        rows = [
            (event.event, event.tag, event.at, event.received, event.message_id, event.failed, event.why)
            for event in events
        ]
        return len(self._database.rows(_EVENTS, [list(column) for column in zip(*rows, strict=True)])) if rows else 0

    def listen(self, since: int, now: int, heard: int | None = None) -> int:
        """Note a receiver of events that has been there `since`; gives its number, for `alive`. Raises JournalFailed."""
        sql = "INSERT INTO listeners (at, alive, heard) VALUES (?, ?, ?) RETURNING listener"
        return int(self._one(sql, since, now, heard)[0])

    def alive(self, listener: int, now: int, heard: int | None = None) -> None:
        """Note that a receiver is still there, and when it last heard LINE. Raises JournalFailed."""
        sql = "UPDATE listeners SET alive = ?, heard = coalesce(?, heard) WHERE listener = ?"
        self._database.rows(sql, (now, heard, listener))

    def write(self, *statements: tuple[str, Sequence[tuple[object, ...]]]) -> None:
        """Run each statement for its rows, all in one transaction. Raises JournalFailed."""
        with self._database.transaction():
            for sql, rows in statements:
                self._database.run_many(sql, rows)

    @contextmanager
    def forgetting(self) -> Iterator[None]:
        """Afterwards the space of what was overwritten is free to be used again, where we may say so."""
        yield
        for table in _FORGOTTEN:
            with suppress(JournalFailed):
                self._database.rows(f"VACUUM {SCHEMA}.{table}")

    # --- what a sender does ---

    def demand_rights(self, use: Use) -> None:
        """Refuse a role that lacks a right for what it is about to do. Raises NotAJournal, JournalFailed."""
        demand_rights(self._database, use)

    def wait_for_silent(self, say: Callable[[str], None]) -> None:
        """Wait until it is known of each silent sender whether it is dead: then what it had under way is unknown. Raises
        JournalFailed."""
        wait_for_silent(self._database, round(self.silence() * SECOND), say)

    def is_sending(self) -> bool:
        """Whether a sender is alive. Raises JournalFailed."""
        return bool(self._database.rows(f"SELECT 1 FROM leases WHERE over IS NULL AND until >= {NOW} LIMIT 1"))

    def begin(self, run: NewRun, now: int) -> int:
        """Take the journal up for a run, beside others; how many requests of silent senders have no result. They are unknown to
        this run, whether their sender is dead or not. Raises NotAJournal where the role may not send, JournalFailed."""
        self._end_run()
        self._database.limit = _SILENCE
        self.demand_rights("send")
        left = count_silent(self._database)
        self._database.rows(_ADDRESS, (run.target, one_address(run.api)))
        address = self._address(run.target, run.api) or 0
        token, channel = digest_of(self._salt(), run.secret), None if run.channel is None else kept(run.channel)
        self._channel = token if channel is None else channel
        holder, asked = secrets.token_hex(8), boot_clock()
        with self._database.transaction():
            row = (address, kept(run.file), run.payloads, run.lines, channel, token, VERSION, now)
            ((number, first),) = self._database.rows(_RUN, row)
            self._database.rows(_LEASE, (number, holder, first))
            milliseconds, patience = self._one("SELECT lease, patience FROM journal")
            files = [(number, before, digest) for before, digest in run.files]
            self._database.run_many("INSERT INTO files VALUES (?, ?, ?)", files)
        self._first, self.patience = first, patience / SECOND
        lease = self._lease = Lease(self._database, number, holder, milliseconds, asked)
        self._claimer = Claimer(self._database, Claimant(lease, address, self._salt(), run), first)
        self._pulse = Pulse(lease.live, pause(milliseconds))
        return left

    def claim(self, claims: Sequence[Claim], results: Sequence[Result]) -> Sequence[Intent | None]:
        """Write claims and results in one transaction, durable when this returns: then each granted request may leave.

        Raises JournalFailed; JournalAway if the same may go well later.
        """
        if self._claimer is None:
            raise JournalFailed(f"no run has begun in the journal {self.name}")
        return self._claimer.claim(claims, results)

    def leaves(self) -> None:
        """A claimed request is about to leave. Raises TooLate where another sender may have fenced the run."""
        if self._lease is None or not self._lease.is_sure():
            raise TooLate("the run gave no sign of life for so long that it may count as dead")

    def recent(self, url: str, since: int) -> list[int]:
        """When requests were about to leave for a URL, from `since` on, in order of time, whoever sent them."""
        sql = (
            "SELECT at FROM intents JOIN shapes USING (shape)"
            " WHERE url = ? AND intent > (SELECT coalesce(max(intent), 0) FROM intents) - ? AND at >= ? ORDER BY at"
        )
        return [at for (at,) in self.rows(sql, url, _RECENT, since)]

    def limiter(self, url: str, rate: int) -> SharedRate:
        """The rate of the run's channel for a URL, shared with all other senders of the channel."""
        return SharedRate(self._database.rows, self._aside.submit, self._channel, url, rate)

    def silence(self) -> float:
        """Seconds without a sign of life after which a sender that begins now counts as dead. Raises JournalFailed."""
        return int(self._one("SELECT lease FROM journal")[0]) / SECOND

    def refusals(self) -> list[tuple[str, int]]:
        """Why this run's messages were refused, each reason with their number, the most first."""
        sql = (
            "SELECT reason, count(*) FROM results JOIN intents USING (intent) WHERE intent >= ? AND run = ?"
            " AND outcome = 'refused' GROUP BY reason ORDER BY 2 DESC"
        )
        return [
            (reason, number) for reason, number in self.rows(sql, self._first, self._lease.run if self._lease else 0)
        ]

    def end(self, counts: Counts, sent: int, now: int) -> None:
        """Note how the run ended; where the server is away just then, again for some seconds. Raises JournalFailed."""
        if self._claimer is None or self._lease is None:
            return
        row = (self._lease.run, *counts, sent, now)
        until = boot_clock() + _SILENCE
        while True:
            try:
                self._database.rows("INSERT INTO ends VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", row)
                self._end_run()
                return
            except JournalAway:
                if boot_clock() >= until:
                    raise
                time.sleep(_AGAIN)

    def _end_run(self) -> None:
        """Give the lease back. Where that fails, it can be done again, or the lease is over by itself."""
        if self._pulse is not None:
            self._pulse.stop()
            self._pulse = None
        if self._claimer is not None:
            self._claimer.end()
            self._claimer = None
