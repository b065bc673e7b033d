"""What a journal knows of messages before a push: by their ids, and by their topics.

A journal may remember fifty million messages, and a push has a thousand at a time: each query goes from the ids that are
asked for to their rows by an index, and never over all messages, as the views do.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, NamedTuple

from pnpc.deliver.journal.dialect import Dialect, Selection
from pnpc.deliver.journal.records import KnownMessage

Rows = Callable[..., Iterator[tuple[Any, ...]]]  # the rows of a SELECT and its values


# What LINE took stays taken, whatever a person settled before its answer came (as in the view `attempts`).
_TRIED = (
    "intents i USING (message) LEFT JOIN results r USING (intent)"
    " LEFT JOIN settled s ON s.intent = i.intent AND coalesce(r.outcome, '') <> 'accepted'"
)
_OUTCOME = "coalesce(s.outcome, r.outcome, 'unknown')"
# What a Selection has stands before these, and is joined first.
_KNOWN = (
    "WITH found(id, message) AS ({found})"
    f" SELECT id, message, attempt, {_OUTCOME}, i.at, run,"
    " CASE WHEN s.outcome IS NOT NULL THEN 'settled' ELSE coalesce(r.reason, 'process-ended') END,"
    f" status, request_id, message_id FROM found {{then}} {_TRIED}"
)
_DELIVERED = "SELECT DISTINCT message FROM attempts WHERE message {is_listed} AND delivered IS NOT NULL"
_OTHERS = (
    "WITH found(topic, id, message) AS ({found})"
    f" SELECT DISTINCT topic, id FROM found {{then}} {_TRIED}"
    f" WHERE {_OUTCOME} IN ('accepted', 'unknown') AND ? <> coalesce("
    "(SELECT payloads FROM files f WHERE f.run = i.run AND f.before < i.line ORDER BY f.before DESC LIMIT 1), '')"
)


class _Attempt(NamedTuple):
    message: int
    attempt: int
    outcome: str
    at: int
    run: int
    reason: str
    status: int | None
    request_id: str | None
    message_id: str | None


def _known(tried: list[_Attempt], delivered: Collection[int]) -> KnownMessage:
    """A message by its attempts: the last that may have sent it, or was refused, decides (as in the view `messages`)."""
    last = min(tried, key=lambda attempt: (attempt.outcome == "not_sent", -attempt.attempt))
    state = "planned" if last.outcome == "not_sent" else last.outcome
    state = "delivered" if last.message in delivered else state
    unknown = sum(attempt.outcome == "unknown" for attempt in tried)
    attempts = max(attempt.attempt for attempt in tried)
    return KnownMessage(
        last.message, state, attempts, unknown, last.at, last.run, last.reason, last.status, last.request_id, last.message_id
    )  # fmt: skip


def known(rows: Rows, dialect: Dialect, selection: Selection) -> dict[str, KnownMessage]:
    """What is known of messages that were selected, by their ids. An event is looked for only where an answer was lost: an
    accepted message stays accepted here, delivered or not."""
    attempts: dict[str, list[_Attempt]] = {}
    for id, *rest in rows(_KNOWN.format(found=selection.sql, then=dialect.then), *selection.values):
        attempts.setdefault(id, []).append(_Attempt(*rest))
    unknown = [
        tried[0].message for tried in attempts.values() if any(attempt.outcome == "unknown" for attempt in tried)
    ]
    delivered: set[int] = set()
    if unknown:
        sql = _DELIVERED.format(is_listed=dialect.is_listed)
        delivered = {message for (message,) in rows(sql, dialect.list_of(unknown))}
    return {id: _known(tried, delivered) for id, tried in attempts.items()}


def sent_in_other_words(
    rows: Rows, dialect: Dialect, selection: Selection, topics: Mapping[str, int], payloads: str
) -> set[str]:
    """Of messages, each an id with its topic, those that were sent in other words (with another id), and not from the file with
    the digest `payloads`; those of the topics were selected."""
    sent: dict[int, set[str]] = {}
    for topic, id in rows(_OTHERS.format(found=selection.sql, then=dialect.then), *selection.values, payloads):
        sent.setdefault(topic, set()).add(id)
    return {id for id, topic in topics.items() if sent.get(topic, set()) - {id}}
