"""From symbolic places to spans: only this module turns paths into offsets."""

from typing import NamedTuple

from pnpc.text.document import Document, Mapping, Node, Scalar, Sequence, end, start
from pnpc.text.finding import Where
from pnpc.text.members import entries
from pnpc.text.path import Path
from pnpc.text.source import Source, Span
from pnpc.text.yaml.properties import first


class NodeAt(NamedTuple):
    """A node, its path, and its key (None for an entry of a list and for the root)."""

    key: Node | None
    value: Node
    path: Path


class Tree:
    """A document in which paths can be found: their nodes, and their spans in the text."""

    __slots__ = ("_known", "root", "source")

    def __init__(self, document: Document) -> None:
        self.source: Source = document.source
        self.root = document.root
        # The members of mappings by the node's id: many findings are in the same mapping.
        self._known: dict[int, dict[str, tuple[Node, Node]]] = {}

    @classmethod
    def of(cls, source: Source, root: Node | None) -> "Tree":
        """The tree of a node whose marks are offsets of `source`."""
        return cls(Document(source, 0, root, json=False))

    def written(self, path: Path, *, key: bool = False) -> Path:  # noqa: ARG002
        """The path in the file in which the node at a path is written (`key`: its key). In most trees it is the same."""
        return path

    def find(self, path: Path) -> NodeAt | None:
        """The node at a path, or its nearest ancestor that exists; None for an empty document."""
        if self.root is None:
            return None
        node_at = NodeAt(None, self.root, ())
        for step in path:
            below = self._step(node_at, step)
            if below is None:
                break
            node_at = below
        return node_at

    def node(self, path: Path) -> Node | None:
        """The node at exactly this path; None if there is none."""
        node_at = self.find(path)
        return node_at.value if node_at and node_at.path == path else None

    def span(self, where: Where) -> Span:
        """The characters to point at: the whole of a scalar or flow collection; of a block collection the key, or the
        first line if it has none. A Span is returned unchanged."""
        if isinstance(where, Span):
            return where
        node_at = self.find(where.path)
        if node_at is None:
            return Span(0, 0)
        exact = node_at.path == where.path
        if exact and where.within is not None and isinstance(node_at.value, Scalar):
            from pnpc.text.yaml.scalar import within  # needed only for a finding inside a scalar

            return within(self.source, node_at.value, *where.within)
        if node_at.key is not None and (where.part == "key" or not exact):
            return Span(first(self.source.text, node_at.key), end(node_at.key))
        return self._value(node_at)

    def whole(self, path: Path) -> Span:
        """The span of a node with its key, which is what a comment about it covers."""
        node_at = self.find(path)
        if node_at is None:
            return Span(0, 0)
        begin = start(node_at.key) if node_at.key is not None else start(node_at.value)
        return Span(begin, max(begin, self._end(node_at.value)))

    def path_at(self, offset: int) -> Path:
        """The path of the innermost node that contains an offset; the root's empty path if none does."""
        node_at = NodeAt(None, self.root, ()) if self.root is not None else None
        path: Path = ()
        while node_at is not None:
            path = node_at.path
            node_at = _child_at(node_at, offset)
        return path

    def _step(self, node_at: NodeAt, step: str | int) -> NodeAt | None:
        node = node_at.value
        if isinstance(node, Sequence) and isinstance(step, int) and 0 <= step < len(node.value):
            return NodeAt(None, node.value[step], (*node_at.path, step))
        if isinstance(node, Mapping) and isinstance(step, str):
            known = self._members(node)
            return NodeAt(*known[step], (*node_at.path, step)) if step in known else None
        return None

    def _members(self, node: Mapping) -> dict[str, tuple[Node, Node]]:
        """A mapping's keys and values by name: its own, `<<` itself, and what it merges (which is written elsewhere)."""
        if id(node) not in self._known:
            written = {key.value: (key, value) for key, value in node.value if isinstance(key, Scalar)}
            self._known[id(node)] = {**entries(node), **written}
        return self._known[id(node)]

    def _value(self, node_at: NodeAt) -> Span:
        node = node_at.value
        if isinstance(node, Scalar) or (isinstance(node, Mapping | Sequence) and node.flow_style):
            begin = first(self.source.text, node)
            return Span(begin, max(self._end(node), begin))
        if node_at.key is not None:
            return Span(start(node_at.key), end(node_at.key))
        line_end = self.source.text.find("\n", start(node))
        line = self.source.text[start(node) : line_end if line_end >= 0 else len(self.source.text)]
        return Span(start(node), start(node) + max(1, len(line.rstrip())))

    def _end(self, node: Node) -> int:
        """The end of a node without white space: libyaml ends a block node where the next token begins."""
        if isinstance(node, Scalar) and node.style not in ("|", ">"):
            return end(node)
        text = self.source.text[start(node) : end(node)]
        return start(node) + len(text.rstrip())


def _child_at(node_at: NodeAt, offset: int) -> NodeAt | None:
    node = node_at.value
    if isinstance(node, Mapping):
        for key, value in node.value:
            if isinstance(key, Scalar) and start(key) <= offset < max(end(value), end(key)):
                return NodeAt(key, value, (*node_at.path, key.value))
    elif isinstance(node, Sequence):
        for index, item in enumerate(node.value):
            if start(item) <= offset < end(item):
                return NodeAt(None, item, (*node_at.path, index))
    return None
