"""A connection to PostgreSQL that is made again when it was cut. The one door to psycopg.

Each statement is a transaction of its own: what `rows` gave back is committed. A statement whose connection is cut raises
JournalAway, and then it is not known whether it was committed: whoever writes must be able to find out, or to write the
same again.
"""

import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from itertools import count
from threading import RLock
from time import monotonic
from typing import Any, LiteralString, TypeVar, cast

import psycopg
from psycopg import conninfo

from pnpc.deliver.journal.records import JournalAway, JournalFailed
from pnpc.deliver.journal.soundness import NotAJournal
from pnpc.deliver.postgres.address import secrets_of, shown_url

_T = TypeVar("_T")
SCHEMA = "pnpc"  # of all our tables
# How long a server may be silent, for libpq: seconds, but for the last, which is in milliseconds. What a URL says stands.
_LIMITS = {
    "connect_timeout": "5", "keepalives_idle": "5", "keepalives_interval": "2", "keepalives_count": "3",
    "tcp_user_timeout": "5000",
}  # fmt: skip
# `off` and `local` would call committed what a crash, or a fail-over, can lose; what is stricter than `on` stays.
_SETTINGS = (
    f"SET search_path TO {SCHEMA}; SET idle_in_transaction_session_timeout TO 0; SET jit TO off;"
    " SET default_transaction_isolation TO 'read committed';"
    " SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local')"
)
_READ_ONLY = "; SET default_transaction_read_only TO on"
_MOST_ROWS = 2_000  # fetched at once of a long answer
# Classes of SQLSTATE after which the same may go well a little later: the connection, resources, an operator's or a crash's
# shutdown, a deadlock.
_PASSING = ("08", "53", "57", "40")
# No lock, no time; a server that only reads: after a fail-over, the one that was the primary.
_PASSING_STATES = ("55P03", "25006")
_NO_RIGHT = "42501"
_PLACEHOLDER = re.compile(r"\?(\d*)")


class _Connection(psycopg.Connection[tuple[Any, ...]]):
    """A connection that may wait no longer than `limit` seconds for an answer: a server that hangs closes no connection, so
    libpq would wait for ever."""

    limit: float | None = None

    def wait(self, gen: Generator[Any, Any, _T], *args: Any, **more: Any) -> _T:
        """See psycopg; it looks at the generator ten times a second."""
        return super().wait(gen if self.limit is None else _limited(gen, self.limit), *args, **more)


def _limited(gen: Generator[Any, Any, _T], limit: float) -> Generator[Any, Any, _T]:
    """A generator of psycopg's that ends after some seconds. Raises psycopg.OperationalError then."""
    until = monotonic() + limit
    try:
        wanted = next(gen)
        while True:
            ready = yield wanted
            if not ready and monotonic() > until:
                raise psycopg.OperationalError(f"no answer in {limit:g} seconds")
            wanted = gen.send(ready)
    except StopIteration as end:
        return cast("_T", end.value)


def address(url: str, application: str, *, reads_only: bool = False) -> str:
    """What libpq connects with: the URL, and what it does not say. Raises psycopg.Error where it is not a URL."""
    given = conninfo.conninfo_to_dict(url)
    defaults = {**_LIMITS, "application_name": application, "client_encoding": "UTF8"}
    if not reads_only:  # of several hosts, the primary
        defaults["target_session_attrs"] = "read-write"
    return conninfo.make_conninfo(url, **{name: value for name, value in defaults.items() if name not in given})


