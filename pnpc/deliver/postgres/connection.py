"""A connection to PostgreSQL that is made again when it was cut. The one door to psycopg.

Each statement is a transaction of its own: what `rows` gave back is committed. A statement whose connection is cut raises
JournalAway, and then it is not known whether it was committed: whoever writes must be able to find out, or to write the
same again.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from itertools import count
from threading import RLock
from typing import Any, LiteralString

import psycopg
from psycopg import conninfo

from pnpc.deliver.journal.records import JournalAway, JournalFailed
from pnpc.deliver.journal.soundness import NotAJournal
from pnpc.deliver.postgres.address import secrets_of, shown_url

SCHEMA = "pnpc"  # of all our tables
# How long a server may be silent, for libpq: seconds, but for the last, which is in milliseconds. What a URL says stands.
_LIMITS = {
    "connect_timeout": "5", "keepalives_idle": "5", "keepalives_interval": "2", "keepalives_count": "3",
    "tcp_user_timeout": "10000",
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
_PLACEHOLDER = re.compile(r"\?(\d*)")


class Database:
    """One connection, opened at once; for one thread at a time inside `transaction`, for any thread otherwise."""

    def __init__(self, url: str, *, reads_only: bool = False) -> None:
        """Raises NotAJournal where the server refuses us, or can't be reached."""
        self.name = shown_url(url)
        self._secrets = secrets_of(url)
        self._reads_only = reads_only
        self._lock = RLock()
        self._in_transaction = False
        self._numbers = count()  # of cursors
        self._connection: psycopg.Connection[tuple[Any, ...]] | None = None
        try:
            given = conninfo.conninfo_to_dict(url)
        except psycopg.Error as error:
            raise NotAJournal(f"{self.name} is not a URL of PostgreSQL: {self._words(error)}") from None
        defaults = {**_LIMITS, "application_name": "pnpc", "client_encoding": "UTF8"}
        if not reads_only:  # of several hosts, the primary
            defaults["target_session_attrs"] = "read-write"
        self._address = conninfo.make_conninfo(
            url, **{name: value for name, value in defaults.items() if name not in given}
        )
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

    def _connected(self) -> psycopg.Connection[tuple[Any, ...]]:
        """The connection, made if it is not there."""
        if self._connection is not None and not self._connection.closed:
            return self._connection
        if self._in_transaction:
            raise JournalAway(f"can't reach the journal {self.name}: the connection was cut")
        self._drop()
        try:
            connection = psycopg.connect(self._address, autocommit=True)
        except psycopg.Error as error:
            raise JournalAway(f"can't reach the journal {self.name}: {self._words(error)}") from None
        self._connection = connection
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
            is_cut = self._connection is None or self._connection.closed or self._connection.broken
            state = error.sqlstate or ""
            if is_cut or state[:2] in _PASSING or state in _PASSING_STATES:
                self._drop()
                raise JournalAway(f"the journal {self.name} is away: {self._words(error)}") from error
            raise JournalFailed(f"can't use the journal {self.name}: {self._words(error)}") from error

    def _words(self, error: psycopg.Error) -> str:
        """An error in one line, without the password of the URL."""
        text = (error.diag.message_primary if error.sqlstate else None) or str(error) or type(error).__name__
        for secret in self._secrets:
            text = text.replace(secret, "...")
        return " ".join(text.split())


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
