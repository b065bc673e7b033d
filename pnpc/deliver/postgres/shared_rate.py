"""The rate of a channel, shared by all who send for it: a `Limiter` whose tokens are leases of one row in PostgreSQL.

A token is a slot: a moment at which one request may leave. The row knows up to when slots are given; a sender takes the next
few, which lie some hundredths of a second ahead, and asks again shortly before they are over. So the senders take turns: none
starves, and one that dies wastes what it holds and no more. A slot that is over by `_LATE` is dropped. A request that begins
to leave later (its connection came late) is paid for (see `_Debts`), and later than `_TOO_LATE` it does not leave at all.

So at most `rate * (1 + _LATE)` requests leave in any one second, however many senders there are. The clock is the server's: a
sender knows it to within half a round trip.

The server is asked in another thread, one question at a time, and its answer is looked at with the next `take`: what sends never
waits for the network here.
"""

import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any, NamedTuple

from pnpc.deliver.journal.records import JournalFailed, TooLate

_LATE = 0.02  # seconds after its slot in which a request may leave
_TOO_LATE = 0.8  # seconds after it was taken, from which a request does not leave at all
_CREDIT = 0.9  # seconds after they were taken, at which late requests are paid for
_BATCH = 0.025  # seconds of the rate: the most slots of a lease
_AHEAD = 0.02  # seconds before the end of a lease at which the next is asked for: the answer is looked at a tick of the engine later
_BURST = 0.01  # seconds of unused slots that are still given away
_SILENCE = 1.0  # seconds: slots are given away so far ahead at most; a new row begins with as much silence, at least
_SILENT_SLOTS = 20  # the same in slots, for low rates
_FORGOTTEN = 10.0  # seconds without a request for it after which a lower rate no longer holds
_GROWTH = 0.05  # of the rate, each second after a cut
_LEAST = 0.01  # of the rate: it is not cut below that
_WINDOW = 1.0  # seconds in which several answers of 429 are one cut
_FRESH = 0.2  # seconds in which a failure of the server is of now
_CUT_PAUSE = 0.2  # seconds between two statements that say so to all, at least
_TRUSTED = 30.0  # seconds in which the best comparison of the clocks stands
_JUMP = 0.005  # seconds that two comparisons may differ beyond their round trips: more, and a clock was set
_LONGEST_WAY = 0.005  # seconds from taken to leaving that are reckoned with: a slot is taken as much ahead
_DECAY = 1.002  # of the shortest way from taken to leaving, each time: so it is measured again

# The values of each statement: channel, URL, our rate; then the slots that are wanted, or the seconds to wait.
_HELD = f"""
WITH held AS MATERIALIZED (SELECT * FROM rates WHERE channel = ?1 AND url = ?2 FOR UPDATE),
clock AS (SELECT *, extract(epoch FROM clock_timestamp())::float8 AS now FROM held),
-- A clock that was set back: time stands still, it does not run twice.
steady AS (SELECT *, free + least(0, now - at) AS given,
                  rate >= ?3::float8 OR now - rated > {_FORGOTTEN} AS is_mine FROM clock),
rated AS (SELECT *, CASE WHEN is_mine THEN ?3::float8 ELSE rate END AS lowest,
                 greatest({_LEAST}, least(1, share + {_GROWTH} * greatest(0, now - cut))) AS part FROM steady),
"""
_TAKE = f"""{_HELD}
paced AS (SELECT *, lowest * part AS pace, greatest(given, now - {_BURST}) AS first FROM rated),
granted AS (SELECT *, CASE WHEN first > now + greatest({_SILENCE}, {_SILENT_SLOTS} / pace) THEN 0 ELSE ?4::int END AS count
            FROM paced)
UPDATE rates r SET free = first + count / pace, at = now, rate = lowest,
                    rated = CASE WHEN is_mine THEN now ELSE g.rated END
FROM granted g WHERE r.channel = g.channel AND r.url = g.url
RETURNING first, count, pace, now
"""
_CUT = f"""{_HELD}
halved AS (SELECT *, abs(now - cut) >= {_WINDOW} OR part = 1 AS is_new FROM rated)
UPDATE rates r SET free = greatest(given, now + ?4), at = now,
                    share = CASE WHEN is_new THEN greatest({_LEAST}, part / 2) ELSE h.share END,
                    cut = CASE WHEN is_new THEN now ELSE h.cut END
FROM halved h WHERE r.channel = h.channel AND r.url = h.url
RETURNING now
"""
# A row that is new, or was lost with all that is known of it.
_NEW = f"""
INSERT INTO rates SELECT ?1, ?2, now + greatest({_SILENCE}, {_SILENT_SLOTS} / ?3::float8), now, ?3, now, 1, now
FROM (SELECT extract(epoch FROM clock_timestamp())::float8 AS now) clock ON CONFLICT DO NOTHING RETURNING at
"""

