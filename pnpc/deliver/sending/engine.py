"""The run: every tick takes as many messages as may go, writes their intents together with the results that came
meanwhile, and only then lets their requests leave.

One transaction a tick makes intents durable before any byte leaves, at the price of a hundred commits a second.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from pnpc.deliver.journal import timestamps as moments
from pnpc.deliver.journal.records import Claim, Intent, JournalAway, JournalFailed, Result
from pnpc.deliver.sending.attempts import Attempt, MessageSource
from pnpc.deliver.sending.breaker import Absence, Breaker
from pnpc.deliver.sending.hours import SendingHours
from pnpc.deliver.sending.judge import result_of, seen_as
from pnpc.deliver.sending.message import request
from pnpc.deliver.sending.outcomes import Observation, Outcome, StopReason, classify
from pnpc.deliver.sending.protocols import Claims, Limiter, Limiters
from pnpc.deliver.sending.waiting import WaitingAttempts
from pnpc.project.journals import one_address

if TYPE_CHECKING:
    from pnpc.deliver.sending.client import Client

_TICK = 0.01  # seconds
MOST_ATTEMPTS = 10  # of one message in one run, all of which certainly sent nothing
_LONGEST_WAIT = 300.0  # seconds that an answer may ask to wait before the run ends instead
_LOOK = 1.0  # seconds between two looks at the clock outside the hours
_AGAIN = 0.5  # seconds between two tries while the journal is away


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
        self.stopped: StopReason | None = None
        self._journal = journal
        self._client = client
        self._settings = settings
        self._observe = observe
        self._name = journal.name_in_tags()
        self._api = one_address(settings.api)  # as the journal knows it
        self._breaker = Breaker(settings.patience)
        self._waiting = WaitingAttempts(source, limiters, self._api, settings.rate)
        self._absence = Absence(journal.patience, say)
        self._woken = asyncio.Event()
        self._is_closed = False  # it is outside the hours
        self._say = say
        self._results: list[Result] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._failure: Exception | None = None  # what a task raised: then its message has no result
        self._can_write = True  # the journal took the last results
        self.on_durable: Callable[[Sequence[Claim], Sequence[Intent | None], Sequence[Result]], None] | None = None
        self.on_commit: Callable[[float], None] | None = None  # hears how long each commit took, in seconds

    @property
    def in_flight(self) -> int:
        """Requests whose answer is not there yet."""
        return len(self._tasks)

    def rate(self) -> float:
        """Requests a second that may leave at present, to the endpoint that takes the fewest."""
        return self._waiting.rate()

    def wake(self) -> None:
        """The source has something new, or is over."""
        self._woken.set()

    def stop(self, why: StopReason) -> None:
        """Send nothing more, and wait for the answers that are due. The first reason stands, with the first signal."""
        self.stopped = self.stopped or why
        self.stopped = self.stopped._replace(signal=self.stopped.signal or why.signal)
        self.wake()

    def abandon(self) -> None:
        """Wait for nothing: what is under way becomes unknown."""
        self.stop(StopReason("closed", "stopped without waiting for answers"))
        self._absence.give_up()
        for task in self._tasks:
            task.cancel()

    async def run(self) -> None:
        """Send. Raises what the source or `observe` raises, once the answers that are due have come; JournalFailed likewise."""
        failure: Exception | None = None
        due = time.monotonic()
        while True:
            failure = await self._turn(failure or self._failure)
            if self._is_over():
                break
            if self._absence.is_on():
                await asyncio.sleep(_AGAIN)
                due = time.monotonic()
                continue
            if self._is_idle():
                await self._sleep(_LOOK if self._is_closed else None)
                due = time.monotonic()
                continue
            due = max(due + _TICK, time.monotonic() - _TICK)
            await asyncio.sleep(max(0.0, due - time.monotonic()))
        if self._results:  # they came during the last try: a journal that is away just now may take them after all
            with suppress(JournalFailed):
                await self._commit([])
        if failure is not None:
            raise failure

    async def _turn(self, failure: Exception | None) -> Exception | None:
        """One commit, and the requests that it lets leave; what failed so far."""
        try:
            # While the journal is away, a commit of nothing new shows when it is back.
            await self._commit(self._choose() if failure is None and not self._absence.is_on() else [])
        except Exception as error:
            if isinstance(error, JournalAway) and self._absence.waits(str(error), time.monotonic()):
                return failure
            # Nothing of this batch has left: its intents are not durable.
            # A journal that fails stands above what failed before: its results can't be waited for.
            self._can_write = self._can_write and not isinstance(error, JournalFailed)
            self.stop(_failure(error))
            return error if isinstance(error, JournalFailed) else failure or error
        return failure

    def _is_over(self) -> bool:
        if self._tasks or (self._results and self._can_write):
            return False
        return self.stopped is not None or self._waiting.is_over()

    def _is_idle(self) -> bool:
        """Whether nothing can happen before somebody wakes the engine, or the hours begin."""
        if self._woken.is_set() or self._tasks or self._results:
            return False
        return self._is_closed or self._waiting.is_idle()

    async def _sleep(self, seconds: float | None) -> None:
        """Until somebody wakes the engine, or some seconds are over."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), seconds)

    # --- choosing what goes ---

    def _choose(self) -> list[Attempt]:
        """The attempts that may go in this tick."""
        self._woken.clear()
        self._waiting.is_dry = False
        if self._settings.not_after is not None and time.time() >= self._settings.not_after:
            self.stop(StopReason("deadline", "the time of --not-after is reached"))
        self._heed()
        if self._look_at_hours():
            return []
        now = time.monotonic()
        free = self._breaker.allows(now, self._settings.concurrency) - len(self._tasks)
        # A tick is a hundredth of a second: more than a tenth of a second's messages never leave in it.
        free = min(free, max(1, self._settings.rate // 10))
        return self._waiting.granted(free, now) if self.stopped is None else []

    def _look_at_hours(self) -> bool:
        """Whether it is outside the hours; said once, when they end."""
        hours, at = self._settings.hours, time.time()
        was_closed, self._is_closed = self._is_closed, hours is not None and not hours.is_open(at)
        if hours is None or not self._is_closed:
            return False
        if hours.outside == "stop":
            self.stop(StopReason("hours", hours.closed(at)))
        elif too_late := hours.too_late(at, self._settings.not_after):
            self.stop(StopReason("deadline", too_late))
        elif not was_closed:
            self._say(f"waiting: {hours.closed(at)}")
        return True

    def _heed(self) -> None:
        if self._breaker.verdict is not None:
            self.stop(self._breaker.verdict)

    async def _commit(self, batch: list[Attempt]) -> None:
        """Make intents and results durable, then let the requests leave. Raises JournalFailed; then none leaves, and the
        batch and the results are kept for another try."""
        results = self._results[:]
        if not batch and not results and not self._absence.is_on():
            return
        taken = self._waiting.taken
        now = moments.now()
        claims = [attempt.claim(self._name, self._api, now) for attempt in batch]
        began = time.perf_counter()
        try:
            if self._journal.is_remote:  # no answer waits for the network
                intents = await asyncio.to_thread(self._journal.claim, claims, results)
            else:
                intents = self._journal.claim(claims, results)
        except JournalFailed:
            self._waiting.put_back(batch, taken)
            raise
        self._absence.end(time.monotonic(), is_sure=bool(batch or results) or not self._waiting.has_some)
        self._can_write = True
        if self.on_commit is not None:
            self.on_commit(time.perf_counter() - began)
        del self._results[: len(results)]
        if self.on_durable is not None:
            self.on_durable(claims, intents, results)
        for attempt, claim, intent in zip(batch, claims, intents, strict=True):
            if intent is None:
                self._waiting.limiter(attempt.message.path, taken).stays(taken)
            elif self.stopped is not None:  # while the claim was under way
                self._waiting.limiter(attempt.message.path, taken).stays(taken)
                self._note(attempt, claim, intent, Observation(False, error="stopped"))
            else:
                self._start(attempt._replace(number=intent.message), claim, intent, taken)

    # --- sending ---

    def _start(self, attempt: Attempt, claim: Claim, intent: Intent, taken: float) -> None:
        task = asyncio.create_task(self._send(attempt, claim, intent, taken))
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """A message whose task failed would wait for ever: the run ends instead."""
        self._tasks.discard(task)
        failure = None if task.cancelled() else task.exception()
        if isinstance(failure, Exception):
            self._failure = self._failure or failure
            self.stop(_failure(failure))

    async def _send(self, attempt: Attempt, claim: Claim, intent: Intent, taken: float) -> None:
        headers, body = request(attempt.message, claim.tag)
        url = self._settings.api + attempt.message.path
        limiter = self._waiting.limiter(attempt.message.path, taken)

        def leaves() -> None:
            self._journal.leaves()
            limiter.leaves(time.monotonic(), taken)

        seen = await self._client.post(url, headers, body, leaves)
        if not seen.left:
            limiter.stays(taken)
        self._react(attempt, seen, self._note(attempt, claim, intent, seen), limiter)

    def _note(self, attempt: Attempt, claim: Claim, intent: Intent, seen: Observation) -> Outcome:
        """What was seen of a request, for the journal and for whoever observes."""
        outcome = classify(seen, attempt.message.kind)
        self._results.append(result_of(intent.intent, claim.at, seen, outcome, attempt.message.kind))
        self._observe(attempt, seen, outcome)
        return outcome

    def _react(self, attempt: Attempt, seen: Observation, outcome: Outcome, limiter: Limiter) -> None:
        now = time.monotonic()
        self._breaker.note(seen_as(seen, outcome, attempt.message.kind), now)
        if outcome.advice == "stop":
            self.stop(StopReason("answer", outcome.reason))
        elif outcome.advice == "slow":
            wait = seen.retry_after or 0.0
            if wait > _LONGEST_WAIT:
                self.stop(StopReason("trouble", f"the answer was 429 and asks to wait {wait:.0f} seconds"))
            limiter.slow_down(now, wait)
        if outcome.kind == "not_sent" and attempt.tries + 1 < MOST_ATTEMPTS:
            again = attempt._replace(attempts=attempt.attempts + 1, tries=attempt.tries + 1)
            self._waiting.try_again(again, now + again.pause())


def _failure(error: Exception) -> StopReason:
    if isinstance(error, JournalFailed):
        return of_journal(error)
    return StopReason("failure", str(error))


def of_journal(error: JournalFailed) -> StopReason:
    """The journal can't be used, or can't be reached just now."""
    return StopReason("away" if isinstance(error, JournalAway) else "journal", str(error))
