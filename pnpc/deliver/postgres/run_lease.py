"""The lease of a run: as long as it gives signs of life its claims are its own; when it falls silent, any sender may fence it.

A fenced run gets no claim any more, and what it had under way is unknown.

**Who is dead.** One look says nothing: where the server was away for a while no run could give a sign, and whoever is back first
would find all others silent. So a run counts as dead only when the server's clock says that its lease is over, and a looker has
seen the same sign of life for a whole lease of its own clock, in looks that follow each other closely.

**Who is alive.** The run itself counts from before it asked for its lease, by a clock that goes on while the process is stopped
or the machine sleeps: so it never believes longer than any other that it holds it. One that could not reach the server is not
sure of its lease, and lets nothing leave; once its next sign of life is taken, it knows that no other has fenced it, and goes on.
"""

import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Event, Thread
from typing import Any

from pnpc.deliver.journal.records import JournalFailed
from pnpc.deliver.journal.timestamps import SECOND
from pnpc.deliver.postgres.connection import Database

NOW = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"  # milliseconds, by the server's clock
_MARGIN = 0.1  # of a lease, by which the run lets it end earlier: clocks do not run alike
_SIGNS = 5  # signs of life in a lease, at least; and one each second
_LOOKS = 6  # looks at other runs in a lease
_GAP = 0.5  # of a lease, between two looks: after a longer one the server may have been away all the time
_QUIET = 2.5  # pauses between signs of life: a run that is alive has given one by then
_LONGEST = 1.5  # leases that are waited for runs: no longer where the server's clock was set back meanwhile
# Of macOS it is CLOCK_MONOTONIC that goes on in sleep; `time.monotonic` is another one there.
_CLOCK: int | None = getattr(time, "CLOCK_MONOTONIC" if sys.platform == "darwin" else "CLOCK_BOOTTIME", None)

_RENEW = f"UPDATE leases SET until = {NOW} + ?3 WHERE run = ?1 AND holder = ?2 AND over IS NULL RETURNING run"
# `until` is new with each sign of life.
_SIGNS_OF_LIFE = f"SELECT run, until, until < {NOW} FROM leases WHERE over IS NULL AND run <> ?"
# A sign of life that comes at the same time makes it another row, or finds it fenced.
_FENCE = (
    f"UPDATE leases l SET over = {NOW}, fenced = TRUE FROM unnest(?1::bigint[], ?2::bigint[]) AS dead(run, until)"
    " WHERE l.run = dead.run AND l.until = dead.until AND l.over IS NULL RETURNING l.run, l.oldest"
)
_OPEN = (
    " FROM intents i WHERE i.run = ? AND i.intent >= ? AND NOT EXISTS"
    " (SELECT 1 FROM results r WHERE r.intent = i.intent AND r.intent >= ?2)"
)
_LEFT = (
    "INSERT INTO results (intent, outcome, reason, at, took)"
    f" SELECT i.intent, 'unknown', 'process-ended', {NOW}, greatest(0, {NOW} - i.at) {_OPEN}"
    " ON CONFLICT DO NOTHING"
)


def pause(milliseconds: int) -> float:
    """Seconds between two signs of life, for a lease."""
    return min(1.0, milliseconds / SECOND / _SIGNS)


def boot_clock() -> float:
    """Seconds of a clock that never jumps; it goes on while the machine sleeps, where the system has such a clock."""
    return time.monotonic() if _CLOCK is None else time.clock_gettime(_CLOCK)


class Lookout:
    """Looks for runs that are silent, and fences those that are dead (see above). For one thread at a time."""

    def __init__(self, database: Database, milliseconds: int, own: int = 0) -> None:
        """`milliseconds`: the lease; `own`: a run that is not looked at."""
        self._database, self._own = database, own
        self._lease = milliseconds / SECOND
        self._seen: dict[
            tuple[int, int], float
        ] = {}  # runs with their last signs of life, and when these were seen first
        self._last = 0.0  # when it looked last

    def signs(self) -> set[tuple[int, int]]:
        """The runs that were not over at the last look, each with its last sign of life."""
        return set(self._seen)

    def look(self) -> None:
        """Look at all runs; those that are dead are fenced, and what they had under way is unknown. Raises JournalFailed."""
        began = boot_clock()
        rows = self._database.rows(_SIGNS_OF_LIFE, (self._own,))
        before = self._seen if began - self._last <= self._lease * _GAP else {}
        self._last = ended = boot_clock()
        self._seen = {(run, until): before.get((run, until), ended) for run, until, _ in rows}
        dead = [
            (run, until) for run, until, is_over in rows if is_over and began - self._seen[run, until] >= self._lease
        ]
        if dead:
            with self._database.transaction():
                runs = self._database.rows(_FENCE, [list(column) for column in zip(*dead, strict=True)])
                note_open(self._database, runs)
        for sign in dead:
            del self._seen[sign]


def wait_for_silent(database: Database, milliseconds: int, say: Callable[[str], None]) -> None:
    """Look until each run has given a sign of life, or is fenced: a lease at most. `say` hears, in words for people, what is waited
    for, if one has given none for a while. Raises JournalFailed."""
    lease, began, has_said = milliseconds / SECOND, boot_clock(), False
    lookout = Lookout(database, milliseconds)
    lookout.look()
    first = lookout.signs()
    while (silent := first & lookout.signs()) and boot_clock() - began < lease * _LONGEST:
        if not has_said and boot_clock() - began > pause(milliseconds) * _QUIET:
            has_said = True
            runs = ", ".join(f"run {run}" for run, _ in sorted(silent))
            say(f"waiting at most {lease:g} seconds for a sign of life from {runs}")
        time.sleep(pause(milliseconds))
        lookout.look()
    if silent:
        runs = ", ".join(f"run {run}" for run, _ in sorted(silent))
        say(
            f"no sign of life from {runs}, whose lease is not over by the server's clock: its messages under way stay unknown"
        )


class Lease:
    """The lease of one run. `milliseconds` without a sign of life, and it is over."""

    def __init__(self, database: Database, run: int, holder: str, milliseconds: int, asked: float) -> None:
        """`asked`: by `boot_clock`, before the lease was asked for."""
        self.run, self.holder, self.milliseconds = run, holder, milliseconds
        self._is_lost = False
        self._database = database
        self._until = 0.0
        self._lookout = Lookout(database, milliseconds, run)
        self._looked = 0.0
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

    def live(self) -> None:
        """Give a sign of life, and now and then look whether other runs give theirs. Raises JournalFailed."""
        asked = boot_clock()
        if self._database.rows(_RENEW, (self.run, self.holder, self.milliseconds)):
            self.renewed(asked)
        else:
            self.lose()
        if asked - self._looked > self.milliseconds / SECOND / _LOOKS:
            self._looked = asked
            self._lookout.look()


def count_silent(database: Database) -> int:
    """How many requests have no result, of runs that are silent just now and were not when a run began last: it has said so.
    Raises JournalFailed."""
    silent = database.rows(
        f"SELECT run, oldest FROM leases WHERE over IS NULL AND until < {NOW} AND until > (SELECT max(at) FROM runs)"
    )
    return sum(int(database.rows(f"SELECT count(*) {_OPEN}", run)[0][0]) for run in silent)


def note_open(database: Database, runs: Sequence[tuple[Any, ...]]) -> None:
    """Note the requests of ended runs that have no result as unknown. Each run comes with its oldest open intent."""
    for run in runs:
        database.rows(_LEFT, run)


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
