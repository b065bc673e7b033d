"""Documents, their nodes and the offsets of these: what a text is read to, the same for YAML, JSON and TOML."""

from collections.abc import Callable
from typing import Any, NamedTuple

from yaml.nodes import MappingNode as Mapping
from yaml.nodes import Node
from yaml.nodes import ScalarNode as Scalar
from yaml.nodes import SequenceNode as Sequence

from pnpc.text.finding import Finding
from pnpc.text.source import Source, Span
from pnpc.text.wording import says

MAX_CHARACTERS = 2_000_000  # code points; LINE refuses a body of more bytes than that
MAX_DEPTH = 200  # levels of a document
MAX_NODES = 200_000  # values of a file
MAX_DOCUMENTS = 10_000  # documents of a file

__all__ = [
    "MAX_CHARACTERS",
    "MAX_DEPTH",
    "MAX_DOCUMENTS",
    "MAX_NODES",
    "Document",
    "Mapping",
    "Node",
    "Scalar",
    "Sequence",
    "Unreadable",
    "children_of",
    "end",
    "mark",
    "refuse_large",
    "shift",
    "start",
    "too_deep",
]


class Document(NamedTuple):
    """One document: its `number` in the file (from 0), its root (None if it is empty), and whether it is JSON, where a
    number without quotes is a number."""

    source: Source
    number: int
    root: Node | None
    json: bool


class Unreadable(Exception):
    """A text is not what its name says, or is larger than we read. Documents before the fault were already given."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


class _Mark:
    __slots__ = ("index",)

    def __init__(self, index: int) -> None:
        self.index = index


# Makes the mark of a node that libyaml did not read, from its offset. The class itself and not a function around it,
# because JSON needs thousands of marks.
mark: Callable[[int], Any] = _Mark


def start(node: Node) -> int:
    """The offset of a node's first character, in code points."""
    offset: int = node.start_mark.index
    return offset


def end(node: Node) -> int:
    """The offset after a node's last character, in code points; a block node may include white space that follows it."""
    offset: int = node.end_mark.index
    return offset


def children_of(node: Node) -> list[Node]:
    """The nodes directly below a node, keys included."""
    if isinstance(node, Mapping):
        return [part for pair in node.value for part in pair]
    return node.value if isinstance(node, Sequence) else []


def shift(root: Node | None, original: Callable[[int], int]) -> None:
    """Move the marks of a node and of all nodes below it; `original` maps each present offset to the new one."""
    stack, seen = [root] if root else [], set[int]()
    while stack:
        node = stack.pop()
        if id(node) not in seen:
            seen.add(id(node))
            node.start_mark, node.end_mark = mark(original(start(node))), mark(original(end(node)))
            stack.extend(children_of(node))


def refuse_large(source: Source) -> None:
    """Raise Unreadable for a text of more than MAX_CHARACTERS."""
    if len(source.text) > MAX_CHARACTERS:
        message = says(
            "the file has {length:,} characters, limit {limit:,}",
            length=len(source.text),
            limit=MAX_CHARACTERS,
        )
        raise Unreadable(Finding(Span(0, 0), message, rule="input-too-large"))


def too_deep(where: Span) -> Unreadable:
    """The error for a text of more than MAX_DEPTH levels, at the first node that is too deep."""
    return Unreadable(Finding(where, says("more than {limit} levels deep", limit=MAX_DEPTH), rule="input-too-large"))
