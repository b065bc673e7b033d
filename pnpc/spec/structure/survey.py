"""What stands below a node before directives are worked out: whether there are any, how many values, how deep."""

from typing import NamedTuple

from pnpc.text.nodes import Mapping, Node, Scalar, Sequence


class Below(NamedTuple):
    """`directives`: whether a key begins with `$`; `values` and `depth` with aliases written out."""

    directives: bool
    values: int
    depth: int


_LEAF = Below(False, 1, 1)


class Survey:
    """Answers for the nodes of a document and its fragments, each looked at once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Node, Below]] = {}  # the node is kept, so that its id stays its own

    def below(self, node: Node) -> Below:
        """What stands below a node, the node itself included."""
        if node.__class__ is Scalar:
            return _LEAF
        known = self._known.get(id(node))
        if known is None:
            known = self._known[id(node)] = (node, self._look(node))
        return known[1]

    def _look(self, node: Node) -> Below:
        keys: list[Node] = []
        children: list[Node] = []
        if isinstance(node, Mapping):
            keys = [key for key, _ in node.value]
            children = [value for _, value in node.value]
        elif isinstance(node, Sequence):
            children = node.value
        found = [self.below(child) for child in children]
        return Below(
            any(isinstance(key, Scalar) and key.value.startswith("$") for key in keys)
            or any(one.directives for one in found),
            1 + len(keys) + sum(one.values for one in found),
            1 + max((one.depth for one in found), default=0),
        )
