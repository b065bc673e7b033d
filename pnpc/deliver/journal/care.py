"""What people do to a journal: find a message in it, settle what is unknown, forget what names people.

All of it is for the owner only (see `pnpc.deliver.journal.owner`), but for finding.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pnpc.deliver.journal.any_journal import AnyJournal
from pnpc.deliver.journal.runs import kept
from pnpc.deliver.journal.timestamps import SECOND

_DAY = 86_400 * SECOND
_LEAST_PREFIX = 8  # characters of an id


class ShownAttempt(NamedTuple):
    """One attempt of a message, for people. `reason`: one word of a closed list (docs/push.md); `reported`: that the
    target reported it as not delivered, in its words; times in milliseconds."""

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
    message_id: str | None
    answer: str | None
    at: int
    delivered: int | None
    reported: str | None
    target: str


def find(journal: AnyJournal, word: str) -> Iterator[ShownAttempt]:
    """All attempts of the messages that a word names: by the beginning of their id, a delivery tag, a row (FILE:LINE), or
    the target's name of the message.

    Raises JournalFailed.
    """
    sql = (
        "SELECT id, run, attempt, line, row, tag, outcome, reason, status, request_id, message_id, answer, at, delivered,"
        f" {_REPORTED}, target"
        f" FROM attempts JOIN addresses USING (address) WHERE message IN ({_NAMED}) ORDER BY message, attempt"
    )
    for row in journal.rows(sql, *_named(word)):
        yield ShownAttempt(*row)


# What the target reported of an attempt, if that is that the message was not delivered.
_REPORTED = (
    "(SELECT 'not delivered' || coalesce(': ' || h.why, '') FROM heard h"
    " WHERE h.intent = attempts.intent AND h.failed ORDER BY h.at DESC LIMIT 1)"
)


class Unknown(NamedTuple):
    """An attempt whose answer was lost, and its message."""

    message: int
    intent: int


def unknown_of_run(journal: AnyJournal, run: int) -> list[Unknown]:
    """The attempts of a run whose answer was lost, and which are not settled. Raises JournalFailed."""
    sql = f"{_unknown(journal)} AND run = ? AND intent NOT IN (SELECT intent FROM settled)"
    return [Unknown(*row) for row in journal.rows(sql, run)]


def unknown_of(journal: AnyJournal, word: str) -> list[Unknown]:
    """The attempts of the messages that a word names (see `find`) whose answer was lost, settled or not.

    Raises JournalFailed.
    """
    return [Unknown(*row) for row in journal.rows(f"{_unknown(journal)} AND message IN ({_NAMED})", *_named(word))]


def _unknown(journal: AnyJournal) -> str:
    return f"SELECT message, intent FROM {journal.dialect.tried} WHERE coalesce(outcome, 'unknown') = 'unknown'"


_NAMED = (
    "SELECT message FROM ids WHERE id BETWEEN ? AND ? UNION SELECT message FROM intents WHERE tag = ?"
    " UNION SELECT message FROM intents WHERE row = ?"
    " UNION SELECT message FROM results JOIN intents USING (intent) WHERE message_id = ?"
)


def _named(word: str) -> tuple[str, str, str, str, str]:
    """The values of _NAMED for a word; a few characters are no beginning of an id."""
    word = kept(word)
    prefix = word if len(word) >= _LEAST_PREFIX else "\x01"  # no id begins so
    return prefix, f"{prefix}\U0010ffff", word, word, word


def settle(journal: AnyJournal, unknown: Sequence[Unknown], outcome: str, why: str, now: int) -> None:
    """Note what a person found out about unknown attempts: `accepted`, or `not_sent`, after which the next push sends the
    message again. A later word replaces an earlier one. Raises JournalFailed."""
    rows = [(attempt.intent, outcome, kept(why), now) for attempt in unknown]
    journal.write((_SETTLE, rows))


_SETTLE = (
    "INSERT INTO settled VALUES (?, ?, ?, ?) ON CONFLICT (intent)"
    " DO UPDATE SET outcome = excluded.outcome, why = excluded.why, at = excluded.at"
)


def purge(journal: AnyJournal, days: int, now: int) -> int:
    """Forget tags, rows, answers, request ids, reasons of people and events of messages that were last tried more than some
    days ago; of how many attempts. That they were sent, and delivered, stays. Raises JournalFailed.

    What is unknown is kept whole: people have yet to find out about it.
    """
    before = now - days * _DAY
    old = list(journal.rows(_OLD, before, before))
    statements = (
        ("UPDATE results SET delivered = (SELECT delivered FROM attempts a WHERE a.intent = results.intent),"
         " answer = NULL, request_id = NULL, message_id = NULL WHERE intent = ?", old),
        (_KEEP_FAILED, [(before,)]),
        ("UPDATE settled SET why = '' WHERE intent = ?", old),
        *((sql, old) for sql in journal.dialect.forget),
        ("UPDATE ids SET topic = NULL WHERE message = (SELECT message FROM intents WHERE intent = ?)", old),
        ("UPDATE intents SET tag = NULL, row = NULL WHERE intent = ?", old),
        ("UPDATE events SET tag = '', why = NULL WHERE failed AND intent IN (SELECT ?)", old),
        ("DELETE FROM events WHERE NOT failed AND at < ? AND NOT EXISTS (SELECT 1 FROM intents i WHERE i.tag = events.tag)",
         [(before,)]),
    )  # fmt: skip
    with journal.forgetting():
        journal.write(*statements)
    return len(old)


# That a message was reported as not delivered is known for good: by its attempt, once the tag is forgotten.
_KEEP_FAILED = (
    "UPDATE events SET intent = coalesce(intent, (SELECT h.intent FROM heard h WHERE h.event = events.event"
    " ORDER BY h.intent DESC LIMIT 1)) WHERE failed AND at < ?"
)
_OLD = (
    "SELECT i.intent FROM intents i LEFT JOIN results h USING (intent) LEFT JOIN settled t USING (intent) WHERE i.at < ?"
    " AND (i.tag IS NOT NULL OR i.row IS NOT NULL OR h.answer IS NOT NULL OR h.request_id IS NOT NULL"
    " OR h.message_id IS NOT NULL OR t.why <> '')"
    " AND NOT EXISTS"
    " (SELECT 1 FROM attempts o WHERE o.message = i.message AND (o.at >= ? OR o.outcome = 'unknown'))"
)
