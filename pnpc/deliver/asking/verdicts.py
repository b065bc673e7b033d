"""What an answer says of a request that notifies no one: a pure table.

LINE documents 400 for what is wrong with a request and 422 for what is wrong with the person. In which order it judges is not
documented, so 422 says something of a key only after one of its kind that can't exist was refused (see
`pnpc.deliver.asking.verification`). Of the texts it says nothing: when LINE looks at them was not measured.
Source: LINE's reference of the endpoints (400, 401, 403, 422, 429), and of the validation of message objects (200, 400).
"""

import json
from collections.abc import Mapping
from http import HTTPStatus as Http
from typing import Any, Literal, NamedTuple

from pnpc.compile.targets import LINE
from pnpc.deliver.sending.outcomes import Observation
from pnpc.deliver.sending.redact import without_people
from pnpc.deliver.standing.learn import Key, refused_keys
from pnpc.language.message.answers import details

Word = Literal["verified", "refused", "cannot-tell", "not-asked"]
# What an answer is about: this request; all requests to its endpoint; all of them.
Scope = Literal["request", "endpoint", "all"]


class LineVerdict(NamedTuple):
    """What is known of a request: a word, why (one of REASONS), and for which other requests it holds as well. `detail`: the
    words of the system where no answer came."""

    word: Word
    reason: str
    scope: Scope = "request"
    detail: str = ""


# Each reason in words, and what to do.
REASONS = {
    "taken": ("LINE took the keys; 422 speaks of the recipient only", ""),
    "valid": ("LINE took the message objects", ""),
    "request": ("LINE refuses the request (400)", ""),
    "too-large": ("the body is too large (413)", ""),
    "order": (
        "LINE judges the recipient before the keys: it did not refuse a key that can't exist",
        "LINE's answers to the template kind say nothing of keys then; compare the keys with LINE's page",
    ),
    "key-order": (
        "LINE did not refuse a key of an item or a button that can't exist, so its answer says nothing of such keys",
        "compare these keys with LINE's page",
    ),
    "unnamed": (
        "LINE refused a message with a key that can't exist, and did not say that this key was the reason",
        "so its answers say nothing of keys; compare the keys with LINE's page",
    ),
    "accepted": (
        "a message to a recipient that can't exist was accepted: this address does not look at recipients",
        "is --api-url the right address?",
    ),
    "recipient": ("the recipient's digest itself is refused", "is --api-url the right address?"),
    "not-json": (
        "the answer is not JSON, or it was cut off: it is not what LINE says", "is there a proxy between here and LINE?",
    ),
    "other": ("an answer that LINE does not document", "ask again later"),
    "server-error": ("LINE has trouble (5xx or 408)", "ask again later"),
    "rate-limit": ("too many requests (429)", "ask again when nothing is being sent"),
    "monthly-limit": (
        "the month's messages are used up (429)", "ask again next month, or raise the limit in LINE Official Account Manager",
    ),
    "timeout": ("no answer in time", "ask again later"),
    "connection-lost": ("the connection broke before an answer came", "ask again later"),
    "connect": ("no connection", "is --api-url the right address, and may this machine reach it?"),
    "stopped": ("stopped", ""),
    "unauthorized": (
        "the access token is refused (401)",
        "issue a channel access token in the LINE Developers Console and set LINE_CHANNEL_ACCESS_TOKEN",
    ),
    "forbidden": (
        "the account may not use this API (403)",
        "notification messages are for accounts that LINE has approved: ask your LINE sales contact",
    ),
    "not-found": ("this address does not have LINE's API (404, 405 or a redirect)", "is --api-url the right address?"),
}  # fmt: skip

_ENDS_ALL: dict[str, LineVerdict] = {
    "timeout": LineVerdict("cannot-tell", "timeout", "all"),
    "connection-lost": LineVerdict("cannot-tell", "connection-lost", "all"),
    "stopped": LineVerdict("cannot-tell", "stopped", "all"),
}
_NO_CONNECTION = LineVerdict("not-asked", "connect", "all")
_ELSEWHERE = (Http.NOT_FOUND, Http.METHOD_NOT_ALLOWED, Http.GONE)