Rows = Callable[[str, Sequence[object]], Sequence[tuple[Any, ...]]]  # of a statement and its values, committed at once


class _Answer(NamedTuple):
    """The row that a statement gave, if it gave one, or its failure; and when it was asked for and answered, by our clock."""

    row: tuple[Any, ...] | None
    failure: JournalFailed | None
    asked: float
    answered: float


class _Question(NamedTuple):
    """A statement that is under way."""

    sql: str
    answer: Future[_Answer]


Aside = Callable[..., Future[_Answer]]  # runs a function with its arguments in another thread


class _Comparison(NamedTuple):
    """What is to be added to the server's time for ours, known to within `doubt` seconds; made `at`."""

    offset: float
    doubt: float
    at: float


class _LateRequests(NamedTuple):
    """Requests that were taken together and left late; `last`: the last of them."""

    taken: float
    last: float
    number: int


class _Debts:
    """How many slots must be left unused for requests that left late.

    A second that begins between the slot of a request and its leaving has the request, and not the slot. So that it has no
    more requests than slots, as many other slots of this second must stay unused: first those that are over anyway.
    """

    def __init__(self) -> None:
        self._late = deque[_LateRequests]()
        self._unused = deque[float]()  # when slots were left unused, of the last second
        self._owed = 0

    def left_late(self, taken: float, now: float) -> None:
        """A request left late."""
        count = self._late.pop().number if self._late and self._late[-1].taken == taken else 0
        self._late.append(_LateRequests(taken, now, count + 1))

    def unused(self, now: float) -> None:
        """A slot is left unused."""
        self._unused.append(now)
        self._owed = max(0, self._owed - 1)

    def due(self, now: float) -> int:
        """How many slots must be left unused now."""
        while self._unused and self._unused[0] < now - _WINDOW:
            self._unused.popleft()
        while self._late and self._late[0].taken + _CREDIT <= now:
            late = self._late.popleft()
            together = late.number + sum(other.number for other in self._late if other.taken <= late.last)
            self._owed = max(self._owed, together - sum(at >= late.last for at in self._unused))
        return self._owed