class Database:
    """One connection, opened at once; for one thread at a time inside `transaction`, for any thread otherwise."""

    def __init__(self, url: str, *, reads_only: bool = False) -> None:
        """Raises NotAJournal where the server refuses us, or can't be reached."""
        self.name = shown_url(url)
        self.limit: float | None = None  # seconds to wait for an answer; None: for ever
        self._secrets = secrets_of(url)
        self._reads_only = reads_only
        self._lock = RLock()
        self._in_transaction = False
        self._numbers = count()  # of cursors
        self._connection: _Connection | None = None
        try:
            self._address = address(url, "pnpc", reads_only=reads_only)
        except psycopg.Error as error:
            raise NotAJournal(f"{self.name} is not a URL of PostgreSQL: {self._words(error)}") from None
        try:
            with self._lock:
                self._connected()
        except JournalFailed as error:
            raise NotAJournal(str(error)) from None

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._drop()

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Run a statement with `?` or `?1` for its values; the rows that it gives. Raises JournalAway, JournalFailed."""
        with self._lock, self._said():
            cursor = psycopg.RawCursor(self._connected()).execute(numbered(sql), [_plain(value) for value in values])
            return cursor.fetchall() if cursor.description is not None else []

    def run_many(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        """Run a statement once for each row of values. Raises JournalAway, JournalFailed."""
        with self._lock, self._said():
            cursor = psycopg.RawCursor(self._connected())
            cursor.executemany(numbered(sql), [[_plain(value) for value in row] for row in rows])

    def stream(self, sql: str, values: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a long answer, some thousands at a time; inside `transaction` only. Raises JournalAway, JournalFailed."""
        with self._said():
            cursor = psycopg.RawServerCursor(self._connected(), f"rows_{next(self._numbers)}")
            try:
                cursor.execute(numbered(sql), [_plain(value) for value in values])
                while rows := cursor.fetchmany(_MOST_ROWS):
                    yield from rows
            finally:
                with suppress(psycopg.Error):
                    cursor.close()

    @contextmanager
    def transaction(self, begin: LiteralString = "BEGIN") -> Iterator[None]:
        """All of it is committed when the block ends, or none of it is. Raises JournalAway, JournalFailed."""
        with self._lock, self._said():
            connection = self._connected()
            connection.execute(begin)
            self._in_transaction = True
            try:
                yield
                connection.execute("COMMIT")
            except BaseException:
                with suppress(psycopg.Error):
                    connection.execute("ROLLBACK")
                raise
            finally:
                self._in_transaction = False

    def run_script(self, script: str, *more: tuple[str, Sequence[object]]) -> None:
        """Run several statements, and more with their values, in one transaction. Raises JournalAway, JournalFailed."""
        with self.transaction():
            self._connected().execute(script.encode())
            for sql, values in more:
                self.rows(sql, values)

    # --- underneath ---

    def _connected(self) -> _Connection:
        """The connection, made if it is not there."""
        if self._connection is not None and not self._connection.closed:
            self._connection.limit = self.limit
            return self._connection
        if self._in_transaction:
            raise JournalAway(f"can't reach the journal {self.name}: the connection was cut")
        self._drop()
        try:
            connection = _Connection.connect(self._address, autocommit=True)
        except psycopg.Error as error:
            raise JournalAway(f"can't reach the journal {self.name}: {self._words(error)}") from None
        self._connection, connection.limit = connection, self.limit
        encoding = connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise JournalFailed(
                f"the database of the journal {self.name} has the encoding {encoding}: it must be UTF8 (createdb -E UTF8)"
            )
        with self._said():
            connection.execute(_SETTINGS + (_READ_ONLY if self._reads_only else ""))
        return connection

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(psycopg.Error):
                connection.close()

    @contextmanager
    def _said(self) -> Iterator[None]:
        """psycopg's errors as ours."""
        try:
            yield
        except psycopg.Error as error:
            connection = self._connection
            is_cut = connection is None or connection.closed or connection.broken
            if is_cut or is_passing(error):  # after a silence, the next answer would be of an earlier question
                self._drop()
                raise JournalAway(f"the journal {self.name} is away: {self._words(error)}") from error
            raise JournalFailed(f"can't use the journal {self.name}: {self._words(error)}") from error

    def _words(self, error: psycopg.Error) -> str:
        """An error in one line, without the password of the URL."""
        text = (error.diag.message_primary if error.sqlstate else None) or str(error) or type(error).__name__
        if error.sqlstate == _NO_RIGHT:
            text = f"{text} (docs/journal.md has the grants that a role needs)"
        for secret in self._secrets:
            text = text.replace(secret, "...")
        return " ".join(text.split())


def is_passing(error: BaseException | None) -> bool:
    """Whether the same may go well a little later. An error without a state is not the server's word, but its silence."""
    if not isinstance(error, psycopg.Error):
        return False
    state = error.sqlstate
    if not state:
        return isinstance(error, psycopg.OperationalError)
    return state[:2] in _PASSING or state in _PASSING_STATES


@lru_cache(maxsize=256)
def numbered(sql: str) -> bytes:
    """A statement with `$1` for `?1`, and for `?` the number after the highest one before it, as SQLite counts."""
    highest = 0

    def number(match: re.Match[str]) -> str:
        nonlocal highest
        this = int(match[1]) if match[1] else highest + 1
        highest = max(highest, this)
        return f"${this}"

    return _PLACEHOLDER.sub(number, sql).encode()


def _plain(value: object) -> object:
    """A value as PostgreSQL takes it: its texts hold no NUL, which another side may have sent."""
    if isinstance(value, str) and "\0" in value:
        return value.replace("\0", "\\x00")
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value
