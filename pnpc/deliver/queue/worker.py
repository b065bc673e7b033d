"""A worker: takes shards from the queue, one after the other. What it says to the queue runs in a thread of its own, so that its signs of
life go on whatever the sender does, and signals and the sending have the main thread."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from math import inf
from time import monotonic
from types import TracebackType
from typing import Any, Self, TypeVar, cast

from procrastinate.jobs import Job

from pnpc.deliver.queue.broker import SILENCE, QueueAway, QueueFailed, make_tables, opened, queue_of
from pnpc.deliver.queue.left import LeftShards
from pnpc.deliver.queue.member import QueueMember, ShardLost, ShardVerdict
from pnpc.deliver.queue.shards import GiveBackCause, give_backs_of

_Answer = TypeVar("_Answer")
_LOOK = 1.0  # seconds between two looks for a new shard
_AGAIN = 0.5  # seconds between two tries while the database is away
_AWAY = 60.0  # seconds that a worker which is to end waits for a database that is away
_HEARING = 0.1  # seconds between two looks whether a signal came, while the queue hears how a shard ended
_LAST_WORDS = 2.0  # seconds for each of the last words to a queue that may be away
_CONNECTIONS = 3  # signs of life, looks for silent workers, and everything else


class TakenShard:
    """A shard that this worker has. The worker must `settle` it."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.number = job.id or 0
        self.said: object = job.task_kwargs  # see `pnpc.deliver.queue.shards.read`
        self.given_back = give_backs_of(job.task_kwargs)


