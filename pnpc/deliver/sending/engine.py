"""The run: every tick takes as many messages as may go, writes their intents together with the results that came
meanwhile, and only then lets their requests leave.

One transaction a tick makes intents durable before any byte leaves, at the price of a hundred commits a second.
"""

import asyncio
import heapq
import random
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from pnpc.deliver.journal import timestamps as moments
from pnpc.deliver.journal.database import JournalFailed
from pnpc.deliver.journal.journal import Journal
from pnpc.deliver.journal.records import Intent, NewMessage, Result
from pnpc.deliver.journal.timestamps import SECOND
from pnpc.deliver.sending.breaker import Breaker
from pnpc.deliver.sending.judge import message_id_of, seen_as
from pnpc.deliver.sending.message import OutgoingMessage, request, tag_for
from pnpc.deliver.sending.outcomes import Observation, Outcome, classify
from pnpc.deliver.sending.rate import Limiter
from pnpc.deliver.sending.redact import redacted

if TYPE_CHECKING:
    from pnpc.deliver.sending.client import Client

_TICK = 0.01  # seconds
_MOST_ATTEMPTS = 10  # of one message in one run, all of which certainly sent nothing
_LONGEST_WAIT = 300.0  # seconds that an answer may ask to wait before the run ends instead
_SLOWEST = 30.0  # seconds between two attempts of a message


class SendSettings(NamedTuple):
    """How to send: where (scheme, host and port), requests a second for each endpoint, requests under way at once, until
    when (seconds since 1970), and how long where nothing ever answers (seconds)."""

    api: str
    rate: int
    concurrency: int
    not_after: float | None = None
    patience: float = 5.0


class Attempt(NamedTuple):
    """A message that is to be sent: attempts so far, those of them that may have reached LINE, tries in this run.
    `number` is the journal's; None for a message that was never tried."""

    message: OutgoingMessage
    attempts: int
    unknown: int
    tries: int = 0
    number: int | None = None


