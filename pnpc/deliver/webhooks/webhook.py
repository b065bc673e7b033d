"""A webhook post from LINE: its signature, and the delivery events in it. Bytes in, values out.

Sources: https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature/ and
https://developers.line.biz/en/docs/partner-docs/line-notification-messages/message-sending-complete-webhook-event/
LINE may add events, properties and values without notice: what is not known is passed over.
"""

import json
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from hmac import compare_digest
from hmac import new as hmac
from typing import Any, NamedTuple

from pnpc.deliver.journal.records import Event
from pnpc.text.surrogates import whole

SIGNATURE = "x-line-signature"
_LARGEST = 1 << 63  # what SQLite takes as an integer is smaller


class BadPost(Exception):
    """A post with a valid signature that is not a LINE webhook."""


class WebhookPost(NamedTuple):
    """The delivery events of a post, and how many others are in it: events of another kind, or without an id or tag."""

    events: tuple[Event, ...]
    others: int


def signature_of(secret: str, body: bytes) -> str:
    """The signature of a body: HMAC-SHA256 of its raw bytes with the channel secret, in base64."""
    return b64encode(hmac(secret.encode(), body, sha256).digest()).decode("ascii")


def is_signed(secret: str, body: bytes, signature: str) -> bool:
    """Whether a signature is that of a body; takes as long for a nearly right one as for any other."""
    return compare_digest(signature_of(secret, body).encode(), signature.encode("utf-8", "surrogateescape"))


def read(body: bytes, now: int) -> WebhookPost:
    """What is in a post that came `now` (milliseconds since 1970). Raises BadPost."""
    try:
        post = json.loads(body)
    except (ValueError, RecursionError):
        raise BadPost("not JSON") from None
    if not isinstance(post, dict):
        raise BadPost("not a JSON object")
    listed = post.get("events", [])
    if not isinstance(listed, list):
        raise BadPost("`events` is not a list")
    events = tuple(event for entry in listed if (event := _delivery(entry, now)) is not None)
    return WebhookPost(events, len(listed) - len(events))


def _delivery(event: Any, now: int) -> Event | None:
    """An event as one of delivery, if it is one."""
    if not isinstance(event, Mapping) or event.get("type") != "delivery":
        return None
    delivery, id, at = event.get("delivery"), event.get("webhookEventId"), event.get("timestamp")
    tag = delivery.get("data") if isinstance(delivery, Mapping) else None
    if not isinstance(tag, str) or not isinstance(id, str) or not id or not id.isascii():
        return None
    return Event(id, whole(tag), at if type(at) is int and 0 <= at < _LARGEST else now, now)
