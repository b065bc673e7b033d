"""The run: every tick takes as many messages as may go, writes their intents together with the results that came
meanwhile, and only then lets their requests leave.

One transaction a tick makes intents durable before any byte leaves, at the price of a hundred commits a second.
"""

import asyncio
import heapq
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from pnpc.deliver.journal import timestamps as moments
from pnpc.deliver.journal.records import Claim, Intent, JournalFailed, Result
from pnpc.deliver.sending.attempts import Attempt, MessageSource
from pnpc.deliver.sending.breaker import Breaker
from pnpc.deliver.sending.hours import SendingHours
from pnpc.deliver.sending.judge import result_of, seen_as
from pnpc.deliver.sending.message import request, tag_for
from pnpc.deliver.sending.outcomes import Observation, Outcome, classify
from pnpc.deliver.sending.protocols import Claims, Limiter, Limiters
from pnpc.project.journals import one_address

if TYPE_CHECKING:
    from pnpc.deliver.sending.client import Client

_TICK = 0.01  # seconds
MOST_ATTEMPTS = 10  # of one message in one run, all of which certainly sent nothing
_LONGEST_WAIT = 300.0  # seconds that an answer may ask to wait before the run ends instead
_LOOK = 1.0  # seconds between two looks at the clock outside the hours


class SendSettings(NamedTuple):
    """How to send: where (scheme, host and port), requests a second for each endpoint, requests under way at once, until
    when (seconds since 1970), how long where nothing ever answers (seconds), and at which hours."""

    api: str
    rate: int
    concurrency: int
    not_after: float | None = None
    patience: float = 5.0
    hours: SendingHours | None = None