class SharedRate:
    """Slots of one channel and endpoint. A `Limiter`."""

    def __init__(
        self, rows: Rows, aside: Aside, channel: str, url: str, rate: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`rows` runs a statement; what it raises where the server is away goes to the caller of `take`: then nothing may leave."""
        self._rows, self._aside = rows, aside
        self._clock = clock
        self._values = (channel, url, float(rate))
        self._pace = float(rate)
        self._slots = deque[float]()  # moments of our clock at which a request may leave, in order
        self._taken: dict[float, deque[float]] = {}  # of requests that have not begun to leave, by when they were taken
        self._debts = _Debts()
        self._question: _Question | None = None
        self._void: _Question | None = None  # its slots are of the time before a cut
        self._blocked = 0.0
        self._is_cut = False  # and the server does not know it yet
        self._next_cut = 0.0  # when it may be said again
        self._way = 0.0  # seconds from taken to leaving, at the shortest
        self._compared: _Comparison | None = None

    def rate(self, now: float) -> float:  # noqa: ARG002
        """Requests a second that all senders together may send, as the server said last."""
        return self._pace

    def take(self, wanted: int, now: float) -> int:
        """How many of the wanted requests may leave now. Raises what the server raised when it was asked last."""
        self._hear()
        self._report_cut(now)
        if now < self._blocked or wanted < 1:
            return 0
        self._drop(now)
        if self._question is None and (not self._slots or self._slots[-1] < now + self._way + _AHEAD):
            count = max(1, wanted + self._debts.due(now) - len(self._slots))
            self._ask(_TAKE, min(count, max(1, round(self._pace * _BATCH))))
            self._hear()
        slots = self._due(wanted, self._clock())
        if slots:
            self._taken[now] = slots
        return len(slots)

    def leaves(self, now: float, taken: float) -> None:
        """A request that was taken begins to leave. Raises TooLate where it must not any more."""
        slots = self._taken.get(taken)
        slot = slots.popleft() if slots else -1.0
        self._forget(taken)
        if now - taken > _TOO_LATE:
            raise TooLate("its turn is over")
        self._way = min(self._way * _DECAY or _LONGEST_WAY, now - taken, _LONGEST_WAY)
        if now - slot > _LATE:
            self._debts.left_late(taken, now)

    def stays(self, taken: float) -> None:
        """A request that was taken will never leave."""
        if slots := self._taken.get(taken):
            slots.popleft()
        self._forget(taken)

    def slow_down(self, now: float, wait: float = 0.0) -> None:
        """The other side says that it is too fast: half the rate for all senders, growing again; nothing for `wait` seconds.

        Where the server is away just now, only this sender waits; without the server it has no more slots anyway.
        """
        self._slots.clear()
        self._void = self._question
        self._blocked = max(self._blocked, now + wait)
        self._is_cut = True
        self._report_cut(now)

    # --- underneath ---

    def _due(self, wanted: int, now: float) -> deque[float]:
        """The slots whose moment is there when their requests leave, without those that are owed."""
        last, owed, slots = now + self._way, self._debts.due(now), deque[float]()
        while self._slots and self._slots[0] <= last and len(slots) < wanted:
            slot = self._slots.popleft()
            if owed:
                owed -= 1
                self._debts.unused(now)
            else:
                slots.append(slot)
        return slots

    def _report_cut(self, now: float) -> None:
        """Report a cut to the server, unless the last report was just before, or another question is under way: then later."""
        if self._is_cut and self._question is None and now >= self._next_cut:
            self._is_cut, self._next_cut = False, now + _CUT_PAUSE
            self._ask(_CUT, max(0.0, self._blocked - now))

    def _ask(self, sql: str, *more: float) -> None:
        """Ask the server."""
        self._question = _Question(sql, self._aside(self._answer, sql, (*self._values, *more)))

    def _answer(self, sql: str, values: Sequence[object]) -> _Answer:
        """In the other thread."""
        asked, row, failure = self._clock(), None, None
        try:
            row = next(iter(self._rows(sql, values)), None)
        except JournalFailed as error:
            failure = error
        return _Answer(row, failure, asked, self._clock())

    def _hear(self) -> None:
        """Look at the answer, if it is there. Raises what the server raised."""
        question = self._question
        if question is None or not question.answer.done():
            return
        answer, self._question = question.answer.result(), None
        if answer.failure is not None:
            # A cut is only said again. A failure of a while ago, where the server was waited for meanwhile, says nothing of now.
            if question.sql is not _CUT and self._clock() - answer.answered < _FRESH:
                raise answer.failure
        elif question.sql is _TAKE and answer.row is None:
            self._ask(_NEW)
        elif question.sql is _TAKE and question is not self._void:
            self._grant(answer)

    def _grant(self, answer: _Answer) -> None:
        """Slots that the server gave."""
        first, granted, pace, at = answer.row or (0.0, 0, self._pace, 0.0)
        offset = self._offset(answer.asked, answer.answered, at)
        self._pace = pace
        self._slots.extend(first + offset + number / pace for number in range(granted))

    def _offset(self, began: float, ended: float, at: float) -> float:
        """What is to be added to the server's time: by the shortest round trip of late, unless a clock was set since."""
        compared = _Comparison((began + ended) / 2 - at, (ended - began) / 2, ended)
        best = self._compared
        is_set = best is not None and abs(best.offset - compared.offset) > best.doubt + compared.doubt + _JUMP
        if is_set:
            self._slots.clear()
        if best is None or is_set or compared.doubt <= best.doubt or ended - best.at > _TRUSTED:
            self._compared = best = compared
        return best.offset

    def _drop(self, now: float) -> None:
        while self._slots and self._slots[0] < now - _LATE + self._way:
            self._slots.popleft()
            self._debts.unused(now)

    def _forget(self, taken: float) -> None:
        if not self._taken.get(taken, True):
            del self._taken[taken]