class Engine:
    """Sends messages until there are none, or until it must stop.

    `observe` is called with each outcome: the attempt, what was seen, what it means. After `run`, `stopped` says why
    it ended early; None if it did not.
    """

    def __init__(
        self,
        source: Iterator[Attempt],
        journal: Journal,
        client: "Client",
        settings: SendSettings,
        observe: Callable[[Attempt, Observation, Outcome], None],
    ) -> None:
        self.stopped: str | None = None
        self._source = source
        self._journal = journal
        self._client = client
        self._settings = settings
        self._observe = observe
        self._name = journal.name_in_tags()
        self._next = journal.next_intent()
        self._breaker = Breaker(settings.patience)
        self._limiters: dict[str, Limiter] = {}
        self._head: Attempt | None = None  # taken from the source, not yet sent
        self._ended = False
        self._again: list[tuple[float, int, Attempt]] = []  # a heap, by the time from which each may go
        self._results: list[Result] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def stop(self, why: str) -> None:
        """Send nothing more, and wait for the answers that are due. The first reason stands."""
        self.stopped = self.stopped or why

    def abandon(self) -> None:
        """Wait for nothing: what is under way becomes unknown."""
        self.stop("stopped")
        for task in self._tasks:
            task.cancel()

    async def run(self) -> None:
        """Send. Raises what the source raises, once the answers that are due have come; JournalFailed likewise."""
        failure: Exception | None = None
        due = time.monotonic()
        while True:
            batch: list[tuple[Attempt, Intent]] = []
            try:
                batch = self._choose() if failure is None else []
                self._commit([intent for _, intent in batch])
            except Exception as error:
                # Nothing of this batch has left: its intents are not durable.
                # A journal that fails stands above what failed before: its results can't be waited for.
                failure = error if isinstance(error, JournalFailed) else failure or error
                self.stop(str(error))
                batch = []
            for attempt, intent in batch:
                self._start(attempt, intent)
            if self._is_over(failure):
                break
            due = max(due + _TICK, time.monotonic() - _TICK)
            await asyncio.sleep(max(0.0, due - time.monotonic()))
        if failure is not None:
            raise failure

    def _is_over(self, failure: Exception | None) -> bool:
        if self._tasks or (self._results and not isinstance(failure, JournalFailed)):
            return False
        return self.stopped is not None or (self._ended and self._head is None and not self._again)

    # --- choosing what goes ---

    def _choose(self) -> list[tuple[Attempt, Intent]]:
        """The attempts that may go in this tick, each with its intent."""
        if self._settings.not_after is not None and time.time() >= self._settings.not_after:
            self.stop("the time of --not-after is reached")
        self._heed()
        now = time.monotonic()
        batch: list[tuple[Attempt, Intent]] = []
        free = self._breaker.allows(now, self._settings.concurrency) - len(self._tasks)
        while self.stopped is None and len(batch) < free and (attempt := self._peek(now)):
            if not self._limiter(attempt.message.path, now).take(now):
                break
            self._drop(attempt)
            intent = self._intent(attempt)
            batch.append((attempt._replace(number=intent.message), intent))
        return batch

    def _heed(self) -> None:
        if self._breaker.verdict is not None:
            self.stop(self._breaker.verdict)

    def _peek(self, now: float) -> Attempt | None:
        """The next attempt: one that is to be repeated and due, or else the next of the source."""
        if self._again and self._again[0][0] <= now:
            return self._again[0][2]
        if self._head is None and not self._ended:
            self._head = next(self._source, None)
            self._ended = self._head is None
        return self._head

    def _drop(self, attempt: Attempt) -> None:
        if attempt is self._head:
            self._head = None
        else:
            heapq.heappop(self._again)

    def _limiter(self, path: str, now: float) -> Limiter:
        if path not in self._limiters:
            # What an ended process sent in the last second counts as well; a clock that was set back makes it older.
            today = moments.now()
            sent = self._journal.recent(self._settings.api + path, today - SECOND)
            self._limiters[path] = Limiter(self._settings.rate, now, [now - (today - at) / SECOND for at in sent])
        return self._limiters[path]

    def _intent(self, attempt: Attempt) -> Intent:
        message = attempt.message
        intent, self._next = self._next, self._next + 1
        number, new = attempt.number, None
        if number is None:
            topic = message.topic()
            number = self._journal.next_message()
            new = NewMessage(message.id, None if topic is None else self._journal.topic(topic))
        tag = tag_for(message, self._name, number, attempt.unknown)
        shape = self._journal.shape(message.shape(self._settings.api))
        return Intent(intent, number, attempt.attempts + 1, message.line, tag, message.row, shape, moments.now(), new)

    def _commit(self, intents: list[Intent]) -> None:
        """Make intents and results durable. Raises JournalFailed; then the results are kept for another try."""
        results = self._results[:]
        if intents or results:
            self._journal.commit(intents, results)
            del self._results[: len(results)]

    # --- sending ---

    def _start(self, attempt: Attempt, intent: Intent) -> None:
        task = asyncio.create_task(self._send(attempt, intent))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, attempt: Attempt, intent: Intent) -> None:
        headers, body = request(attempt.message, intent.tag)
        url = self._settings.api + attempt.message.path
        limiter = self._limiters[attempt.message.path]
        seen = await self._client.post(url, headers, body, lambda: limiter.leaves(time.monotonic()))
        if not seen.left:
            limiter.stays()
        outcome = classify(seen, attempt.message.kind)
        named = message_id_of(seen, outcome, attempt.message.kind)
        self._results.append(_result(intent, seen, outcome)._replace(message_id=named))
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
        if outcome.kind == "not_sent" and attempt.tries + 1 < _MOST_ATTEMPTS:
            again = attempt._replace(attempts=attempt.attempts + 1, tries=attempt.tries + 1)
            heapq.heappush(self._again, (now + _backoff(again.tries), attempt.message.line, again))


def _result(intent: Intent, seen: Observation, outcome: Outcome) -> Result:
    said = seen.body.decode("utf-8", "replace") if seen.status is not None else seen.detail
    now = moments.now()
    took = max(0, now - intent.at)  # a clock may be set back
    return Result(intent.intent, outcome.kind, outcome.reason, seen.status, seen.request_id, redacted(said), now, took)


def _backoff(tries: int) -> float:
    """Seconds until the next try: longer each time, and never the same for all."""
    return float(random.uniform(0.5, 1.0) * min(_SLOWEST, 0.25 * 2**tries))
