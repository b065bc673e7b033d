"""The queue of shards: Procrastinate in a schema of its own, in the database of the journal. The one door to Procrastinate.

It does what a queue must do: each shard is given to one worker, none is queued twice, and one whose worker is silent goes to
another. What it can't do, keep a worker that was thought dead from sending, the journal does.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Literal, NamedTuple

from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status

from pnpc.deliver.postgres.connection import address
from pnpc.deliver.queue.shards import TROUBLES, Shard, read, written

SCHEMA = "pnpc_queue"
_QUEUE, TASK = "shards", "send"
_AWAY = 120.0  # seconds that a query waits for a connection
_RECONNECT = 5.0  # seconds in which the pool tries to connect, before it starts again with short pauses
_KEPT = 60 * 24  # hours that a shard stays in the list after its end
_NO_RIGHT = "42501"  # the SQLSTATE of a role that may not do something
_LOCK = 7_022_617_153  # of our own: two commands that make the tables at once
_STATES: dict[str, Literal["queued", "running", "done", "failed"]] = {
    "todo": "queued", "doing": "running", "succeeded": "done",
}  # fmt: skip


# What is there, and what this role may do with it: names are not looked up in a schema that it may not use.
_TABLES = f"""
SELECT c.oid IS NOT NULL AS has_tables, current_user AS role,
       coalesce(has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT'), FALSE) AS is_readable
FROM (VALUES (1)) nothing LEFT JOIN pg_namespace n ON n.nspname = '{SCHEMA}'
LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = 'procrastinate_jobs'
"""
# IF NOT EXISTS would demand the right to make a schema also where it is there.
_MAKE_SCHEMA = f"DO $$ BEGIN IF to_regnamespace('{SCHEMA}') IS NULL THEN CREATE SCHEMA {SCHEMA}; END IF; END $$;"


class QueueFailed(Exception):
    """The queue can't be reached or used. Its text is one line for people."""


class QueueClosed(QueueFailed):
    """There is a queue, and this role may not read it."""


class GivenBack(Exception):
    """A worker does not finish a shard: another one may take it after some seconds. `for_trouble`: it is the shard's own."""

    def __init__(self, seconds: int = 0, *, for_trouble: bool = False) -> None:
        super().__init__(f"given back for {seconds} seconds")
        self.seconds, self.for_trouble = seconds, for_trouble


class QueuedShard(NamedTuple):
    """A shard of the queue, and where it stands."""

    job: int
    shard: Shard
    state: Literal["queued", "running", "done", "failed"]


class _Again(BaseRetryStrategy):
    """Only what was given back is tried again."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:  # noqa: ARG002
        """When to try again."""
        return RetryDecision(retry_in={"seconds": exception.seconds}) if isinstance(exception, GivenBack) else None


RETRY = _Again()


def queue_of(channel: str | None) -> str:
    """The name of the queue for the shards of a channel: a worker has the token of one channel, and must take no others."""
    return _QUEUE if channel is None else f"{_QUEUE}:{channel}"


@asynccontextmanager
async def opened(url: str, connections: int = 2) -> AsyncIterator[App]:
    """Procrastinate over the database of a journal; its tables may be missing. Raises QueueFailed."""
    for name in ("procrastinate", "psycopg.pool"):  # what goes wrong is said by us, in one line
        logging.getLogger(name).addHandler(logging.NullHandler())
        logging.getLogger(name).propagate = False
    try:
        connector = PsycopgConnector(
            conninfo=address(url, "pnpc queue"), min_size=1, max_size=connections, timeout=_AWAY,
            reconnect_timeout=_RECONNECT, configure=_in_schema,
        )  # fmt: skip
        app = App(connector=connector)
        await connector.open_async()
    except Exception as error:  # psycopg's, whose names are not ours to know
        raise _failed(error) from error
    try:
        yield app
    except ConnectorException as error:
        raise _failed(error) from error
    finally:
        await app.close_async()


async def _in_schema(connection: Any) -> None:
    await connection.execute(f"SET search_path TO {SCHEMA}")
    await connection.commit()


def _failed(error: BaseException) -> QueueFailed:
    cause = error.__cause__ or error
    rights = (
        " (docs/journal.md has the grants that a role needs)" if getattr(cause, "sqlstate", None) == _NO_RIGHT else ""
    )
    return QueueFailed(f"the queue can't be used: {' '.join(str(cause).split())}{rights}")


async def are_there(app: App) -> bool:
    """Whether there are tables of a queue. Raises QueueClosed, ConnectorException."""
    tables = await app.connector.execute_query_one_async(_TABLES)
    if tables["has_tables"] and not tables["is_readable"]:
        raise QueueClosed(
            f"the role {tables['role']} may not read the queue: GRANT USAGE ON SCHEMA {SCHEMA}, and SELECT ON ALL TABLES IN"
            f" SCHEMA {SCHEMA}, TO {tables['role']} (docs/journal.md)"
        )
    return bool(tables["has_tables"])


async def make_tables(app: App) -> None:
    """Make Procrastinate's tables if they are not there, in a schema that may be there. Raises QueueFailed, ConnectorException."""
    if await are_there(app):
        return
    script = f"SELECT pg_advisory_xact_lock({_LOCK}); {_MAKE_SCHEMA} {app.schema_manager.get_schema()}"
    try:
        await app.connector.execute_query_async(script.replace("%", "%%"))
    except ConnectorException as error:
        if not await are_there(app):  # another command has made them meanwhile
            raise _failed(error) from error


async def add_trouble(app: App, job: int) -> None:
    """Note that a shard ended with messages left. Raises ConnectorException."""
    await app.connector.execute_query_async(
        f"""UPDATE procrastinate_jobs SET args = args || jsonb_build_object(
            '{TROUBLES}', coalesce((args->>'{TROUBLES}')::int, 0) + 1) WHERE id = %(job)s""",
        job=job,
    )


def enqueue(url: str, shards: Iterable[Shard]) -> tuple[list[Shard], list[Shard]]:
    """Queue shards: those that are queued now, and those that were waiting already. Raises QueueFailed."""

    async def work() -> tuple[list[Shard], list[Shard]]:
        queued: list[Shard] = []
        waiting: list[Shard] = []
        async with opened(url) as app:
            await make_tables(app)
            await app.job_manager.delete_old_jobs(_KEPT, include_failed=True, include_cancelled=True)
            for shard in shards:
                deferrer = app.configure_task(
                    TASK,
                    queue=queue_of(shard.settings.channel),
                    lock=shard.lines_key,
                    queueing_lock=shard.key,
                    allow_unknown=True,
                )
                try:
                    await deferrer.defer_async(**written(shard))
                    queued.append(shard)
                except AlreadyEnqueued:
                    waiting.append(shard)
        return queued, waiting

    return asyncio.run(work())


def listed(url: str) -> Sequence[QueuedShard]:
    """The shards of the queue, in order; none if there is no queue. Raises QueueClosed, QueueFailed, OtherVersion."""

    async def work() -> list[QueuedShard]:
        async with opened(url) as app:
            if not await are_there(app):
                return []
            jobs = await app.job_manager.list_jobs_async(task=TASK)
            return [
                QueuedShard(job.id or 0, read(job.task_kwargs), _STATES.get(job.status or "", "failed")) for job in jobs
            ]

    return asyncio.run(work())


async def take_over(app: App, patience: float, is_own: Callable[[int], bool]) -> None:
    """Give the shards of silent workers back, again and again. A worker is silent when two looks find no sign of life for `patience`
    seconds: so a database that was away makes none silent."""
    silent: set[tuple[int | None, int]] = set()
    while True:
        await asyncio.sleep(patience / 5)
        try:
            jobs = list(await app.job_manager.get_stalled_jobs(task_name=TASK, seconds_since_heartbeat=patience))
        except ConnectorException:
            silent.clear()
            continue
        for job in jobs:
            if (job.id, job.attempts) in silent and not is_own(job.id or 0):
                with suppress(ConnectorException):  # another worker was faster
                    await _free(app, job)
        silent = {(job.id, job.attempts) for job in jobs}


async def _free(app: App, job: Job) -> None:
    """Queue the shard of a silent worker again."""
    try:
        await app.job_manager.retry_job(job)
    except UniqueViolation:  # the same shard was queued again meanwhile
        await app.job_manager.finish_job(job, Status.FAILED, delete_job=False)
