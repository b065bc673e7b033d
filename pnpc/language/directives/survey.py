"""What stands below a node before directives are worked out: whether there are any, how many values, how deep."""

from typing import NamedTuple

from pnpc.text.document import Mapping, Node, Scalar, Sequence


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
        waiting = [node]
        while waiting:  # no recursion: a fragment may be asked about far down in another
            one = waiting[-1]
            if id(one) not in self._known:
                unknown = [
                    child for child in _below(one) if child.__class__ is not Scalar and id(child) not in self._known
                ]
                if unknown:
                    waiting += unknown
                    continue
                self._known[id(one)] = (one, self._look(one))
            waiting.pop()
        return self._known[id(node)][1]

    def _look(self, node: Node) -> Below:
        keys = [key for key, _ in node.value] if isinstance(node, Mapping) else []
        found = [_LEAF if one.__class__ is Scalar else self._known[id(one)][1] for one in _below(node)]
        return Below(
            any(isinstance(key, Scalar) and key.value.startswith("$") for key in keys)
            or any(one.directives for one in found),
            1 + len(keys) + sum(one.values for one in found),
            1 + max((one.depth for one in found), default=0),
        )


def _below(node: Node) -> list[Node]:
    if isinstance(node, Mapping):
        return [value for _, value in node.value]
    return node.value if isinstance(node, Sequence) else []
