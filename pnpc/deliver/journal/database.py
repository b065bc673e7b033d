"""The SQLite file under a journal: opened so that what is committed stays committed."""

import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from tempfile import mkstemp
from urllib.parse import quote

from pnpc.deliver.journal.keys import key_of
from pnpc.deliver.journal.records import JournalFailed
from pnpc.deliver.journal.soundness import OTHER_FILE, NotAJournal, damaged, look_beside, look_inside
from pnpc.deliver.journal.statements import SQLITE_TABLES, schema
from pnpc.deliver.journal.timestamps import now

_APPLICATION = 1886285923  # "pnpc" in ASCII
_FORMAT = 6  # of the tables: it grows with each change that an older pnpc could not read
_CACHE = 32_768  # KiB: the upper pages of the keys of fifty million messages
BUSY = 10  # seconds to wait for another process that writes


def opened(name: str, check: Callable[[str, sqlite3.Connection], None], patience: float = BUSY) -> sqlite3.Connection:
    """A connection to a journal that passed a check, and waits `patience` seconds for other processes. Raises NotAJournal."""
    with _unfit(name), ExitStack() as failing:
        database = sqlite3.connect(name, timeout=patience, isolation_level=None, check_same_thread=False)
        failing.callback(database.close)
        check(name, database)
        _make_durable(name, database)
        database.create_function("key_of", 1, key_of, deterministic=True)
        failing.pop_all()
    return database


def opened_to_read(name: str, check: Callable[[str, sqlite3.Connection], None]) -> sqlite3.Connection:
    """A connection that can't change a journal, which passed a check. Raises NotAJournal.

    A log that a killed process left is read with it. In a folder that we can't write to, a journal without a log is one
    that no process writes to.
    """
    is_ours = os.access(os.path.dirname(os.path.abspath(name)), os.W_OK)
    mode = "mode=rw" if is_ours else "mode=ro" if os.path.exists(f"{name}-wal") else "immutable=1"
    address = f"file:{quote(os.fsencode(os.path.abspath(name)))}?{mode}"
    with _unfit(name), ExitStack() as failing:
        database = sqlite3.connect(address, uri=True, timeout=BUSY, isolation_level=None, check_same_thread=False)
        failing.callback(database.close)
        database.execute("PRAGMA query_only = ON")
        check(name, database)
        failing.pop_all()
    return database


# What SQLite's module raises of a file: its own errors; of damaged bytes in a text, also when it only repeats them.
DATABASE_ERRORS = (sqlite3.Error, UnicodeError, OverflowError)


@contextmanager
def _unfit(name: str) -> Iterator[None]:
    """SQLite's own errors as NotAJournal."""
    try:
        yield
    except DATABASE_ERRORS as error:
        raise NotAJournal(_words(name, error)) from None


def _words(name: str, error: Exception) -> str:
    code = getattr(error, "sqlite_errorcode", None)
    if code == sqlite3.SQLITE_NOTADB:
        return f"{name} is not a journal of pnpc: {error}; {OTHER_FILE}"
    if code == sqlite3.SQLITE_CORRUPT or isinstance(error, UnicodeDecodeError):
        return damaged(name, "a text is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error))
    return f"{name} can't be used as a journal: {error}"


def _make_durable(name: str, database: sqlite3.Connection) -> None:
    """From here on a commit is on the disk when it returns, also after a power cut."""
    (mode,) = database.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise NotAJournal(f"{name} is on a disk where SQLite can't keep a write-ahead log")
    database.execute("PRAGMA synchronous = FULL")
    database.execute(f"PRAGMA cache_size = -{_CACHE}")
    database.execute("PRAGMA fullfsync = ON")  # macOS: fsync alone does not reach the disk
    database.execute("PRAGMA checkpoint_fullfsync = ON")


def recognize(name: str, database: sqlite3.Connection) -> None:
    """Demand a journal of our format. Raises NotAJournal."""
    (application,) = database.execute("PRAGMA application_id").fetchone()
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if application != _APPLICATION:
        raise NotAJournal(f"{name} is not a journal of pnpc; {OTHER_FILE}")
    if version != _FORMAT:
        age = "a newer" if version > _FORMAT else "an older"
        raise NotAJournal(
            f"{name} is a journal of {age} pnpc (format {version}; this one knows {_FORMAT}): use that pnpc; a new journal "
            "would not know what was sent"
        )


def examine(name: str, database: sqlite3.Connection) -> None:
    """Demand a journal of our format that is whole. Raises NotAJournal."""
    recognize(name, database)
    look_inside(name, database)


def make(name: str) -> None:
    """Make a journal where no file is: it is there with its tables, or not at all. For the owner only.

    Raises NotAJournal, OSError.
    """
    look_beside(name)
    target = os.path.realpath(name)
    try:
        descriptor, temporary = mkstemp(dir=os.path.dirname(target), prefix=".pnpc-", suffix=".tmp")
    except OSError as error:
        raise OSError(error.errno, error.strerror, name) from None  # the name that people know
    os.close(descriptor)
    try:
        with _unfit(name), closing(sqlite3.connect(temporary, isolation_level=None)) as database:
            _make_durable(name, database)
            database.executescript(f"BEGIN; {schema(SQLITE_TABLES)}")
            mine = (secrets.token_hex(6), secrets.token_hex(), now())
            database.execute("INSERT INTO journal VALUES (1, ?, ?, ?, 0)", mine)
            database.execute("COMMIT")
        os.rename(temporary, target)
    except BaseException:
        for suffix in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                os.unlink(temporary + suffix)
        raise
    sync_folder(target)


@contextmanager
def transaction(name: str, database: sqlite3.Connection) -> Iterator[None]:
    """All of it is durable when the block ends, or none of it is. Raises JournalFailed."""
    try:
        database.execute("BEGIN IMMEDIATE")
        try:
            yield
            database.execute("COMMIT")
        except BaseException:
            if database.in_transaction:
                database.execute("ROLLBACK")
            raise
    except DATABASE_ERRORS as error:
        raise JournalFailed(f"can't write the journal {name}: {error}") from error


def sync_folder(name: str) -> None:
    """Make the name of a new file durable, where folders can be synced."""
    if os.name == "posix":
        folder = os.open(os.path.dirname(os.path.abspath(name)), os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
