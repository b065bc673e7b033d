"""A worker as a member of the queue: its signs of life, the next shard, and what became of one.

Procrastinate's own worker gives no more signs of life once one of them failed, forgets what became of a shard if it could not be
written, and waits for a database that is away before it ends. So the loop around its job manager is ours; each query may fail, and is
asked again. What is written of a shard is one statement that changes nothing once another worker has it.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Literal, NamedTuple

from procrastinate import App
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job, Status

from pnpc.deliver.postgres.run_lease import boot_clock
from pnpc.deliver.queue.broker import SILENCE, TASK, QueueFailed, asked
from pnpc.deliver.queue.left import UNFINISHED, LeftShards, UnfinishedShard, left_of
from pnpc.deliver.queue.lookout import RUNNING, HeldShard, ShardLookout
from pnpc.deliver.queue.shards import GIVE_BACKS, GiveBackCause, GiveBacks, give_backs_of

_SIGNS = 5  # signs of life in the time after which a worker counts as dead
_HANGS = 0.4  # of that time, a sign of life may take: then there is time for another one
_AGAIN = 0.5  # seconds between two tries of a sign of life, at most
_FORGOTTEN = 20  # times as long as that, a silent worker stays in the list: one look after an outage says nothing
_NO_SUCH_WORKER = "23503"  # SQLSTATE: a shard for a worker that is not in the list

_HELD = """
WHERE id = %(job)s AND status = 'doing' AND attempts = %(attempts)s AND worker_id IS NOT DISTINCT FROM %(worker)s::bigint
  AND (%(sign)s::timestamptz IS NULL OR EXISTS (SELECT FROM procrastinate_workers worker
       WHERE worker.id = procrastinate_jobs.worker_id AND worker.last_heartbeat = %(sign)s::timestamptz))
RETURNING id
"""
# An abort that was asked for with Procrastinate's own tools holds when the shard is given back.
_CHANGE = f"""
UPDATE procrastinate_jobs SET
    status = CASE WHEN abort_requested AND %(status)s = 'todo' THEN 'failed' ELSE %(status)s END::procrastinate_job_status,
    abort_requested = FALSE, attempts = attempts + 1, scheduled_at = now() + make_interval(secs => %(seconds)s),
    args = CASE jsonb_typeof(args) WHEN 'object' THEN args || jsonb_build_object('{GIVE_BACKS}', %(given)s::jsonb) ELSE args END
{_HELD}"""
_DELETE = f"DELETE FROM procrastinate_jobs {_HELD}"

ShardOutcome = Literal["done", "failed", "given-back"]


class ShardLost(Exception):
    """Another worker has the shard: this one was silent for so long that it counts as dead."""


class ShardVerdict(NamedTuple):
    """What became of a shard. One that is given back, for a `cause`, may be taken again after some seconds."""

    outcome: ShardOutcome
    seconds: int = 0
    cause: GiveBackCause = "stopped"


_STATUS = {"done": Status.SUCCEEDED, "failed": Status.FAILED, "given-back": Status.TODO}


class QueueMember:
    """A worker that is in the queue's list."""

    def __init__(self, app: App, queue: str, patience: float) -> None:
        """`patience`: seconds without a sign of life after which a worker counts as dead; the same for all workers."""
        self._manager, self._connector = app.job_manager, app.connector
        self._queue, self._patience = queue, patience
        self._worker = 0
        self._is_unsure = False  # the answer to a question for the next shard was lost: it may have given one

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
        longest = min(2 * SILENCE, self._patience * _HANGS)
        while True:
            await asyncio.sleep(pause)
            try:
                await asked(self._manager.update_heartbeat(self._worker), longest)
                pause = self._patience / _SIGNS
            except QueueFailed:
                pause = min(_AGAIN, self._patience / _SIGNS)

    async def next(self) -> Job | None:
        """The next shard, which is this worker's from now on; None if there is none just now. This worker must have no other. Raises
        QueueAway, QueueFailed."""
        try:
            return await self._fetched()
        except QueueFailed as error:
            if error.state != _NO_SUCH_WORKER:
                raise
        await self.join()  # others have forgotten a worker that was silent for very long
        return await self._fetched()

    async def _fetched(self) -> Job | None:
        """The next shard; first one that was given to this worker with an answer that it never got, even if it was given late."""
        if self._is_unsure:
            own = self._manager.list_jobs_async(
                queue=self._queue, task=TASK, status=Status.DOING.value, worker_id=self._worker
            )
            for job in await asked(own):
                return job
        try:
            return await asked(self._manager.fetch_job([self._queue], self._worker))
        except QueueFailed:
            self._is_unsure = True
            raise

    async def end(self, job: Job, verdict: ShardVerdict) -> None:
        """Write what became of a shard; once more is as good as once. Raises ShardLost, QueueAway, QueueFailed."""
        given = give_backs_of(job.task_kwargs).after(verdict.cause, self._worker)
        held = HeldShard(job.id or 0, job.attempts, self._worker)
        if await self._change(held, _STATUS[verdict.outcome], given, verdict.seconds):
            return
        # Perhaps an earlier try was written, and its answer was lost.
        rows = list(await asked(self._manager.list_jobs_async(id=job.id)))
        is_back = verdict.outcome == "given-back"
        if not rows and is_back:
            return  # the same one was queued again meanwhile
        for row in rows:
            if row.status == _STATUS[verdict.outcome].value and row.attempts == job.attempts + 1:
                return
            if is_back and row.attempts > job.attempts and give_backs_of(row.task_kwargs).by == self._worker:
                return  # another worker has taken it since
        raise ShardLost

    async def _change(self, held: HeldShard, status: Status, given: GiveBacks, seconds: float = 0) -> bool:
        """End a shard, or queue it again, unless somebody else has it by now; whether that was done. One that many workers died with
        has failed. If the same one was queued again meanwhile, that one is enough."""
        if status == Status.TODO and given.is_deadly:
            status = Status.FAILED
        values = held._asdict()
        change = self._connector.execute_query_all_async(
            _CHANGE, status=status.value, given=given._asdict(), seconds=float(seconds), **values
        )
        try:
            return bool(await asked(change))
        except QueueFailed as error:
            if not isinstance(error.__cause__, UniqueViolation):
                raise
        return bool(await asked(self._connector.execute_query_all_async(_DELETE, **values)))

    async def left(self) -> LeftShards:
        """The shards of the queue that have not ended, where `next` finds none. Raises QueueAway, QueueFailed."""
        rows = await asked(self._connector.execute_query_all_async(UNFINISHED, task=TASK))
        return left_of([UnfinishedShard(**row) for row in rows], self._queue)

    async def take_over(self, is_own: Callable[[int], bool]) -> None:
        """Give the shards of dead workers back, until cancelled (see `lookout.py`)."""
        lookout = ShardLookout(self._patience)
        while True:
            await asyncio.sleep(self._patience / _SIGNS)
            began = boot_clock()
            try:
                look = self._connector.execute_query_all_async(RUNNING, task=TASK, patience=self._patience)
                rows = {HeldShard(*(row[name] for name in HeldShard._fields)): row for row in await asked(look)}
            except QueueFailed:
                lookout.forget()
                continue
            for held in lookout.dead([(held, row["is_over"]) for held, row in rows.items()], began, boot_clock()):
                if not is_own(held.job):
                    with suppress(QueueFailed):  # the next look finds it again
                        await self._change(held, Status.TODO, give_backs_of(rows[held]["args"]).after("death", 0))
