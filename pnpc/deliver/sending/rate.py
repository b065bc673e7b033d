"""How many requests may leave now: a token bucket, and a count over the last second that is never above the rate.

One limiter for each channel and endpoint, as LINE counts. Times are seconds of a clock that never jumps, given by the
caller.
"""

import math
from collections import deque
from collections.abc import Iterable

from pnpc.compile.targets import Target
from pnpc.deliver.journal.timestamps import SECOND
from pnpc.deliver.journal.timestamps import now as today
from pnpc.deliver.sending.protocols import Limiter, Limiters, PushJournal

# Seconds at full rate: the tokens that a bucket holds, for a late tick to catch up; and the requests that were taken and
# have not begun to leave, which a killed process would leave unknown for nothing.
_BURST = 0.05
_WINDOW = 1.0  # second
_GROWTH = 0.05  # of the full rate, each second after a cut
_LEAST = 0.01  # of the full rate: it is not cut below that


class BadRate(ValueError):
    """A rate that a target does not take, or none where one is needed. Its text is one line for people."""


def chosen_rate(target: type[Target], rate: int | None, *, is_own: bool) -> int:
    """Requests a second: what a person or a program says, else what is usual for the target. `is_own`: the address is the
    target's own, and no emulator. Raises BadRate."""
    limit = target.rate()
    if rate is not None and rate < 1:
        raise BadRate("rate must be at least 1")
    if limit is not None and rate is not None and rate > limit and is_own:
        raise BadRate(f"rate must be at most {limit:,}: {target.receiver} accepts no more requests per second")
    chosen = target.usual_rate() if rate is None else rate
    if chosen is None:
        raise BadRate(f"rate is required for {target.receiver}: its limit is not known")
    return chosen


def local_limiters(journal: PushJournal, rate: int) -> Limiters:
    """Limiters for a channel that no other process sends with: `rate` requests a second for each endpoint. What an ended
    process sent in the last second counts as well; a clock that was set back makes it older."""

    def limiter(url: str, now: float) -> Limiter:
        at = today()
        return TokenBucket(rate, now, [now - (at - sent) / SECOND for sent in journal.recent(url, at - SECOND)])

    return limiter


class TokenBucket:
    """At most `rate` requests in any one second. A `Limiter`."""

    def __init__(self, rate: int, now: float, before: Iterable[float] = ()) -> None:
        """`before`: when requests left whose limit this is, in order of time."""
        self._full = float(rate)
        self._base = float(rate)  # the rate at the time of the last cut
        self._cut = now
        self._tokens = 1.0
        self._filled = now
        self._blocked = now
        self._left = deque(min(left, now) for left in before)  # when the requests of the last second began to leave
        self._granted = 0  # requests that may leave at any moment

    def rate(self, now: float) -> float:
        """Requests a second at present."""
        return min(self._full, self._base + self._full * _GROWTH * (now - self._cut))

    def take(self, wanted: int, now: float) -> int:
        """How many of the wanted requests may leave now; call `leaves` or `stays` for each of these afterwards."""
        rate = self.rate(now)
        burst = max(1.0, rate * _BURST)
        self._tokens = min(self._tokens + rate * (now - self._filled), burst)
        self._filled = now
        while self._left and now - self._left[0] >= _WINDOW:
            self._left.popleft()
        if now < self._blocked:
            return 0
        free = max(1, int(rate)) - len(self._left) - self._granted  # in the last second
        begun = math.ceil(burst) - self._granted
        count = max(0, min(wanted, free, int(self._tokens), begun))
        self._tokens -= count
        self._granted += count
        return count

    def leaves(self, now: float, taken: float) -> None:  # noqa: ARG002
        """A request that was taken begins to leave."""
        self._granted -= 1
        self._left.append(now)

    def stays(self, taken: float) -> None:  # noqa: ARG002
        """A request that was taken will never leave."""
        self._granted -= 1

    def slow_down(self, now: float, wait: float = 0.0) -> None:
        """The other side says that it is too fast: half the rate, growing again; nothing for `wait` seconds.

        The answers of requests that were under way together are one cut.
        """
        if now - self._cut >= _WINDOW or self._base == self._full:
            self._base = max(self._full * _LEAST, self.rate(now) / 2)
            self._cut = now
        self._tokens = 0.0
        self._blocked = max(self._blocked, now + wait)
