"""A journal by its name: a file of SQLite, or the URL of a database of PostgreSQL. All that opens one begins here.

Each of these raises NotAJournal for what is not a journal, JournalFailed for a database that can't be reached, and MissingExtra
where the library of PostgreSQL is not installed.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pnpc.deliver.journal.any_journal import AnyJournal
from pnpc.deliver.journal.disk import look_at_disk
from pnpc.deliver.journal.journal import Journal
from pnpc.deliver.journal.owner import SUFFIX, is_owned, owner
from pnpc.deliver.journal.soundness import look_beside
from pnpc.deliver.sending.protocols import Limiters
from pnpc.deliver.sending.rate import local_limiters
from pnpc.extras import require
from pnpc.project.files import shown
from pnpc.project.inside import is_database

if TYPE_CHECKING:
    from pnpc.deliver.postgres.journal import PostgresJournal


def is_missing(name: str) -> bool:
    """Whether there is no journal, and a push would make one. Raises NotAJournal where only a part of one is left."""
    if is_database(name) or os.path.lexists(name):
        return False
    look_beside(name)
    return True


def demand_place(name: str) -> None:
    """Demand a place where a file can be a journal, there or not yet; of a database nothing is demanded."""
    if not is_database(name):
        look_at_disk(name)


@contextmanager
def to_look(name: str) -> Iterator[AnyJournal]:
    """A journal, for reading only, that `to_send` can send with: in a good place, and with the rights for it.

    Raises FileNotFoundError.
    """
    demand_place(name)
    with read(name) as journal:
        journal.demand_rights("send")
        yield journal


def create(url: str) -> bool:
    """Make a journal in a database; False if one is there."""
    return _postgres().create(url)


def read(name: str) -> AnyJournal:
    """A journal, for reading only. Raises FileNotFoundError."""
    return _postgres().read(name) if is_database(name) else Journal.read(name)


def open_beside(name: str, patience: float | None = None) -> AnyJournal:
    """A journal, to add events to it beside a sender; `patience`: seconds to wait while another process writes the file.

    Raises FileNotFoundError.
    """
    if is_database(name):
        return _postgres().open_beside(name)
    return Journal.open(name) if patience is None else Journal.open(name, patience)


@contextmanager
def to_send(name: str) -> Iterator[AnyJournal]:
    """A journal, to send with it: a file is made if it is missing, and belongs to this process alone; a database is shared.

    Raises Owned, OSError.
    """
    if is_database(name):
        with _postgres().open(name) as journal:
            yield journal
    else:
        demand_place(name)
        with owner(name), Journal.open_or_create(name) as journal:
            yield journal


@contextmanager
def to_care(name: str) -> Iterator[AnyJournal]:
    """A journal, to settle, hold and forget: a file while no process sends with it, a database beside those that send.

    Raises Owned, OSError.
    """
    if is_database(name):
        with _postgres().open(name) as database:
            yield database
    else:
        with owner(name), Journal.open(name) as journal:
            yield journal


def limiters(journal: AnyJournal, rate: int) -> Limiters:
    """Limiters for a run that has begun in a journal: of this process alone, or shared with all that send with a database."""
    own = local_limiters(journal, rate)
    return lambda url, now: journal.limiter(url, rate) or own(url, now)


def silence(url: str) -> float:
    """Seconds without a sign of life after which a sender with a journal in a database counts as dead."""
    with _postgres().read(url) as journal:
        return journal.silence()


def is_sending(name: str) -> bool:
    """Whether a push or a sender is using a journal; asking makes no file. Raises OSError."""
    if is_database(name):
        with _postgres().read(name) as journal:
            return journal.is_sending()
    return os.path.exists(os.path.realpath(name) + SUFFIX) and is_owned(name)


def shown_name(name: str) -> str:
    """A journal's name for people: a URL without its password."""
    if not is_database(name):
        return shown(name)
    # Few journals are in PostgreSQL.
    from pnpc.deliver.postgres.address import shown_url

    return shown_url(name)


def _postgres() -> "type[PostgresJournal]":
    """PostgreSQL's journal, whose library is loaded only where it is used."""
    require("a journal in PostgreSQL", "postgres")
    # The library of PostgreSQL: few journals need it.
    from pnpc.deliver.postgres.journal import PostgresJournal

    return PostgresJournal
