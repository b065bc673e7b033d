"""The lease of a run: as long as it gives signs of life its claims are its own; once it is over, any sender may fence it.

A fenced run gets no claim any more, and what it had under way is unknown. The server's clock says when a lease is over. The
run itself counts from before it asked for it, by a clock that goes on while the process is stopped or the machine sleeps: so it
never believes longer than the server that it holds it.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread

from pnpc.deliver.journal.records import JournalFailed
from pnpc.deliver.journal.timestamps import SECOND
from pnpc.deliver.postgres.connection import Database

NOW = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"  # milliseconds, by the server's clock
_MARGIN = 0.1  # of a lease, by which the run lets it end earlier: clocks do not run alike
_SIGNS = 5  # signs of life in a lease, at least; and one each second
_LOOKS = 6  # looks at other runs in a lease
_CLOCK = getattr(time, "CLOCK_BOOTTIME", None)

_RENEW = f"UPDATE leases SET until = {NOW} + ?3 WHERE run = ?1 AND holder = ?2 AND over IS NULL RETURNING run"
_DEAD = f"SELECT run FROM leases WHERE over IS NULL AND until < {NOW} AND run <> ?"
_FENCE = f"UPDATE leases SET over = {NOW}, fenced = TRUE WHERE over IS NULL AND until < {NOW} AND run <> ? RETURNING run, oldest"
_END = f"UPDATE leases SET over = {NOW} WHERE run = ? AND holder = ? AND over IS NULL RETURNING run, oldest"
_LEFT = (
    "INSERT INTO results (intent, outcome, reason, at, took)"
    f" SELECT i.intent, 'unknown', 'process-ended', {NOW}, greatest(0, {NOW} - i.at) FROM intents i"
    " WHERE i.run = ? AND i.intent >= ? AND NOT EXISTS"
    " (SELECT 1 FROM results r WHERE r.intent = i.intent AND r.intent >= ?2)"
    " ON CONFLICT DO NOTHING RETURNING intent"
)


def boot_clock() -> float:
    """Seconds of a clock that never jumps; it goes on while the machine sleeps, where the system has such a clock."""
    return time.monotonic() if _CLOCK is None else time.clock_gettime(_CLOCK)


class Lease:
    """The lease of one run. `milliseconds` without a sign of life, and it is over."""

    def __init__(self, database: Database, run: int, holder: str, milliseconds: int, asked: float) -> None:
        """`asked`: by `boot_clock`, before the lease was asked for."""
        self.run, self.holder, self.milliseconds = run, holder, milliseconds
        self._is_lost = False
        self._database = database
        self._until = 0.0
        self._looked = asked
        self.renewed(asked)

    def renewed(self, asked: float) -> None:
        """The server has renewed the lease, which was asked for at that time."""
        self._until = max(self._until, asked + self.milliseconds / SECOND * (1 - _MARGIN))

    def lose(self) -> None:
        """Another sender has fenced the run, or the run has ended."""
        self._is_lost = True

    def is_lost(self) -> bool:
        """Whether it is known that the run gets no claim any more."""
        return self._is_lost

    def is_sure(self) -> bool:
        """Whether no other sender can have fenced the run yet."""
        return not self._is_lost and boot_clock() < self._until

    @property
    def pause(self) -> float:
        """Seconds between two signs of life."""
        return min(1.0, self.milliseconds / SECOND / _SIGNS)

    def live(self) -> None:
        """Give a sign of life, and now and then look whether other runs give theirs. Raises JournalFailed."""
        asked = boot_clock()
        if self._database.rows(_RENEW, (self.run, self.holder, self.milliseconds)):
            self.renewed(asked)
        else:
            self.lose()
        if asked - self._looked > self.milliseconds / SECOND / _LOOKS:
            self._looked = asked
            fence(self._database, self.run)

    def end(self) -> None:
        """Give the lease back: what is without a result becomes unknown. Raises JournalFailed."""
        with self._database.transaction():
            _note(self._database, self._database.rows(_END, (self.run, self.holder)))


def fence(database: Database, own: int = 0) -> int:
    """Fence all runs whose lease is over, but one's own; how many requests of theirs become unknown. Raises JournalFailed."""
    if not database.rows(_DEAD, (own,)):
        return 0
    with database.transaction():
        # A claim that comes at the same time has renewed its lease when this gets the row, or finds it fenced.
        return _note(database, database.rows(_FENCE, (own,)))


def _note(database: Database, runs: list[tuple[int, int]]) -> int:
    """Note the requests of ended runs that have no result as unknown; how many. Each run comes with its oldest open intent."""
    return sum(len(database.rows(_LEFT, run)) for run in runs)


class Pulse:
    """A thread that does some work again and again until it is stopped; what fails is tried again the next time."""

    def __init__(self, work: Callable[[], None], pause: float) -> None:
        """`pause`: seconds between."""
        self._work, self._pause = work, pause
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="pnpc-lease", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop, and wait for work that is under way."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(self._pause):
            with suppress(JournalFailed):
                self._work()
