"""Which documents are request bodies of notification messages.

A faulty body is a body: it is known by what it has, not by what it should have. In a folder the evidence must be strong,
for translations, mail systems and chat models have such keys too. Whoever names a file means it.
"""

from pnpc.line.grammar.schema import resolve
from pnpc.text.document import Node, Scalar, Sequence
from pnpc.text.members import members
from pnpc.text.values import scalar_value

TO_LENGTH = 64  # characters of a SHA-256 digest in hexadecimal
# Beside a `to` of that length, any of these makes a body.
CONTENT_KEYS = frozenset(("messages", "templateKey", "template_key", "body"))
# What a line of `pnpc compile` has around the body.
_AROUND_BODY = frozenset(("id", "target", "method", "url", "headers", "body"))


def is_body(root: Node | None) -> bool:
    """Whether a document in a folder is a request body, with or without mistakes; none for another endpoint is given."""
    found = members(root)
    if is_as_long_as_a_digest(found.get("to")) and not CONTENT_KEYS.isdisjoint(found):
        return True
    if "templateKey" in found and not _is_text(found.get("body")):
        return True
    return any(map(_is_message, entries_of(found.get("messages"))))


def is_body_when_named(root: Node | None) -> bool:
    """Whether a document is a request body in a file that was named: as soon as it has a key of one."""
    found = members(root)
    if is_payload(root):
        return False
    if "body" in found and "type" in found:  # a Flex container with another mistake
        return not (CONTENT_KEYS - {"body"}).isdisjoint(found)
    return not CONTENT_KEYS.isdisjoint(found) or is_as_long_as_a_digest(found.get("to"))


def is_payload(root: Node | None) -> bool:
    """Whether a document is a payload that `pnpc compile` wrote, or the list that `--format json` makes of them."""
    first = root.value[0] if isinstance(root, Sequence) and root.value else root
    return members(first).keys() >= _AROUND_BODY


def is_as_long_as_a_digest(node: Node | None) -> bool:
    """Whether a node is a text of as many characters as a recipient's digest has."""
    return isinstance(node, Scalar) and len(node.value) == TO_LENGTH


def message_types() -> list[str]:
    """The values of `type` that the grammar knows of a message object."""
    return _types("message-object", "#")


def container_types() -> list[str]:
    """The values of `type` that the grammar knows of a Flex container."""
    return _types("flex", "#/$defs/container")


def _types(name: str, ref: str) -> list[str]:
    allowed: list[str] = resolve(ref, name)[0]["properties"]["type"]["enum"]
    return allowed


def _is_message(node: Node) -> bool:
    """Whether an entry of `messages` is a message object: its `type` is LINE's, and no `role` tells of a chat model."""
    found = members(node)
    type_ = found.get("type")
    return isinstance(type_, Scalar) and "role" not in found and type_.value in message_types()


def _is_text(node: Node | None) -> bool:
    return isinstance(node, Scalar) and isinstance(scalar_value(node), str)


def entries_of(node: Node | None) -> list[Node]:
    """The entries of a list; none for any other node."""
    return node.value if isinstance(node, Sequence) else []
