"""The tables of a journal in a database: made once, and known again by their format."""

import secrets

from pnpc.deliver.journal.soundness import NotAJournal
from pnpc.deliver.journal.statements import POSTGRES_TABLES, schema
from pnpc.deliver.journal.timestamps import now
from pnpc.deliver.postgres.connection import SCHEMA, Database

_FORMAT = 2  # it grows with each change that an older pnpc could not read
_IS_THERE = "SELECT to_regclass(?) IS NOT NULL"


def make_tables(database: Database) -> bool:
    """Make the tables of a journal; False if they are there. Raises NotAJournal where something else is, JournalFailed."""
    if _are_there(database):
        demand_journal(database)
        return False
    journal = (secrets.token_hex(6), secrets.token_hex(), now(), _FORMAT)
    database.run_script(schema(POSTGRES_TABLES), ("INSERT INTO journal VALUES (1, ?, ?, ?, ?)", journal))
    return True


def _are_there(database: Database) -> bool:
    return bool(database.rows(_IS_THERE, (f"{SCHEMA}.journal",))[0][0])


def demand_journal(database: Database) -> None:
    """Demand a journal of our format. Raises NotAJournal, JournalFailed."""
    if not _are_there(database):
        raise NotAJournal(
            f"there is no journal in {database.name}: if it had one, restore it from a backup; for a new one run"
            f" pnpc journal create {database.name}"
        )
    rows = database.rows("SELECT format FROM journal")
    if len(rows) != 1:
        raise NotAJournal(
            f"the journal {database.name} is damaged: it lacks what every journal has; restore an intact copy; without the"
            " journal, messages that were sent would be sent again"
        )
    if rows[0][0] != _FORMAT:
        raise NotAJournal(
            f"{database.name} is a journal of another pnpc (format {rows[0][0]}; this one knows {_FORMAT}): use that pnpc"
        )
