"""The attempts that wait to be sent: taken from the source, or to be tried again; the limiters say how many may go."""

import heapq
import time
from collections import Counter, deque
from collections.abc import Iterable

from pnpc.deliver.journal.records import JournalFailed
from pnpc.deliver.sending.attempts import Attempt, MessageSource
from pnpc.deliver.sending.protocols import Limiter, Limiters


class WaitingAttempts:
    """What an engine sends next. `taken`: when the limiters were asked last; `is_dry`: the source has nothing just now."""

    def __init__(self, source: MessageSource, limiters: Limiters, api: str, rate: int) -> None:
        """`api`: scheme, host and port, as the journal knows them; `rate`: requests a second, before any limiter is asked."""
        self.taken = 0.0
        self.is_dry = False
        self._source = source
        self._make_limiter = limiters
        self._api = api
        self._rate = float(rate)
        self._limiters: dict[str, Limiter] = {}
        self._heads = deque[Attempt]()  # taken from the source, not yet sent
        self._again: list[tuple[float, int, Attempt]] = []  # a heap, by the time from which each may go

    def is_over(self) -> bool:
        """Whether there is nothing to send any more."""
        return self._source.is_over and not self._heads and not self._again

    def is_idle(self) -> bool:
        """Whether nothing can go before the source has something new."""
        return self.is_dry and not self._again

    @property
    def has_some(self) -> bool:
        """Whether some were taken from the source and have not gone yet."""
        return bool(self._heads)

    def rate(self) -> float:
        """Requests a second that may leave at present, to the endpoint that takes the fewest."""
        now = time.monotonic()
        return min((limiter.rate(now) for limiter in self._limiters.values()), default=self._rate)

    def limiter(self, path: str, now: float) -> Limiter:
        """The limiter of an endpoint."""
        if path not in self._limiters:
            self._limiters[path] = self._make_limiter(self._api + path, now)
        return self._limiters[path]

    def try_again(self, attempt: Attempt, at: float) -> None:
        """Send an attempt again, from some time on."""
        heapq.heappush(self._again, (at, attempt.message.line, attempt))

    def granted(self, free: int, now: float) -> list[Attempt]:
        """The next attempts, `free` at most, as far as the limiters let them go: each is asked once. The others stay.

        Raises what the source raises, and a limiter that is away: then all stay.
        """
        again: list[tuple[float, int, Attempt]] = []
        while self._again and self._again[0][0] <= now and len(again) < free:
            again.append(heapq.heappop(self._again))
        try:
            self._fill(free - len(again))
        except BaseException:
            self._heads.extendleft(attempt for _, _, attempt in reversed(again))
            raise
        heads = [self._heads.popleft() for _ in range(max(0, min(free - len(again), len(self._heads))))]
        granted = self._ask([*(due[2] for due in again), *heads], now)
        batch: list[Attempt] = []

        def goes(attempt: Attempt) -> bool:
            path = attempt.message.path
            granted[path] -= 1
            if granted[path] >= 0:
                batch.append(attempt)
            return granted[path] >= 0

        for due in again:
            if not goes(due[2]):
                heapq.heappush(self._again, due)
        self._heads.extendleft(reversed([attempt for attempt in heads if not goes(attempt)]))
        return batch

    def put_back(self, batch: list[Attempt], taken: float) -> None:
        """Attempts that were let go and do not go after all: they are the next."""
        for attempt in batch:
            self._limiters[attempt.message.path].stays(taken)
        self._heads.extendleft(reversed(batch))

    def _ask(self, attempts: list[Attempt], now: float) -> dict[str, int]:
        """How many attempts may go to each endpoint. Raises JournalFailed; then none goes."""
        self.taken = now
        granted: dict[str, int] = {}
        try:
            for path, count in Counter(attempt.message.path for attempt in attempts).items():
                granted[path] = self.limiter(path, now).take(count, now)
        except JournalFailed:
            for path, count in granted.items():
                self._return(path, range(count), now)
            self._heads.extendleft(reversed(attempts))
            raise
        return granted

    def _return(self, path: str, requests: Iterable[int], taken: float) -> None:
        for _ in requests:
            self._limiters[path].stays(taken)

    def _fill(self, count: int) -> None:
        """Take messages from the source until `count` are here, or it has none just now."""
        while len(self._heads) < count and not self._source.is_over:
            attempt = self._source.take()
            if attempt is None:
                self.is_dry = not self._heads
                break
            self._heads.append(attempt)
