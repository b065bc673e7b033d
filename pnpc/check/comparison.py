"""Whether a text reads the same before and after edits, except for what was edited."""

from pnpc.text.document import Mapping, Node, Scalar
from pnpc.text.finding import Edit
from pnpc.text.members import entries
from pnpc.text.yaml.properties import first


def may_be_edited(node: Node) -> bool:
    """Whether a fix may change a node: a scalar, or a flow mapping, which an expression without quotes is for YAML."""
    return isinstance(node, Scalar) or (isinstance(node, Mapping) and bool(node.flow_style))


def has_twice(node: Node) -> bool:
    """Whether a key is set twice in a mapping."""
    names = [key.value for key, _ in node.value if isinstance(key, Scalar)]
    return len(set(names)) < len(names)


class Comparison:
    """Compares the nodes of a text with those after the edits, which are given by the offset where each begins.

    `met` collects the offsets of the edits whose nodes were found.
    """

    def __init__(self, text: str, edits: dict[int, Edit]) -> None:
        self.met: set[int] = set()
        self._text = text
        self._edits = edits
        self._pairs: dict[int, int] = {}  # by `id`, the node afterwards: an alias must still refer to the same node

    def is_same(self, old: Node | None, new: Node | None) -> bool:
        """Whether two trees are the same except for edited nodes, which must have the values that the edits promise."""
        stack = [(old, new)]
        while stack:
            left, right = stack.pop()
            if left is None or right is None:
                if left is not right:
                    return False
                continue
            if self._pairs.setdefault(id(left), id(right)) != id(right):
                return False
            edit = self._edit(left)
            if edit is not None:
                self.met.add(first(self._text, left))
                if not isinstance(right, Scalar) or right.value != edit.reads:
                    return False
            elif not self._alike(left, right):
                return False
            elif isinstance(left, Mapping):
                for pair, other in zip(left.value, right.value, strict=True):
                    stack += zip(pair, other, strict=True)
            elif not isinstance(left, Scalar):
                stack += zip(left.value, right.value, strict=True)
        return True

    def _edit(self, node: Node) -> Edit | None:
        return self._edits.get(first(self._text, node)) if may_be_edited(node) else None

    def _alike(self, old: Node, new: Node) -> bool:
        """Whether two nodes have the same kind and size, and no renamed key of a mapping gets the name of another key."""
        if type(old) is not type(new):
            return False
        if isinstance(old, Scalar) and isinstance(new, Scalar):
            return (old.value, old.style) == (new.value, new.style)
        if len(old.value) != len(new.value):
            return False
        edits = [edit for key, _ in old.value if (edit := self._edit(key))] if isinstance(old, Mapping) else []
        return not edits or not (has_twice(new) or any(edit.reads in entries(old) for edit in edits))
