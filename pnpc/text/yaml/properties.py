"""Where a node's own text begins: libyaml starts a node at its properties, an anchor and a tag."""

from pnpc.text.document import Node, end, start
from pnpc.text.lazy import regex

_PROPERTIES = regex(r"(?:[&!][^\s,\[\]{}]*\s+)+")


def first(text: str, node: Node) -> int:
    """The offset of the first character behind a node's anchor and tag."""
    properties = _PROPERTIES.match(text, start(node))
    return min(properties.end(), end(node)) if properties else start(node)
