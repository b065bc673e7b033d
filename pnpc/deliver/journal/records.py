"""What a journal holds, row by row; what the columns mean is in `schemas/journal.sql`."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple


class JournalFailed(Exception):
    """The journal can't be read or written: nothing more may be sent. Its text is one line for people."""


class TooLate(Exception):
    """A request waited so long for its connection that it must not leave any more: its turn is over."""


class JournalAway(JournalFailed):
    """The journal can't be reached just now: the same may go well a little later. Of what was just written it is not known
    whether it is durable."""


class JournalOutdated(JournalFailed):
    """The journal has lost what a run wrote: it was restored from a backup, or a copy took over that was behind."""


class Claim(NamedTuple):
    """A request that a push wants to send. `message` is the journal's number of it, None for one that it does not know;
    `attempt` counts from 1 for each message, `line` is that of the payload file; `subject` names what the message is
    about, in whatever words (None without a delivery tag)."""

    id: str
    subject: str | None
    message: int | None
    attempt: int
    line: int
    tag: str | None
    row: str | None
    shape: "RequestShape"
    at: int


class Intent(NamedTuple):
    """A claim that was granted: durable, so the request may leave. Both are numbers of the journal."""

    intent: int
    message: int


class KnownMessage(NamedTuple):
    """What a journal knows of a message that was tried. `state`: delivered, accepted, refused, unknown or planned (every
    attempt certainly sent nothing); `unknown` counts the attempts that may have reached the recipient; all else is of the
    attempt that decides: `reason`, `status`, `request_id` and `message_id` as in a Result, or the reason `settled`."""

    message: int
    state: str
    attempts: int
    unknown: int
    at: int
    run: int
    reason: str
    status: int | None = None
    request_id: str | None = None
    message_id: str | None = None


class Result(NamedTuple):
    """What became of an intent. `outcome`: accepted, refused, unknown, not_sent; `took` is in milliseconds; `message_id` is
    the target's own name of the message, if it has one."""

    intent: int
    outcome: str
    reason: str
    status: int | None
    request_id: str | None
    answer: str | None
    at: int
    took: int
    message_id: str | None = None


class RequestShape(NamedTuple):
    """A kind of request: the same method, URL, spec and keys of the catalog. `keys` is JSON, see `shape_keys`."""

    method: str
    url: str
    spec: str | None
    keys: str


class Event(NamedTuple):
    """A delivery event: its webhookEventId, its tag (`delivery.data`), its own time and when it came. A target's own report
    may name its message (`message_id`), and say that it was not delivered (`failed`, and `why` in the target's words)."""

    event: str
    tag: str
    at: int
    received: int
    message_id: str | None = None
    failed: bool = False
    why: str | None = None


class Counts(NamedTuple):
    """The lines of a payload file, by what is known of their messages, whoever sent them; the four add up to its lines.
    Delivered ones count as accepted."""

    accepted: int
    refused: int
    unknown: int
    remaining: int


def shape_keys(body: Mapping[str, Any]) -> str:
    """The keys of LINE's catalog in a body of the template kind, as JSON; `{}` if there are none."""
    inner = body.get("body")
    inner = inner if isinstance(inner, dict) else {}
    items = _keys([inner.get("emphasizedItem"), *_list(inner.get("items"))], "itemKey")
    return _as_json(_keys([body], "templateKey"), items, _keys(_list(inner.get("buttons")), "buttonKey"))


@lru_cache(maxsize=1024)
def _as_json(template: tuple[str, ...], items: tuple[str, ...], buttons: tuple[str, ...]) -> str:
    """Remembered: a million messages have a few dozen such rows of keys."""
    keys = {"templateKey": next(iter(template), None), "items": sorted(set(items)), "buttons": sorted(set(buttons))}
    return json.dumps({name: value for name, value in keys.items() if value}, ensure_ascii=False)


def _keys(entries: list[Any], name: str) -> tuple[str, ...]:
    return tuple([key for entry in entries if isinstance(entry, dict) and isinstance(key := entry.get(name), str)])


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
