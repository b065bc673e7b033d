"""A notification message as a body of Sinch's Conversation API: which document is one, and the same message at LINE's names."""

from pnpc.line.names import SINCH_OF
from pnpc.text.document import Document, Mapping, Node, Scalar, Sequence
from pnpc.text.members import members
from pnpc.text.path import Path

MESSAGE = "message"
# The keys on the way from a body to the part for LINE, which holds the template message under another `message`.
WAY = (MESSAGE, "channel_specific_message", "LINE")

_LINE_OF = {theirs: lines for lines, theirs in SINCH_OF.items()}


def base_of(root: Node | None) -> Path | None:
    """The path of the template message in a body of Sinch's, as its keys are written there; None for any other document.

    Keys in another case or without their `_` are followed, and a `message` that was forgotten is done without: a faulty
    body is a body with mistakes. A body with messages for other channels only is none.
    """
    path: Path = ()
    node = root
    for step in WAY:
        found = members(node)
        name = _written(step, found)
        if name is not None:
            path, node = (*path, name), found[name]
        elif step != MESSAGE:
            return None
    return (*path, _written(MESSAGE, members(node)) or MESSAGE)


def is_for_other_channels(root: Node | None) -> bool:
    """Whether a document is a body of Sinch's without a part for LINE: of `messages:send`, but none of ours."""
    found = members(root)
    around = {"app_id", "recipient"} & found.keys()
    return bool(around) and isinstance(found.get(MESSAGE), Mapping) and base_of(root) is None


def as_request(document: Document) -> Document:
    """A body of Sinch's as LINE's request body without `to`: its template message, whose nodes stand where they stood."""
    node = document.root
    for step in base_of(node) or ():
        node = members(node).get(str(step))
    return document._replace(root=node and _at_lines_names(node))


def _at_lines_names(message: Node) -> Node:
    """A template message with its properties called as LINE calls them; what has no such name is kept as it is."""
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


def _written(name: str, found: dict[str, Node]) -> str | None:
    """The key that means `name` among those that are there."""
    if name in found:
        return name
    plain = _plain(name)
    return next((key for key in found if _plain(key) == plain), None)


def _plain(name: str) -> str:
    return name.replace("_", "").casefold()
