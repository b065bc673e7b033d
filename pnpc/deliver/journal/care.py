"""What people do to a journal: find a message in it, settle what is unknown, forget what names people.

All of it is for the owner only (see `pnpc.deliver.journal.owner`), but for finding.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pnpc.deliver.journal.journal import Journal
from pnpc.deliver.journal.timestamps import SECOND

_DAY = 86_400 * SECOND
_LEAST_PREFIX = 8  # characters of an id


class ShownAttempt(NamedTuple):
    """One attempt of a message, for people. `reason`: one word of a closed list (docs/push.md); times in milliseconds."""

    id: str
    run: int
    attempt: int
    line: int
    row: str | None
    tag: str | None
    outcome: str
    reason: str | None
    status: int | None
    request_id: str | None
    answer: str | None
    at: int
    delivered: int | None


def find(journal: Journal, word: str) -> Iterator[ShownAttempt]:
    """All attempts of the messages that a word names: by the beginning of their id, a delivery tag, or a row (FILE:LINE).

    Raises JournalFailed.
    """
    prefix = word if len(word) >= _LEAST_PREFIX else "\0"
    for row in journal.rows(_FIND, prefix, f"{prefix}\U0010ffff", word, word):
        yield ShownAttempt(*row)


_FIND = (
    "SELECT id, run, attempt, line, row, tag, outcome, reason, status, request_id, answer, at, delivered FROM attempts"
    " WHERE message IN (SELECT message FROM ids WHERE id BETWEEN ? AND ?"
    " UNION SELECT message FROM intents WHERE tag = ? UNION SELECT message FROM intents WHERE row = ?)"
    " ORDER BY message, attempt"
)


def unknown_of_run(journal: Journal, run: int) -> list[int]:
    """The intents of a run whose outcome is unknown. Raises JournalFailed."""
    return [
        intent for (intent,) in journal.rows("SELECT intent FROM attempts WHERE run = ? AND outcome = 'unknown'", run)
    ]


def unknown_of(journal: Journal, word: str) -> list[int]:
    """The intents of the messages that a word names (see `find`) whose outcome is unknown. Raises JournalFailed."""
    prefix = word if len(word) >= _LEAST_PREFIX else "\0"
    sql = f"SELECT intent FROM attempts WHERE intent IN (SELECT intent FROM ({_NAMED})) AND outcome = 'unknown'"
    return [intent for (intent,) in journal.rows(sql, prefix, f"{prefix}\U0010ffff", word, word)]


_NAMED = (
    "SELECT intent FROM intents WHERE message IN (SELECT message FROM ids WHERE id BETWEEN ? AND ?"
    " UNION SELECT message FROM intents WHERE tag = ? UNION SELECT message FROM intents WHERE row = ?)"
)


def settle(journal: Journal, intents: Sequence[int], outcome: str, why: str, now: int) -> None:
    """Note what a person found out about unknown attempts: `accepted`, or `not_sent`, after which the next push sends the
    message again. Raises JournalFailed."""
    journal.write(
        "INSERT OR REPLACE INTO settled VALUES (?, ?, ?, ?)", [(intent, outcome, why, now) for intent in intents]
    )


def purge(journal: Journal, days: int, now: int) -> int:
    """Forget tags, rows, answers and events of messages that were last tried more than some days ago; of how many
    attempts. The ids stay: what was sent is never sent again. Raises JournalFailed.

    What is unknown is kept whole: people have yet to find out about it.
    """
    before = now - days * _DAY
    list(journal.rows("PRAGMA secure_delete = ON"))  # what is forgotten must not stay in free pages
    old = list(journal.rows(_OLD, before, before))
    journal.write("UPDATE intents SET tag = NULL, row = NULL WHERE intent = ?", old)
    journal.write("UPDATE results SET answer = NULL, request_id = NULL WHERE intent = ?", old)
    journal.write("UPDATE ids SET about = NULL WHERE message IN (SELECT message FROM intents WHERE intent = ?)", old)
    journal.write(
        "DELETE FROM events WHERE at < ? AND tag NOT IN (SELECT tag FROM intents WHERE tag NOT NULL)", [(before,)]
    )
    list(journal.rows("PRAGMA wal_checkpoint(TRUNCATE)"))  # nor in the log
    return len(old)


_OLD = (
    "SELECT intent FROM intents i WHERE at < ? AND (tag NOT NULL OR row NOT NULL)"
    " AND NOT EXISTS (SELECT 1 FROM intents o LEFT JOIN results r USING (intent) LEFT JOIN settled s USING (intent)"
    " WHERE o.message = i.message AND (o.at >= ? OR coalesce(s.outcome, r.outcome, 'unknown') = 'unknown'))"
)
