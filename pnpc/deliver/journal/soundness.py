"""Whether a file is a whole journal: what we know of who was notified is only as good as the file that holds it.

A file that was cut, damaged or written by another program must never pass for a journal in which little was sent.
"""

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from typing import NamedTuple

from pnpc.deliver.journal.statements import SQLITE_TABLES, schema
from pnpc.project.files import shown

_SMALL = 100_000_000  # bytes of a journal of which every page is looked at when it is opened
_LAST_ROWS = 10_000  # of each table, whose values are looked at: more would be a tenth of a push of 10,000
# Milliseconds since 1970: the last that a date can be made of.
_LAST_MOMENT = 253_402_300_799_999
_MOMENTS = frozenset(("at", "alive", "heard", "received"))
OTHER_FILE = "name another file with --journal"
_WAY_OUT = "restore an intact copy; without the journal, messages that were sent would be sent again"


class NotAJournal(Exception):
    """A file that is not a journal of pnpc, or can't be used as one. Its text is one line for people."""


class _Column(NamedTuple):
    name: str
    type: str
    optional: bool


def look_at_file(name: str) -> None:
    """Refuse what is not a file, what we may not read, and an empty file. Raises NotAJournal, OSError."""
    status = os.stat(name)
    if not stat.S_ISREG(status.st_mode):
        raise NotAJournal(f"{shown(name)} is not a file, and so not a journal")
    if not os.access(name, os.R_OK):
        raise NotAJournal(f"no permission to read the journal {shown(name)}")
    if not status.st_size:
        raise NotAJournal(
            f"the journal {shown(name)} is empty: it was cut, or emptied; restore the whole file, or delete it if "
            "nothing was sent with it"
        )


def look_beside(name: str) -> None:
    """Refuse to start a new journal where only the log of an old one is left: SQLite would read that into the new one.

    Raises NotAJournal.
    """
    for suffix in ("-wal", "-journal"):
        if os.path.lexists(name + suffix):
            raise NotAJournal(f"the journal {shown(name)} is missing, but {shown(name + suffix)} is there; {_WAY_OUT}")


def look_inside(name: str, database: sqlite3.Connection) -> None:
    """Refuse a journal whose pages, tables or values are not what we wrote. Raises NotAJournal, sqlite3.Error.

    To look at every page of one that remembers millions would take minutes at each start. Of a large one the last rows of
    each table are looked at; a page that is damaged elsewhere fails when it is read, and SQLite opens none that was cut.
    """
    if os.path.getsize(name) <= _SMALL:
        ((says,),) = database.execute("PRAGMA quick_check(1)").fetchall()
        if says != "ok":
            raise NotAJournal(damaged(name, " ".join(str(says).split())))
    for table, columns in _tables().items():
        known = {row[1] for row in database.execute(f"PRAGMA table_info({table})")}
        missing = [column.name for column in columns if column.name not in known]
        if missing:
            raise NotAJournal(damaged(name, f"the table {table} has no {missing[0]}"))
        sound = " AND ".join(_condition(column) for column in columns)
        last = f"SELECT * FROM {table} ORDER BY 1 DESC LIMIT {_LAST_ROWS}"  # by the key of each
        if database.execute(f"SELECT 1 FROM ({last}) WHERE NOT ({sound}) LIMIT 1").fetchone():
            raise NotAJournal(damaged(name, f"the table {table} holds a value that pnpc does not write"))
    whole = "SELECT count(*), min(keyed) <= (SELECT coalesce(max(message), 0) FROM ids) FROM journal"
    if database.execute(whole).fetchone() != (1, 1):
        raise NotAJournal(damaged(name, "it lacks what every journal has"))


def damaged(name: str, why: str) -> str:
    """The line about a journal that can't be relied on."""
    return f"the journal {shown(name)} is damaged: {why}; {_WAY_OUT}"


def _condition(column: _Column) -> str:
    """SQL that is true of a value which the column may hold."""
    kinds = f"'{column.type.lower()}'" + (", 'null'" if column.optional else "")
    is_kind = f"typeof({column.name}) IN ({kinds})"
    if column.name in _MOMENTS:
        return f"{is_kind} AND coalesce({column.name}, 0) BETWEEN 0 AND {_LAST_MOMENT}"
    if column.name == "keys":
        return f"{is_kind} AND json_valid(keys) AND json_type(keys) = 'object'"
    return is_kind


@cache
def _tables() -> dict[str, tuple[_Column, ...]]:
    """The tables of a journal and their columns, as `schemas/journal.sql` makes them."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(schema(SQLITE_TABLES))
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: tuple(_columns(database, name)) for name in names}


def _columns(database: sqlite3.Connection, table: str) -> Iterator[_Column]:
    for _, name, type, required, _, is_key in database.execute(f"PRAGMA table_info({table})"):
        yield _Column(name, type, optional=not (required or is_key))
