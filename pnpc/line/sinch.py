"""Notification messages as bodies of Sinch's Conversation API: recognizing them, and reading them under LINE's names."""

from pnpc.line.names import SINCH_OF
from pnpc.text.document import Document, Mapping, Node, Scalar, Sequence
from pnpc.text.members import members
from pnpc.text.path import Path

MESSAGE = "message"
# The path from a body to its part for LINE, which has the template message under another `message`.
WAY = (MESSAGE, "channel_specific_message", "LINE")

_LINE_OF = {theirs: lines for lines, theirs in SINCH_OF.items()}


def base_of(root: Node | None) -> Path | None:
    """The path of the template message in a Sinch body, with the keys as they are written; None for any other document.

    Keys in another case or without their `_` are accepted, and the first `message` may be missing: a body with mistakes
    is a body. None also for a body with messages for other channels only.
    """
    path: Path = ()
    node = root
    for step in WAY:
        keys = members(node)
        name = _written(step, keys)
        if name is not None:
            path, node = (*path, name), keys[name]
        elif step != MESSAGE:
            return None
    return (*path, _written(MESSAGE, members(node)) or MESSAGE)


def is_for_other_channels(root: Node | None) -> bool:
    """Whether a document is a Sinch `messages:send` body that has no part for LINE."""
    keys = members(root)
    around = {"app_id", "recipient"} & keys.keys()
    return bool(around) and isinstance(keys.get(MESSAGE), Mapping) and base_of(root) is None


def as_request(document: Document) -> Document:
    """A Sinch body as LINE's request body without `to`: its template message; each node keeps its place in the source."""
    node = document.root
    for step in base_of(node) or ():
        node = members(node).get(str(step))
    return document._replace(root=node and _at_lines_names(node))


def _at_lines_names(message: Node) -> Node:
    """A template message with its properties renamed to LINE's names; other keys are kept as they are."""
    if isinstance(message, Mapping):
        pairs = [(_renamed(key), _at_lines_names(value)) for key, value in message.value]
        return Mapping("", pairs, message.start_mark, message.end_mark, message.flow_style)
    if isinstance(message, Sequence):
        entries = [_at_lines_names(entry) for entry in message.value]
        return Sequence("", entries, message.start_mark, message.end_mark, message.flow_style)
    return message


def _renamed(key: Node) -> Node:
    if not isinstance(key, Scalar) or key.value not in _LINE_OF:
        return key
    return Scalar("", _LINE_OF[key.value], key.start_mark, key.end_mark, key.style)


def _written(name: str, keys: dict[str, Node]) -> str | None:
    """The one of `keys` that means `name`, whatever its case and with or without `_`; None if there is none."""
    if name in keys:
        return name
    plain = _plain(name)
    return next((key for key in keys if _plain(key) == plain), None)


def _plain(name: str) -> str:
    return name.replace("_", "").casefold()
