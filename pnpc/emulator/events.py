"""Delivery events as LINE writes them."""

import json
from collections.abc import Sequence
from random import Random
from typing import Any

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # the alphabet of ULIDs
_ULID_LENGTH = 26  # characters of an event's id
_RANDOM_BITS = 80  # of a ULID, below its 48 bits of time


def delivery(data: str, now: float, random: Random) -> dict[str, Any]:
    """The event that a message has reached a person: `data` is its delivery tag, or the person's digest without one.

    There is no `source` in it since January 2025.
    https://developers.line.biz/en/docs/partner-docs/line-notification-messages/message-sending-complete-webhook-event/
    """
    return {
        "type": "delivery",
        "delivery": {"data": data},
        "webhookEventId": ulid(now, random),
        "deliveryContext": {"isRedelivery": False},
        "timestamp": _milliseconds(now),
        "mode": "active",
    }


def again(event: dict[str, Any]) -> dict[str, Any]:
    """An event as it is posted again after a failure: the same but for one mark."""
    return {**event, "deliveryContext": {"isRedelivery": True}}


def post(destination: str, events: Sequence[dict[str, Any]]) -> bytes:
    """The body of a webhook; without events it is LINE's probe of the URL."""
    body = {"destination": destination, "events": list(events)}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")


def ulid(now: float, random: Random) -> str:
    """A ULID: the milliseconds of a moment and 80 random bits, in Crockford's base 32."""
    number = (_milliseconds(now) << _RANDOM_BITS) | random.getrandbits(_RANDOM_BITS)
    letters = []
    for _ in range(_ULID_LENGTH):
        number, digit = divmod(number, len(_CROCKFORD))
        letters.append(_CROCKFORD[digit])
    return "".join(reversed(letters))


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1e3)