def of_template(seen: Observation) -> LineVerdict:
    """What an answer to a template message for a recipient that can't exist says, once the order is known."""
    if (verdict := _of_any(seen)) is not None:
        return verdict
    if seen.status == Http.BAD_REQUEST:
        return _refused(seen)
    if seen.status == Http.UNPROCESSABLE_ENTITY and _speaks_of_recipient(content(seen) or {}):
        return LineVerdict("verified", "taken")
    if seen.status is not None and seen.status < Http.MULTIPLE_CHOICES:
        return LineVerdict("cannot-tell", "accepted", "endpoint")
    return LineVerdict("cannot-tell", "other")


def of_calibration(seen: Observation, impossible: Key) -> LineVerdict:
    """What an answer to a message with a key that can't exist says of the order: it must be `refused`, and for that key."""
    verdict = of_template(seen)
    if verdict.word == "verified":
        return LineVerdict("cannot-tell", "order" if impossible.kind == "templates" else "key-order")
    if verdict.word == "refused" and not any(refused_keys(content(seen) or {}, (impossible,))):
        return LineVerdict("cannot-tell", "unnamed")
    return verdict


def of_flexible(seen: Observation) -> LineVerdict:
    """What an answer of the validation of message objects says."""
    if (verdict := _of_any(seen)) is not None:
        return verdict
    if seen.status == Http.OK:
        return LineVerdict("verified", "valid")
    return LineVerdict("refused", "request") if seen.status == Http.BAD_REQUEST else LineVerdict("cannot-tell", "other")


def of_question(seen: Observation) -> LineVerdict:
    """What an answer about the account says: `verified` is one that can be read."""
    if (verdict := _of_any(seen)) is not None:
        return verdict
    return LineVerdict("verified", "valid") if seen.status == Http.OK else LineVerdict("cannot-tell", "other")


def content(seen: Observation) -> dict[str, Any] | None:
    """The JSON object of an answer; None if it has none."""
    try:
        said = json.loads(seen.body)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _of_any(seen: Observation) -> LineVerdict | None:
    """The verdict that does not depend on what was asked; None where it does: 200, 202, 400, 422 and others with JSON."""
    status = seen.status
    if status is None:
        ends = seen.left or seen.error == "stopped"
        return (_ENDS_ALL.get(seen.error, _NO_CONNECTION) if ends else _NO_CONNECTION)._replace(
            detail=without_people(seen.detail)
        )
    if status == Http.UNAUTHORIZED:
        return LineVerdict("not-asked", "unauthorized", "all")
    if status == Http.FORBIDDEN:
        return LineVerdict("not-asked", "forbidden", "endpoint")
    if status in _ELSEWHERE or Http.MULTIPLE_CHOICES <= status < Http.BAD_REQUEST:
        return LineVerdict("not-asked", "not-found", "endpoint")
    if status == Http.TOO_MANY_REQUESTS:
        monthly = LINE.used_up is not None and LINE.used_up in seen.body.lower()
        return LineVerdict("cannot-tell", "monthly-limit" if monthly else "rate-limit", "endpoint")
    if status == Http.REQUEST_TIMEOUT or status >= Http.INTERNAL_SERVER_ERROR:
        return LineVerdict("cannot-tell", "server-error")
    if status == Http.REQUEST_ENTITY_TOO_LARGE:
        return LineVerdict("refused", "too-large")
    return None if content(seen) is not None else LineVerdict("cannot-tell", "not-json")


def _refused(seen: Observation) -> LineVerdict:
    """A 400; what is said of the recipient alone says nothing of the message."""
    properties = [_property(detail) for detail in details(content(seen) or {})]
    about_recipient = bool(properties) and set(properties) == {LINE.recipient_key}
    return LineVerdict("cannot-tell", "recipient", "endpoint") if about_recipient else LineVerdict("refused", "request")


def _speaks_of_recipient(answer: Mapping[str, Any]) -> bool:
    """Whether a 422 is as LINE documents it: a message, and no details about anything but the recipient."""
    message = answer.get("message")
    about = {_property(detail) for detail in details(answer)}
    return isinstance(message, str) and bool(message.strip()) and about <= {"", LINE.recipient_key}


def _property(detail: Mapping[str, Any]) -> str:
    named = detail.get("property")
    return named if isinstance(named, str) else ""