class Engine:
    """Sends messages until there are none, or until it must stop.

    `observe` is called with each outcome: the attempt, what was seen, what it means; of a message that another sender has
    claimed it hears nothing. After `run`, `stopped` says why it ended early; None if it did not.
    """

    def __init__(
        self,
        source: MessageSource,
        journal: Claims,
        limiters: Limiters,
        client: "Client",
        settings: SendSettings,
        observe: Callable[[Attempt, Observation, Outcome], None],
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`say` hears, in words for people, why nothing leaves for a while."""
        self.stopped: str | None = None
        self._source = source
        self._journal = journal
        self._make_limiter = limiters
        self._client = client
        self._settings = settings
        self._observe = observe
        self._name = journal.name_in_tags()
        self._api = one_address(settings.api)  # as the journal knows it
        self._breaker = Breaker(settings.patience)
        self._limiters: dict[str, Limiter] = {}
        self._taken = 0.0  # when the limiters were asked last
        self._heads = deque[Attempt]()  # taken from the source, not yet sent
        self._woken = asyncio.Event()
        self._is_dry = False  # the source has nothing just now
        self._is_closed = False  # it is outside the hours
        self._say = say
        self._again: list[tuple[float, int, Attempt]] = []  # a heap, by the time from which each may go
        self._results: list[Result] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._failure: Exception | None = None  # what a task raised: then its message has no result
        self.on_commit: Callable[[float], None] | None = None  # hears how long each commit took, in seconds

    @property
    def in_flight(self) -> int:
        """Requests whose answer is not there yet."""
        return len(self._tasks)

    def rate(self) -> float:
        """Requests a second that may leave at present, to the endpoint that takes the fewest."""
        now = time.monotonic()
        return min((limiter.rate(now) for limiter in self._limiters.values()), default=float(self._settings.rate))

    def wake(self) -> None:
        """The source has something new, or is over."""
        self._woken.set()

    def stop(self, why: str) -> None:
        """Send nothing more, and wait for the answers that are due. The first reason stands."""
        self.stopped = self.stopped or why
        self.wake()

    def abandon(self) -> None:
        """Wait for nothing: what is under way becomes unknown."""
        self.stop("stopped")
        for task in self._tasks:
            task.cancel()

    async def run(self) -> None:
        """Send. Raises what the source or `observe` raises, once the answers that are due have come; JournalFailed likewise."""
        failure: Exception | None = None
        due = time.monotonic()
        while True:
            failure = failure or self._failure
            try:
                self._commit(self._choose() if failure is None else [])
            except Exception as error:
                # Nothing of this batch has left: its intents are not durable.
                # A journal that fails stands above what failed before: its results can't be waited for.
                failure = error if isinstance(error, JournalFailed) else failure or error
                self.stop(str(error))
            if self._is_over(failure):
                break
            if self._is_idle():
                await self._sleep(_LOOK if self._is_closed else None)
                due = time.monotonic()
                continue
            due = max(due + _TICK, time.monotonic() - _TICK)
            await asyncio.sleep(max(0.0, due - time.monotonic()))
        if failure is not None:
            raise failure

    def _is_over(self, failure: Exception | None) -> bool:
        if self._tasks or (self._results and not isinstance(failure, JournalFailed)):
            return False
        return self.stopped is not None or (self._source.is_over and not self._heads and not self._again)

    def _is_idle(self) -> bool:
        """Whether nothing can happen before somebody wakes the engine, or the hours begin."""
        if self._woken.is_set() or self._tasks or self._results:
            return False
        return self._is_closed or (self._is_dry and not self._again)

    async def _sleep(self, seconds: float | None) -> None:
        """Until somebody wakes the engine, or some seconds are over."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), seconds)

    # --- choosing what goes ---

    def _choose(self) -> list[Attempt]:
        """The attempts that may go in this tick."""
        self._woken.clear()
        self._is_dry = False
        if self._settings.not_after is not None and time.time() >= self._settings.not_after:
            self.stop("the time of --not-after is reached")
        self._heed()
        if self._look_at_hours():
            return []
        now = time.monotonic()
        free = self._breaker.allows(now, self._settings.concurrency) - len(self._tasks)
        # A tick is a hundredth of a second: more than a tenth of a second's messages never leave in it.
        free = min(free, max(1, self._settings.rate // 10))
        return self._granted(free, now) if self.stopped is None else []

    def _granted(self, free: int, now: float) -> list[Attempt]:
        """The next attempts, `free` at most, as far as the limiters let them go: each is asked once. The others stay."""
        again: list[tuple[float, int, Attempt]] = []
        while self._again and self._again[0][0] <= now and len(again) < free:
            again.append(heapq.heappop(self._again))
        self._fill(free - len(again))
        heads = [self._heads.popleft() for _ in range(max(0, min(free - len(again), len(self._heads))))]
        wanted = Counter(attempt.message.path for attempt in (*(due[2] for due in again), *heads))
        self._taken = now
        granted = {path: self._limiter(path, now).take(count, now) for path, count in wanted.items()}
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

    def _fill(self, count: int) -> None:
        """Take messages from the source until `count` are here, or it has none just now."""
        while len(self._heads) < count and not self._source.is_over:
            attempt = self._source.take()
            if attempt is None:
                self._is_dry = not self._heads
                break
            self._heads.append(attempt)

    def _look_at_hours(self) -> bool:
        """Whether it is outside the hours; said once, when they end."""
        hours, at = self._settings.hours, time.time()
        was_closed, self._is_closed = self._is_closed, hours is not None and not hours.is_open(at)
        if hours is None or not self._is_closed:
            return False
        if hours.outside == "stop":
            self.stop(hours.closed(at))
        elif too_late := hours.too_late(at, self._settings.not_after):
            self.stop(too_late)
        elif not was_closed:
            self._say(f"waiting: {hours.closed(at)}")
        return True

    def _heed(self) -> None:
        if self._breaker.verdict is not None:
            self.stop(self._breaker.verdict)

    def _limiter(self, path: str, now: float) -> Limiter:
        if path not in self._limiters:
            self._limiters[path] = self._make_limiter(self._api + path, now)
        return self._limiters[path]

    def _claim(self, attempt: Attempt, at: int) -> Claim:
        message, number = attempt.message, attempt.number
        tag = tag_for(message, self._name, attempt.unknown)
        subject = message.subject() if number is None else None
        shape = message.shape(self._api)
        return Claim(message.id, subject, number, attempt.attempts + 1, message.line, tag, message.row, shape, at)

    def _commit(self, batch: list[Attempt]) -> None:
        """Make intents and results durable, then let the requests leave. Raises JournalFailed; then none leaves, and the
        results are kept for another try."""
        results = self._results[:]
        if not batch and not results:
            return
        now = moments.now()
        claims = [self._claim(attempt, now) for attempt in batch]
        began = time.perf_counter()
        intents = self._journal.claim(claims, results)
        if self.on_commit is not None:
            self.on_commit(time.perf_counter() - began)
        del self._results[: len(results)]
        for attempt, claim, intent in zip(batch, claims, intents, strict=True):
            if intent is None:
                self._limiters[attempt.message.path].stays(self._taken)
            else:
                self._start(attempt._replace(number=intent.message), claim, intent)

    # --- sending ---

    def _start(self, attempt: Attempt, claim: Claim, intent: Intent) -> None:
        task = asyncio.create_task(self._send(attempt, claim, intent, self._taken))
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """A message whose task failed would wait for ever: the run ends instead."""
        self._tasks.discard(task)
        failure = None if task.cancelled() else task.exception()
        if isinstance(failure, Exception):
            self._failure = self._failure or failure
            self.stop(str(failure))

    async def _send(self, attempt: Attempt, claim: Claim, intent: Intent, taken: float) -> None:
        headers, body = request(attempt.message, claim.tag)
        url = self._settings.api + attempt.message.path
        limiter = self._limiters[attempt.message.path]
        seen = await self._client.post(url, headers, body, lambda: limiter.leaves(time.monotonic(), taken))
        if not seen.left:
            limiter.stays(taken)
        outcome = classify(seen, attempt.message.kind)
        self._results.append(result_of(intent.intent, claim.at, seen, outcome, attempt.message.kind))
        self._react(attempt, seen, outcome, limiter)
        self._observe(attempt, seen, outcome)

    def _react(self, attempt: Attempt, seen: Observation, outcome: Outcome, limiter: Limiter) -> None:
        now = time.monotonic()
        self._breaker.note(seen_as(seen, outcome, attempt.message.kind), now)
        if outcome.advice == "stop":
            self.stop(outcome.reason)
        elif outcome.advice == "slow":
            wait = seen.retry_after or 0.0
            if wait > _LONGEST_WAIT:
                self.stop(f"the answer was 429 and asks to wait {wait:.0f} seconds")
            limiter.slow_down(now, wait)
        if outcome.kind == "not_sent" and attempt.tries + 1 < MOST_ATTEMPTS:
            again = attempt._replace(attempts=attempt.attempts + 1, tries=attempt.tries + 1)
            heapq.heappush(self._again, (now + again.pause(), attempt.message.line, again))
