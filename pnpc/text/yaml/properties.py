"""The start of a node's own text: libyaml starts a node at its properties (an anchor, a tag)."""

from pnpc.text.document import Node, end, start
from pnpc.text.lazy import regex

_PROPERTIES = regex(r"(?:[&!][^\s,\[\]{}]*\s+)+")


def first(text: str, node: Node) -> int:
    """The offset of the first character after a node's anchor and tag."""
    begin = start(node)
    if text[begin : begin + 1] not in ("&", "!"):
        return begin
    properties = _PROPERTIES.match(text, begin)
    return min(properties.end(), end(node)) if properties else begin
