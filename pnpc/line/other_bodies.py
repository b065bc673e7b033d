"""Request bodies of LINE's for another endpoint: a push to a user, a multicast, a narrowcast, a broadcast, a reply."""

from typing import NamedTuple

from pnpc.line.bodies import entries_of, is_as_long_as_a_digest
from pnpc.text.document import Mapping, Node, Scalar, Sequence
from pnpc.text.lazy import regex
from pnpc.text.members import members

# A user, a group or a room of LINE's chats.
_CHAT_ID = regex(r"[UCR][0-9a-fA-F]{32}")
_NARROWING = ("filter", "limit", "recipient")


class OtherBody(NamedTuple):
    """A request body of LINE's for another endpoint: what it sends, how that is known, and the key that tells."""

    sends: str
    reason: str
    key: str


def other_body(root: Node | None) -> OtherBody | None:
    """What a document sends that is a request body of LINE's for another endpoint; None for any other document."""
    found = members(root)
    to = found.get("to")
    if "messages" not in found or "templateKey" in found or is_as_long_as_a_digest(to):
        return None
    if isinstance(to, Scalar) and _CHAT_ID.fullmatch(to.value):
        return OtherBody("a push message", "`to` is a user, group or room of LINE's chats", "to")
    if isinstance(to, Sequence) and not any(map(is_as_long_as_a_digest, to.value)):
        return OtherBody("a multicast message", "`to` is a list", "to")
    if "replyToken" in found:
        return OtherBody("a reply", "it has a `replyToken`", "replyToken")
    if to is None:
        return _to_many(found)
    return None


def _to_many(found: dict[str, Node]) -> OtherBody | None:
    """A narrowcast or a broadcast. The latter can be told from a body without `to` only where no notification could be so."""
    narrowing = next((key for key in _NARROWING if isinstance(found.get(key), Mapping)), None)
    if narrowing is not None:
        return OtherBody("a narrowcast message", f"it has `{narrowing}`", narrowing)
    entries = entries_of(found["messages"])
    if entries and all(map(_is_medium, entries)):
        return OtherBody("a broadcast message", "it has no `to`, and media only", "messages")
    return None


def _is_medium(node: Node) -> bool:
    from pnpc.line.media_types import fold, kinds  # only a body without `to` is asked

    type_ = members(node).get("type")
    return isinstance(type_, Scalar) and fold(type_.value) in kinds().types
