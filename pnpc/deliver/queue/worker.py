"""A worker: takes shards from the queue, one after the other. Procrastinate runs in a thread of its own, so that its signs of
life go on whatever the sender does, and signals and the sending have the main thread."""

import asyncio
import queue
import threading
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from procrastinate import App
from procrastinate.job_context import JobContext

from pnpc.deliver.queue.broker import (
    RETRY,
    TASK,
    GivenBack,
    QueueFailed,
    add_trouble,
    make_tables,
    opened,
    queue_of,
    take_over,
)
from pnpc.deliver.queue.shards import TROUBLES

_SIGNS = 5  # signs of life in the time after which a worker counts as dead
_FORGOTTEN = 20  # times as long as that, a silent worker stays in the list: one look after an outage says nothing
_LOOK = 1.0  # seconds between two looks for a new shard
_CONNECTIONS = 4  # of Procrastinate: it fetches, lives, and looks for what is to be cancelled


class ShardLost(Exception):
    """Another worker has the shard: this one was silent for so long that it counts as dead."""


class TakenShard:
    """A shard that this worker has. Say what became of it, once: `done`, `failed` or `give_back`."""

    def __init__(self, job: int, said: dict[str, Any], attempts: int) -> None:
        """`said`: see `pnpc.deliver.queue.shards.read`; `attempts`: how often it was given back before."""
        self.job, self.said, self.attempts = job, said, attempts
        self.verdict = Future[None]()

    def done(self) -> None:
        """It was sent, as far as it can be."""
        self.verdict.set_result(None)

    def failed(self, why: str) -> None:
        """A person must look at it."""
        self.verdict.set_exception(RuntimeError(why))

    @property
    def troubles(self) -> int:
        """How often it ended with messages left."""
        return int(self.said.get(TROUBLES, 0))

    def give_back(self, seconds: int = 0, *, for_trouble: bool = False) -> None:
        """Another worker may take it, after some seconds; unless a verdict is there. `for_trouble`: it counts in `troubles`."""
        with suppress(InvalidStateError):
            self.verdict.set_exception(GivenBack(seconds, for_trouble=for_trouble))


class ShardWorker:
    """Takes shards while it is a context."""

    def __init__(self, url: str, patience: float, channel: str | None, *, waits: bool) -> None:
        """`patience`: seconds without a sign of life after which a worker counts as dead; the same for all workers.
        `channel`: only its shards are taken, or only those without one. `waits`: whether to wait for shards that are queued later."""
        self._url, self._patience, self._waits = url, patience, waits
        self._queue = queue_of(channel)
        self._taken: queue.Queue[TakenShard | None] = queue.Queue()
        self._own: list[TakenShard] = []  # the shard under way
        self._failure: QueueFailed | None = None
        self._loop = asyncio.new_event_loop()
        self._working: asyncio.Task[None] | None = None
        self._worker_id: int | None = None
        self._is_stopping = False
        self._app: App
        # A daemon: a worker that has lost its shard ends without a word to the queue.
        self._thread = threading.Thread(target=self._run, name="pnpc-queue", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None or not issubclass(kind, ShardLost):
            self.stop()
            while self._thread.is_alive():
                for taken in self._own:
                    taken.give_back()
                self._thread.join(0.05)

    def take(self) -> TakenShard | None:
        """The next shard; None if there will be none. Raises QueueFailed."""
        taken = self._taken.get()
        if self._failure is not None:
            raise self._failure
        return taken

    def stop(self) -> None:
        """Take no more shards."""
        self._is_stopping = True
        with suppress(RuntimeError):  # the thread has ended
            self._loop.call_soon_threadsafe(lambda: self._working and self._working.cancel())

    def demand(self, taken: TakenShard) -> None:
        """Raises ShardLost unless the shard is still ours: then nothing may be said of it to the queue."""
        try:
            mine = asyncio.run_coroutine_threadsafe(self._is_ours(taken.job), self._loop).result()
        except Exception as error:  # whatever it is, the queue does not say that it is ours
            raise ShardLost from error
        if not mine:
            raise ShardLost

    # --- in the thread ---

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._work())
        except QueueFailed as error:
            self._failure = error
        except Exception as error:
            self._failure = QueueFailed(f"the queue can't be used: {' '.join(str(error).split())}")
        finally:
            self._loop.close()
            self._taken.put(None)

    async def _work(self) -> None:
        async with opened(self._url, _CONNECTIONS) as app:
            await make_tables(app)
            self._app = app
            app.task(name=TASK, queue=self._queue, retry=RETRY, pass_context=True)(self._hand_out)
            self._working = asyncio.create_task(
                app.run_worker_async(
                    queues=[self._queue],
                    concurrency=1,
                    wait=self._waits,
                    fetch_job_polling_interval=_LOOK,
                    listen_notify=False,
                    install_signal_handlers=False,
                    delete_jobs="never",
                    update_heartbeat_interval=self._patience / _SIGNS,
                    stalled_worker_timeout=self._patience * _FORGOTTEN,
                )
            )
            if self._is_stopping:
                self._working.cancel()
            looking = asyncio.create_task(take_over(app, self._patience, self._is_own))
            try:
                await self._working
            except asyncio.CancelledError:
                if not self._is_stopping:
                    raise
            finally:
                looking.cancel()
            if self._waits and not self._is_stopping:
                raise QueueFailed("the queue is away: its database does not answer")

    async def _hand_out(self, context: JobContext, /, **said: Any) -> None:
        """A job of the queue: it lasts until the main thread says what became of the shard."""
        job = context.job
        taken = TakenShard(job.id or 0, said, job.attempts)
        self._worker_id = job.worker_id
        self._own[:] = [taken]
        self._taken.put(taken)
        try:
            await asyncio.wrap_future(taken.verdict)
        except GivenBack as given_back:
            if given_back.for_trouble:
                await add_trouble(self._app, taken.job)
            raise
        finally:
            self._own.clear()

    def _is_own(self, job: int) -> bool:
        return any(taken.job == job for taken in self._own)

    async def _is_ours(self, job: int) -> bool:
        jobs = list(await self._app.job_manager.list_jobs_async(id=job, worker_id=self._worker_id))
        return any(each.status == "doing" for each in jobs)
