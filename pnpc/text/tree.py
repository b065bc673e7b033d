"""From a symbolic place to a span: the only module that turns paths into offsets."""

from typing import NamedTuple

from pnpc.text.document import Document, Mapping, Node, Scalar, Sequence, end, start
from pnpc.text.finding import Where
from pnpc.text.members import entries
from pnpc.text.path import Path
from pnpc.text.source import Source, Span
from pnpc.text.yaml.properties import first


class Found(NamedTuple):
    """A node and the key it stands under (None in a list, and for the root)."""

    key: Node | None
    value: Node
    path: Path


class Tree:
    """A document that can be asked where a path stands in its text."""

    __slots__ = ("_known", "root", "source")

    def __init__(self, document: Document) -> None:
        self.source: Source = document.source
        self.root = document.root
        self._known: dict[
            int, dict[str, tuple[Node, Node]]
        ] = {}  # by the node's id: many findings stand in one mapping

    @classmethod
    def of(cls, source: Source, root: Node | None) -> "Tree":
        """The tree of a part of a document, whose marks are offsets of `source`."""
        return cls(Document(source, 0, root, json=False))

    def written(self, path: Path, *, key: bool = False) -> Path:  # noqa: ARG002
        """A path as the file has it in which the node is written, or its key: in most trees the path itself."""
        return path

    def find(self, path: Path) -> Found | None:
        """The node at a path, or its nearest ancestor that the text holds; None for an empty document."""
        if self.root is None:
            return None
        found = Found(None, self.root, ())
        for step in path:
            below = self._step(found, step)
            if below is None:
                break
            found = below
        return found

    def node(self, path: Path) -> Node | None:
        """The node at exactly this path, or None."""
        found = self.find(path)
        return found.value if found and found.path == path else None

    def span(self, where: Where) -> Span:
        """The characters to point at: a scalar whole, of a block collection its key (or its first line)."""
        if isinstance(where, Span):
            return where
        found = self.find(where.path)
        if found is None:
            return Span(0, 0)
        exact = found.path == where.path
        if exact and where.within is not None and isinstance(found.value, Scalar):
            from pnpc.text.yaml.scalar import within  # only what is told is placed so exactly

            return within(self.source, found.value, *where.within)
        if found.key is not None and (where.part == "key" or not exact):
            return Span(first(self.source.text, found.key), end(found.key))
        return self._value(found)

    def whole(self, path: Path) -> Span:
        """A node with its key, from its first to its last character; used to know what a comment covers."""
        found = self.find(path)
        if found is None:
            return Span(0, 0)
        begin = start(found.key) if found.key is not None else start(found.value)
        return Span(begin, max(begin, self._end(found.value)))

    def path_at(self, offset: int) -> Path:
        """The path of the innermost node that holds an offset; the root's empty path if none does."""
        found = Found(None, self.root, ()) if self.root is not None else None
        path: Path = ()
        while found is not None:
            path = found.path
            found = _child_at(found, offset)
        return path

    def _step(self, found: Found, step: str | int) -> Found | None:
        node = found.value
        if isinstance(node, Sequence) and isinstance(step, int) and 0 <= step < len(node.value):
            return Found(None, node.value[step], (*found.path, step))
        if isinstance(node, Mapping) and isinstance(step, str):
            known = self._members(node)
            return Found(*known[step], (*found.path, step)) if step in known else None
        return None

    def _members(self, node: Mapping) -> dict[str, tuple[Node, Node]]:
        """A mapping's keys and values: what it merges stands where its own mapping is written, a merge where it stands."""
        if id(node) not in self._known:
            written = {key.value: (key, value) for key, value in node.value if isinstance(key, Scalar)}
            self._known[id(node)] = {**entries(node), **written}
        return self._known[id(node)]

    def _value(self, found: Found) -> Span:
        node = found.value
        if isinstance(node, Scalar) or (isinstance(node, Mapping | Sequence) and node.flow_style):
            begin = first(self.source.text, node)
            return Span(begin, max(self._end(node), begin))
        if found.key is not None:
            return Span(start(found.key), end(found.key))
        line_end = self.source.text.find("\n", start(node))
        line = self.source.text[start(node) : line_end if line_end >= 0 else len(self.source.text)]
        return Span(start(node), start(node) + max(1, len(line.rstrip())))

    def _end(self, node: Node) -> int:
        """libyaml ends a block node where the next token begins: draw it back over white space."""
        if isinstance(node, Scalar) and node.style not in ("|", ">"):
            return end(node)
        text = self.source.text[start(node) : end(node)]
        return start(node) + len(text.rstrip())


def _child_at(found: Found, offset: int) -> Found | None:
    node = found.value
    if isinstance(node, Mapping):
        for key, value in node.value:
            if isinstance(key, Scalar) and start(key) <= offset < max(end(value), end(key)):
                return Found(key, value, (*found.path, key.value))
    elif isinstance(node, Sequence):
        for index, item in enumerate(node.value):
            if start(item) <= offset < end(item):
                return Found(None, item, (*found.path, index))
    return None
