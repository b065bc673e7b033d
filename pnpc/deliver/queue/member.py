"""A worker as a member of the queue: its signs of life, the next shard, and what became of one.

Procrastinate's own worker gives no more signs of life once one of them failed, forgets what became of a shard if it could not be
written, and waits for a database that is away before it ends. So the loop around its job manager is ours; each query may fail, and is
asked again.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

from procrastinate import App
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job, Status

from pnpc.deliver.queue.broker import TASK, QueueFailed, asked, channel_of
from pnpc.deliver.queue.shards import TROUBLES, troubles_of

_SIGNS = 5  # signs of life in the time after which a worker counts as dead
_AGAIN = 0.5  # seconds between two tries of a sign of life, at most
_FORGOTTEN = 20  # times as long as that, a silent worker stays in the list: one look after an outage says nothing
_NO_SUCH_WORKER = "23503"  # SQLSTATE: a shard for a worker that is not in the list


ShardOutcome = Literal["done", "failed", "given-back"]


class ShardLost(Exception):
    """Another worker has the shard: this one was silent for so long that it counts as dead."""


class ShardVerdict(NamedTuple):
    """What became of a shard. One that is given back may be taken again after some seconds; `for_trouble`: it counts as an end
    with messages left."""

    outcome: ShardOutcome
    seconds: int = 0
    for_trouble: bool = False


_STATUS = {"done": Status.SUCCEEDED, "failed": Status.FAILED, "given-back": Status.TODO}


class LeftShards(NamedTuple):
    """Shards of a queue that have not ended: `running` ones of other workers; `paused` ones, the first of them `until` a time;
    `free` ones; and those that wait for the same lines in the queues of other channels, `behind` them."""

    running: int
    paused: int
    until: datetime | None
    free: int
    blocked: int
    behind: tuple[str | None, ...]

    @property
    def will_come(self) -> bool:
        """Whether to wait for one of them: the worker that has it ends it, gives it back, or dies. A pause is not waited for: it may
        be long, and what was wrong may still be."""
        return bool(self.running or self.free)

    def __str__(self) -> str:
        """For people."""
        words = []
        if self.running:
            words.append(f"shards that other workers send: {self.running:,}")
        if self.paused and self.until is not None:
            words.append(
                f"shards that were given back: {self.paused:,}, the first until {self.until:%Y-%m-%d %H:%M:%SZ}"
            )
        if self.blocked:
            channels = " and ".join(
                "no channel" if channel is None else f"channel {channel}" for channel in self.behind
            )
            words.append(
                f"shards whose lines are queued for {channels}, too, and must be sent there first: {self.blocked:,}"
            )
        return "; ".join(words)


class QueueMember:
    """A worker that is in the queue's list."""

    def __init__(self, app: App, queue: str, patience: float) -> None:
        """`patience`: seconds without a sign of life after which a worker counts as dead; the same for all workers."""
        self._manager, self._connector = app.job_manager, app.connector
        self._queue, self._patience = queue, patience
        self._worker = 0

    async def join(self) -> None:
        """Take a place in the list. Raises QueueAway, QueueFailed."""
        await asked(self._manager.prune_stalled_workers(self._patience * _FORGOTTEN))
        self._worker = await asked(self._manager.register_worker())

    async def leave(self) -> None:
        """Give the place back. Raises QueueAway, QueueFailed."""
        await asked(self._manager.unregister_worker(self._worker))

    async def live(self) -> None:
        """Give signs of life, until cancelled. One that fails is tried again."""
        pause = self._patience / _SIGNS
        while True:
            await asyncio.sleep(pause)
            try:
                await asked(self._manager.update_heartbeat(self._worker))
                pause = self._patience / _SIGNS
            except QueueFailed:
                pause = min(_AGAIN, self._patience / _SIGNS)

    async def next(self) -> Job | None:
        """The next shard, which is this worker's from now on; None if there is none just now. Raises QueueAway, QueueFailed."""
        try:
            return await asked(self._manager.fetch_job([self._queue], self._worker))
        except QueueFailed as error:
            if error.state != _NO_SUCH_WORKER:
                raise
        await self.join()  # others have forgotten a worker that was silent for very long
        return await asked(self._manager.fetch_job([self._queue], self._worker))

    async def end(self, job: Job, verdict: ShardVerdict) -> None:
        """Write what became of a shard; once more is as good as once. Raises ShardLost, QueueAway, QueueFailed."""
        for row in await asked(self._manager.list_jobs_async(id=job.id)):
            if row.status == Status.DOING.value and row.worker_id == self._worker:
                await self._write(job, verdict)
                return
            if row.status == _STATUS[verdict.outcome].value and row.attempts == job.attempts + 1:
                return  # an earlier try was written, and its answer was lost
        raise ShardLost

    async def _write(self, job: Job, verdict: ShardVerdict) -> None:
        if verdict.outcome != "given-back":
            await asked(self._manager.finish_job(job, _STATUS[verdict.outcome], delete_job=False))
            return
        if verdict.for_trouble:
            sql = (
                "UPDATE procrastinate_jobs SET args = args || jsonb_build_object(%(name)s::text, %(troubles)s::int)"
                " WHERE id = %(job)s"
            )
            troubles = troubles_of(job.task_kwargs) + 1
            await asked(self._connector.execute_query_async(sql, name=TROUBLES, troubles=troubles, job=job.id))
        await self._give_back(job, datetime.now(UTC) + timedelta(seconds=verdict.seconds))

    async def _give_back(self, job: Job, at: datetime | None = None) -> None:
        """Queue a shard again. If the same one was queued again meanwhile, that one is enough."""
        try:
            await asked(self._manager.retry_job(job, at))
        except QueueFailed as error:
            if not isinstance(error.__cause__, UniqueViolation):
                raise
            await asked(self._manager.finish_job(job, Status.FAILED, delete_job=True))

    async def left(self) -> LeftShards:
        """The shards of the queue that have not ended, where `next` finds none. Raises QueueAway, QueueFailed."""
        jobs = self._manager.list_jobs_async
        running = list(await asked(jobs(queue=self._queue, task=TASK, status=Status.DOING.value)))
        todo = list(await asked(jobs(queue=self._queue, task=TASK, status=Status.TODO.value)))
        now = datetime.now(UTC)
        pauses = [job.scheduled_at for job in todo if job.scheduled_at is not None and job.scheduled_at > now]
        free, behind = 0, list[set[str | None]]()
        for job in todo if not running else ():
            if job.scheduled_at in pauses:
                continue
            if others := await self._before(job):
                behind.append({channel_of(other.queue) for other in others})
            else:
                free += 1
        channels = set[str | None]().union(*behind)
        named = tuple(sorted(channels, key=str))
        return LeftShards(len(running), len(pauses), min(pauses, default=None), free, len(behind), named)

    async def _before(self, job: Job) -> list[Job]:
        """The shards in other queues that must end before one may be taken: they have the same lines."""
        active = (Status.TODO.value, Status.DOING.value)
        same = await asked(self._manager.list_jobs_async(task=TASK, lock=job.lock)) if job.lock else ()
        return [other for other in same if other.queue != self._queue and other.status in active]

    async def take_over(self, is_own: Callable[[int], bool]) -> None:
        """Give the shards of silent workers back, until cancelled. A worker is silent when two looks find no sign of life for the
        time of patience. After a look that failed all have that time to come back: a database that was away makes none silent."""
        silent: set[tuple[int | None, int]] = set()
        while True:
            await asyncio.sleep(self._patience / _SIGNS)
            try:
                stalled = self._manager.get_stalled_jobs(task_name=TASK, seconds_since_heartbeat=self._patience)
                jobs = list(await asked(stalled))
            except QueueFailed:
                silent.clear()
                await asyncio.sleep(self._patience)
                continue
            for job in jobs:
                if (job.id, job.attempts) in silent and not is_own(job.id or 0):
                    with suppress(QueueFailed):  # another worker was faster
                        await self._give_back(job)
            silent = {(job.id, job.attempts) for job in jobs}
