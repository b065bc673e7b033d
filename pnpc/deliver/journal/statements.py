"""What a journal writes, and reads of its runs, in SQL. The tables are in `schemas/journal.sql`."""

from pnpc.data import read_text

SQLITE_TABLES, POSTGRES_TABLES = "journal.sql", "journal.postgres.sql"  # the tables, in `schemas/`


def schema(tables: str) -> str:
    """What makes a journal: its tables, and the views that both databases have."""
    return f"{read_text('schemas', tables)}\n{read_text('schemas', 'journal.views.sql')}"


RUNS = (
    "SELECT run, file, payloads, lines, target, api, channel, r.at, remaining, unknown"
    " FROM runs r JOIN addresses USING (address) LEFT JOIN ends USING (run) ORDER BY run"
)
BEGIN = (
    "INSERT INTO runs (address, file, payloads, lines, first, channel, token, version, at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
# Only the run before can have left any: those before it were seen to when it began.
LEFT = (
    "INSERT INTO results (intent, outcome, reason, at, took)"
    " SELECT intent, 'unknown', 'process-ended', ?1, max(0, ?1 - at) FROM intents"
    " WHERE intent >= (SELECT first FROM runs ORDER BY run DESC LIMIT 1)"
    " AND intent NOT IN (SELECT intent FROM results WHERE intent >= (SELECT first FROM runs ORDER BY run DESC LIMIT 1))"
)
RESULT = (
    "INSERT INTO results (intent, outcome, reason, status, request_id, answer, at, took, message_id)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
# A report that names its message is of that message alone, whatever its tag.
EVENT = (
    "INSERT OR IGNORE INTO events"
    " SELECT ?1, ?2, ?3, ?4, (SELECT intent FROM results WHERE message_id = ?5), ?6, ?7"
    " WHERE EXISTS (SELECT 1 FROM intents WHERE tag = ?2) OR EXISTS (SELECT 1 FROM results WHERE message_id = ?5)"
)
REFUSALS = (
    "SELECT reason, count(*) FROM results WHERE intent >= (SELECT first FROM runs WHERE run = ?)"
    " AND outcome = 'refused' GROUP BY reason ORDER BY 2 DESC"
)
