"""The queue of shards: Procrastinate in a schema of its own, in the database of the journal. With `member.py`, the door to
Procrastinate.

It does what a queue must do: each shard is given to one worker, none is queued twice, and one whose worker is silent goes to
another. What it can't do, keep a worker that was thought dead from sending, the journal does.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Literal, NamedTuple, TypeVar

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Job
from procrastinate.sql import queries

from pnpc.deliver.postgres.connection import address, is_passing
from pnpc.deliver.queue.shards import BadShard, Shard, give_backs_of, read, written
from pnpc.text.lazy import regex

_Answer = TypeVar("_Answer")
SCHEMA = "pnpc_queue"
_QUEUE, TASK = "shards", "send"
_PATIENCE = 30.0  # seconds that a query of a command waits for a connection
SILENCE = 5.0  # seconds that a query of a worker does, for it asks again; and for the answer
_RECONNECT = 5.0  # seconds in which the pool tries to connect, before it starts again with short pauses
_CLOSING = 2.0  # seconds for closing the connections
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


_FUNCTION = regex(r"\bprocrastinate_\w+(?=\()")
_MISSING = (
    f"SELECT name FROM unnest(%(names)s::text[]) name WHERE to_regproc('{SCHEMA}.' || name) IS NULL ORDER BY name"
)


class QueueFailed(Exception):
    """The queue can't be used. Its text is one line for people, `why` the end of it; `state` is PostgreSQL's SQLSTATE, if it said one."""

    def __init__(self, why: str, state: str = "") -> None:
        super().__init__(f"the queue can't be used: {why}")
        self.why, self.state = why, state


class QueueClosed(QueueFailed):
    """There is a queue, and this role may not read it."""


class QueueAway(QueueFailed):
    """The queue can't be reached just now: the same may go well a little later. What was just written may be durable."""


class QueuedShard(NamedTuple):
    """A row of the queue, and where it stands. `shard` is None for a row that can't be read; `wrong` says why, or why a shard has
    failed, where no worker could say it."""

    job: int
    shard: Shard | None
    state: Literal["queued", "running", "done", "failed"]
    wrong: str = ""


def queue_of(channel: str | None) -> str:
    """The name of the queue for the shards of a channel: a worker has the token of one channel, and must take no others."""
    return _QUEUE if channel is None else f"{_QUEUE}:{channel}"


def channel_of(queue: str) -> str | None:
    """The channel whose shards are in a queue."""
    return queue.partition(":")[2] or None


@asynccontextmanager
async def opened(url: str, connections: int = 2, patience: float = _PATIENCE) -> AsyncIterator[App]:
    """Procrastinate over the database of a journal; its tables may be missing. A query waits for a connection for `patience` seconds.
    Raises QueueFailed."""
    for name in ("procrastinate", "psycopg", "psycopg.pool"):  # what goes wrong is said by us, in one line
        logging.getLogger(name).addHandler(logging.NullHandler())
        logging.getLogger(name).propagate = False
    try:
        connector = PsycopgConnector(
            conninfo=address(url, "pnpc queue"), min_size=1, max_size=connections, timeout=patience,
            reconnect_timeout=_RECONNECT, configure=_in_schema,
        )  # fmt: skip
    except Exception as error:  # psycopg's, whose names are not ours to know
        raise _failed(error) from error
    app = App(connector=connector)
    try:
        try:
            await connector.open_async()
        except Exception as error:  # the pool's own, which Procrastinate lets through here
            raise _failed(error) from error
        yield app
    except ConnectorException as error:
        raise _failed(error) from error
    finally:
        with suppress(TimeoutError):
            async with asyncio.timeout(_CLOSING):  # a database that is away would be waited for
                await app.close_async()


async def asked(query: Awaitable[_Answer], seconds: float = 2 * SILENCE) -> _Answer:
    """What the queue answers to a query, in some seconds. Raises QueueAway, QueueFailed."""
    try:
        async with asyncio.timeout(seconds):
            return await query
    except TimeoutError:
        raise QueueAway("its database does not answer") from None
    except ConnectorException as error:
        raise _failed(error) from error


async def _in_schema(connection: Any) -> None:
    await connection.execute(f"SET search_path TO {SCHEMA}")
    await connection.commit()


def _failed(error: BaseException) -> QueueFailed:
    cause = error.__cause__ or error
    state = getattr(cause, "sqlstate", None) or ""
    if is_passing(cause):
        return QueueAway(_words(cause) if state else "its database does not answer", state)
    rights = " (docs/journal.md has the grants that a role needs)" if state == _NO_RIGHT else ""
    return QueueFailed(_words(cause) + rights, state)


def _words(error: BaseException) -> str:
    """What PostgreSQL says in its first sentence, or whatever there is, in one line."""
    said = getattr(getattr(error, "diag", None), "message_primary", None)
    return " ".join(str(said or error).split())


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
    """Make Procrastinate's tables if they are not there, in a schema that may be there. Raises QueueFailed, also where they are of another
    version of Procrastinate; ConnectorException."""
    if await are_there(app):
        await _demand_functions(app)
        return
    script = f"SELECT pg_advisory_xact_lock({_LOCK}); {_MAKE_SCHEMA} {app.schema_manager.get_schema()}"
    try:
        await app.connector.execute_query_async(script.replace("%", "%%"))
    except ConnectorException as error:
        if not await are_there(app):  # another command has made them meanwhile
            raise _failed(error) from error


async def _demand_functions(app: App) -> None:
    """Refuse tables without the functions that this version of Procrastinate calls: their names end in a version. Raises QueueFailed,
    ConnectorException."""
    names = {name for query in queries.values() for name in _FUNCTION.findall(query)}
    for row in await app.connector.execute_query_all_async(_MISSING, names=sorted(names)):
        raise QueueFailed(
            f"its tables are of another version of Procrastinate ({row['name']} is missing): use pnpc with that version, or, when no shard"
            f" is queued or running, DROP SCHEMA {SCHEMA} CASCADE"
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
    """The rows of the queue, in order; none if there is no queue. Raises QueueClosed, QueueFailed."""

    async def work() -> list[QueuedShard]:
        async with opened(url) as app:
            if not await are_there(app):
                return []
            return [_row(job) for job in await app.job_manager.list_jobs_async(task=TASK)]

    return asyncio.run(work())


def _row(job: Job) -> QueuedShard:
    number, state = job.id or 0, _STATES.get(job.status or "", "failed")
    try:
        given = give_backs_of(job.task_kwargs)
        wrong = f"{given.deaths} workers in a row died with it" if state == "failed" and given.is_deadly else ""
        return QueuedShard(number, read(job.task_kwargs), state, wrong)
    except BadShard as error:
        return QueuedShard(number, None, state, str(error))
