"""LINE's request bodies for other endpoints: a push to a user, a multicast, a narrowcast, a broadcast, a reply."""

from typing import NamedTuple

from pnpc.line.bodies import entries_of, is_as_long_as_a_digest
from pnpc.text.document import Mapping, Node, Scalar, Sequence
from pnpc.text.lazy import regex
from pnpc.text.members import members
from pnpc.text.wording import Said, says

# The id of a user, a group or a room.
_CHAT_ID = regex(r"[UCR][0-9a-fA-F]{32}")
_NARROWING = ("filter", "limit", "recipient")


class OtherBody(NamedTuple):
    """A request body for another endpoint: what it sends, how that is known, and the key that shows it (for messages)."""

    sends: Said
    reason: Said
    key: str


def other_body(root: Node | None) -> OtherBody | None:
    """What a document sends if it is a request body for another endpoint; None for any other document."""
    keys = members(root)
    to = keys.get("to")
    if "messages" not in keys or "templateKey" in keys or is_as_long_as_a_digest(to):
        return None
    if isinstance(to, Scalar) and _CHAT_ID.fullmatch(to.value):
        return OtherBody(says("a push message"), says("`to` is the id of a LINE user, group or room"), "to")
    if isinstance(to, Sequence) and not any(map(is_as_long_as_a_digest, to.value)):
        return OtherBody(says("a multicast message"), says("`to` is a list"), "to")
    if "replyToken" in keys:
        return OtherBody(says("a reply"), says("it has a `replyToken`"), "replyToken")
    if to is None:
        return _to_many(keys)
    return None


def _to_many(keys: dict[str, Node]) -> OtherBody | None:
    """A narrowcast or a broadcast. A broadcast looks like a notification body without `to`, except if it has media only:
    a notification message can have none."""
    narrowing = next((key for key in _NARROWING if isinstance(keys.get(key), Mapping)), None)
    if narrowing is not None:
        return OtherBody(says("a narrowcast message"), says("it has `{key}`", key=narrowing), narrowing)
    entries = entries_of(keys["messages"])
    if entries and all(map(_is_medium, entries)):
        return OtherBody(says("a broadcast message"), says("it has no `to`, and media only"), "messages")
    return None


def _is_medium(node: Node) -> bool:
    from pnpc.line.media_types import fold, media_facts  # needed only for a body without `to`

    type_ = members(node).get("type")
    return isinstance(type_, Scalar) and fold(type_.value) in media_facts().types