class ShardWorker:
    """Takes shards while it is a context. Entering raises QueueFailed."""

    def __init__(
        self, url: str, patience: float, channel: str | None, say: Callable[[str], None], *, waits: bool
    ) -> None:
        """`patience`: seconds without a sign of life after which a worker counts as dead; the same for all workers.
        `channel`: only its shards are taken, or only those without one. `waits`: whether to wait for shards that are queued later.
        `say` hears, in words for people, when the queue is away and when it is back, and what a worker waits for that does not wait
        for later shards."""
        self.left: LeftShards | None = None  # what `take` found last where it does not wait for later shards
        self._url, self._patience, self._say, self._waits = url, patience, say, waits
        self._queue = queue_of(channel)
        self._own: TakenShard | None = None
        self._taking: asyncio.Task[Any] | None = None
        self._started = Future[None]()
        self._failure: Exception | None = None  # why the thread ended by itself
        self._is_leaving = self._is_away = False
        self._cause: GiveBackCause = "stopped"
        self._leaving: asyncio.Event
        self._loop: asyncio.AbstractEventLoop
        self._main: asyncio.Task[None]
        self._member: QueueMember
        # A daemon: a queue that is away keeps no process from ending.
        self._thread = threading.Thread(target=self._run, name="pnpc-queue", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        try:
            self._started.result()
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # What is not foreseen may be the fault of the shard: then it counts as if it had killed its worker.
        if isinstance(error, Exception) and not isinstance(error, QueueFailed | ShardLost):
            self._cause = "death"
        self._leave()

    def take(self) -> TakenShard | None:
        """The next shard; None if there will be none that can be taken. Raises QueueFailed."""
        return self._result(self._start(self._take))

    def settle(self, taken: TakenShard, verdict: ShardVerdict, hurries: Callable[[], bool]) -> None:
        """Say what became of a shard, once. Waits while the database is away, but not for long if it `hurries`.

        Raises ShardLost where the shard is another worker's now, QueueFailed."""
        settling = self._start(lambda: self._settle(taken, verdict))
        until: float | None = None
        while True:
            with suppress(TimeoutError):
                return self._result(settling, _HEARING)
            if until is None and hurries():
                until = monotonic() + _LAST_WORDS
            if until is not None and monotonic() > until:
                settling.cancel()
                raise QueueAway("its database does not answer")

    def _start(self, work: Callable[[], Coroutine[Any, Any, _Answer]]) -> "Future[_Answer]":
        """Begin some work in the thread. It is made there: here, a signal may raise between any two steps."""
        begun = Future[Future[_Answer]]()

        def begin() -> None:
            begun.set_result(asyncio.run_coroutine_threadsafe(work(), self._loop))

        try:
            self._loop.call_soon_threadsafe(begin)
        except RuntimeError:  # the loop is closed
            raise self._end_of_thread() from None
        return self._result(begun)

    def _result(self, answer: "Future[_Answer]", seconds: float = inf) -> _Answer:
        """An answer of the thread, in some seconds. Raises TimeoutError, or what ended the thread, if it has ended."""
        until = monotonic() + seconds
        while True:
            try:
                return answer.result(min(_LOOK, until - monotonic()))
            except CancelledError:
                raise self._end_of_thread() from None
            except TimeoutError:
                if answer.done():
                    return answer.result()
                if not self._thread.is_alive():  # no answer will come
                    raise self._end_of_thread() from None
                if monotonic() >= until:
                    raise

    def _end_of_thread(self) -> Exception:
        """What ended the thread, once it has ended."""
        self._thread.join(4 * _LAST_WORDS)
        return self._failure or QueueFailed("it was closed")

    def _leave(self) -> None:
        """Give back what is not settled, and end: after some seconds without the queue's answer."""
        self._is_leaving = True
        with suppress(AttributeError, RuntimeError):  # the loop is not there yet, or has ended
            self._loop.call_soon_threadsafe(self._end)
        self._thread.join(4 * _LAST_WORDS)

    # --- in the thread ---

    def _run(self) -> None:
        try:
            asyncio.run(self._work())
        except (Exception, asyncio.CancelledError) as error:
            self._failure = error if isinstance(error, Exception) else None
            if not self._started.done():
                self._started.set_exception(error)

    def _end(self) -> None:
        self._leaving.set()
        if not self._started.done():  # it would wait for a database that may be away
            self._main.cancel()

    async def _work(self) -> None:
        self._leaving = asyncio.Event()
        self._main = cast("asyncio.Task[None]", asyncio.current_task())
        self._loop = asyncio.get_running_loop()
        if self._is_leaving:
            return
        async with opened(self._url, _CONNECTIONS, SILENCE) as app:
            await make_tables(app)
            self._member = QueueMember(app, self._queue, self._patience)
            await self._member.join()
            beside: set[asyncio.Task[Any]] = {
                asyncio.create_task(self._member.live()),
                asyncio.create_task(self._member.take_over(self._is_own)),
            }
            self._started.set_result(None)
            leaving = asyncio.create_task(self._leaving.wait())
            ended, going = await asyncio.wait({leaving, *beside}, return_when=asyncio.FIRST_COMPLETED)
            await self._say_goodbye()
            for task in going:
                task.cancel()
            for task in ended:
                task.result()  # raises what ended the signs of life, which go on until they are cancelled

    async def _say_goodbye(self) -> None:
        """Give back what is not settled, and leave the queue. Each may fail: then this worker counts as dead some time later."""
        if self._is_away:
            return
        if self._taking is not None:
            await asyncio.wait({self._taking}, timeout=_LAST_WORDS)
        with suppress(QueueFailed, ShardLost, TimeoutError):
            async with asyncio.timeout(_LAST_WORDS):
                if self._own is not None:
                    await self._member.end(self._own.job, ShardVerdict("given-back", cause=self._cause))
                await self._member.leave()

    async def _take(self) -> TakenShard | None:
        self._taking = asyncio.current_task()
        try:
            while not self._leaving.is_set():
                if (job := await self._answered(self._member.next)) is not None:
                    self._own = TakenShard(job)
                    return self._own
                if not self._waits and not await self._more_will_come():
                    break
                await self._rest(_LOOK)
        except QueueAway:
            if not self._leaving.is_set():
                raise
        finally:
            self._taking = None
        return None

    async def _more_will_come(self) -> bool:
        """Whether to wait for shards of this queue that can't be taken just now; said when something changes."""
        before, self.left = self.left, await self._answered(self._member.left)
        if self.left.will_come and self.left != before:
            self._say(f"waiting: {self.left}")
        return self.left.will_come

    async def _settle(self, taken: TakenShard, verdict: ShardVerdict) -> None:
        try:
            await self._answered(lambda: self._member.end(taken.job, verdict))
        except ShardLost:
            self._own = None
            raise
        self._own = None

    async def _answered(self, query: Callable[[], Awaitable[_Answer]]) -> _Answer:
        """What the queue answers, once its database is there. Raises QueueFailed; QueueAway where this worker has to end."""
        since: float | None = None
        while True:
            try:
                answer = await query()
            except QueueAway as error:
                self._is_away = True
                if self._leaving.is_set():
                    raise
                if since is None:
                    since = monotonic()
                    self._say(f"waiting for the queue: {error.why}")
                if not self._waits and monotonic() - since > _AWAY:
                    raise
                await self._rest(_AGAIN)
                continue
            self._is_away = False
            if since is not None:
                self._say(f"the queue is back after {monotonic() - since:.0f} seconds")
            return answer

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._leaving.wait(), seconds)

    def _is_own(self, job: int) -> bool:
        return self._own is not None and self._own.number == job
