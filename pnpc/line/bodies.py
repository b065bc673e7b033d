"""Which documents are request bodies of notification messages.

A body with mistakes is a body: it is recognized by the keys that it has, not by those that it should have. In a folder
the evidence must be strong, because translations, mail systems and chat models use such keys too. A file that is named
on the command line was meant to be checked, so there any of these keys is enough.
"""

from pnpc.line.grammar.schema import resolve
from pnpc.text.document import Node, Scalar, Sequence
from pnpc.text.members import members
from pnpc.text.values import scalar_value

TO_LENGTH = 64  # characters of a SHA-256 digest in hexadecimal
# With a `to` of that length, any of these makes a body.
CONTENT_KEYS = frozenset(("messages", "templateKey", "template_key", "body"))
# What a line of `pnpc compile` has around the body.
_AROUND_BODY = frozenset(("id", "target", "method", "url", "headers", "body"))


def is_body(root: Node | None) -> bool:
    """Whether a document in a folder is a request body, with or without mistakes. The caller excludes other endpoints'."""
    keys = members(root)
    if is_as_long_as_a_digest(keys.get("to")) and not CONTENT_KEYS.isdisjoint(keys):
        return True
    if "templateKey" in keys and not _is_text(keys.get("body")):
        return True
    return any(map(_is_message, entries_of(keys.get("messages"))))


def is_body_when_named(root: Node | None) -> bool:
    """Whether a document of a file that was named on the command line is a request body: one of its keys is enough."""
    keys = members(root)
    if is_payload(root):
        return False
    if "body" in keys and "type" in keys:  # a Flex container with another mistake
        return not (CONTENT_KEYS - {"body"}).isdisjoint(keys)
    return not CONTENT_KEYS.isdisjoint(keys) or is_as_long_as_a_digest(keys.get("to"))


def is_payload(root: Node | None) -> bool:
    """Whether a document is a payload that `pnpc compile` wrote, or a list of them as `--format json` writes it."""
    first = root.value[0] if isinstance(root, Sequence) and root.value else root
    return members(first).keys() >= _AROUND_BODY


def is_as_long_as_a_digest(node: Node | None) -> bool:
    """Whether a node is a text of 64 characters, the length of a recipient's digest. Which characters does not matter."""
    return isinstance(node, Scalar) and len(node.value) == TO_LENGTH


def message_types() -> list[str]:
    """The values of `type` that the grammar allows in a message object."""
    return _types("message-object", "#")


def container_types() -> list[str]:
    """The values of `type` that the grammar allows in a Flex container."""
    return _types("flex", "#/$defs/container")


def _types(name: str, ref: str) -> list[str]:
    allowed: list[str] = resolve(ref, name)[0]["properties"]["type"]["enum"]
    return allowed


def _is_message(node: Node) -> bool:
    """Whether an entry of `messages` is a message object: LINE has its `type`, and it has no `role` as chat models use."""
    keys = members(node)
    type_ = keys.get("type")
    return isinstance(type_, Scalar) and "role" not in keys and type_.value in message_types()


def _is_text(node: Node | None) -> bool:
    return isinstance(node, Scalar) and isinstance(scalar_value(node), str)


def entries_of(node: Node | None) -> list[Node]:
    """The entries of a list; an empty list for any other node."""
    return node.value if isinstance(node, Sequence) else []
