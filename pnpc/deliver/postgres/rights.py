"""What a role may do with a journal, asked before anything is sent: a run must not stop in the middle for a right that it lacks."""

from itertools import groupby
from operator import itemgetter

from pnpc.deliver.journal.any_journal import Use
from pnpc.deliver.journal.soundness import NotAJournal
from pnpc.deliver.postgres.connection import SCHEMA, Database

# What each program writes (docs/journal.md has the grants).
_NEEDS: dict[Use, dict[str, tuple[str, ...]]] = {
    "send": {
        "INSERT": ("addresses", "runs", "files", "leases", "shapes", "ids", "intents", "results", "ends", "rates"),
        "UPDATE": ("leases", "results", "rates"),
    },
    "listen": {"INSERT": ("events", "listeners"), "UPDATE": ("listeners",)},
}
_LACKING = (
    "SELECT current_user, need.what, need.name FROM unnest(?1::text[], ?2::text[]) AS need(what, name)"
    " WHERE NOT has_table_privilege(format('%I.%I', ?3::text, need.name), need.what) ORDER BY need.what"
)


def demand_rights(database: Database, use: Use) -> None:
    """Demand all rights of a program. Raises NotAJournal, which names those that are missing; JournalFailed."""
    needs = [(right, table) for right, tables in _NEEDS[use].items() for table in tables]
    needs += [("SELECT", table) for table in dict.fromkeys(table for _, table in needs)]
    rights, tables = zip(*needs, strict=True)
    lacking = database.rows(_LACKING, (list(rights), list(tables), SCHEMA))
    if lacking:
        role = lacking[0][0]
        named = ", ".join(
            f"{right} on {', '.join(f'{SCHEMA}.{table}' for _, _, table in rows)}"
            for right, rows in groupby(lacking, itemgetter(1))
        )
        raise NotAJournal(
            f"the role {role} may not {use} with the journal {database.name}: it lacks {named} (docs/journal.md has the grants)"
        )
