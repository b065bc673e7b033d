"""The texts for another channel, from payload files: the journal holds no texts of people."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from re import compile as regex
from typing import Any, NamedTuple

from pnpc.deliver.sending.routes import BadLine
from pnpc.deliver.standing.statuses import TriedMessage
from pnpc.project.streams import open_in
from pnpc.text.json import strict as strict_json
from pnpc.text.json.strict import NotJSON

# How `pnpc compile` begins a line: of the lines that are not wanted nothing else is read.
_BEGINNING = regex(rb'\{"id":"([^"\\]+)"')
_DIGEST = regex(r"[0-9a-f]{64}")


class Fallback(NamedTuple):
    """What a payload says of a person: the text of an SMS, and the digest of the number. Empty where it has none."""

    sms: str
    to: str


class BadPayloadLine(Exception):
    """A line of a payload file that can't be read; its text is one line for people, and repeats no value."""


def not_reached(message: TriedMessage) -> bool:
    """Whether a message certainly did not reach its person, for a reason that another channel may not have: refused for the
    person (422), or not delivered in time."""
    refused = message.standing == "refused" and message.reason == "recipient"
    return refused or message.standing == "undelivered"


def read(names: Iterable[str], wanted: AbstractSet[str]) -> dict[str, Fallback]:
    """By their ids, what payload files say of the messages that are `wanted`; of an id that stands twice, the first.

    Raises BadPayloadLine, CouldNotRead.
    """
    known: dict[str, Fallback] = {}
    for name in names:
        with open_in(name) as lines:
            for number, line in enumerate(lines, 1):
                begins = _BEGINNING.match(line)
                if not line.strip() or (begins is not None and begins[1].decode("utf-8", "replace") not in wanted):
                    continue
                try:
                    id, fallback = _read(line)
                except BadLine as error:
                    raise BadPayloadLine(f"{name}:{number}: {error}") from None
                if id in wanted:
                    known.setdefault(id, fallback)
    return known


def _read(line: bytes) -> tuple[str, Fallback]:
    try:
        payload = strict_json.read(line)
    except NotJSON as error:
        raise BadLine(error.reason) from None
    if not isinstance(payload, dict) or not isinstance(payload.get("id"), str):
        raise BadLine("not a payload: it has no `id`")
    return payload["id"], Fallback(_text(payload, "fallback", "sms"), _digest(_text(payload, "body", "to")))


def _text(payload: dict[str, Any], key: str, name: str) -> str:
    """The text that an object of a payload has under a name; empty where it has none."""
    inside = payload.get(key)
    value = inside.get(name) if isinstance(inside, dict) else None
    return value if isinstance(value, str) else ""


def _digest(to: str) -> str:
    """A recipient that is a digest: what else a line may hold could be a number."""
    return to if _DIGEST.fullmatch(to) else ""
