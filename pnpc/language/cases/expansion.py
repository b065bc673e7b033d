"""What a message's directives come to in one case: ordinary nodes, and where each of them is written."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

from pnpc.language.cases.parts import Condition, Entries, EntryPart, Included, Loop, Members, Part, Plain, Site, Step
from pnpc.text.document import Document, Mapping, Node, Scalar, Sequence
from pnpc.text.joined import Joined
from pnpc.text.members import members
from pnpc.text.path import Path
from pnpc.text.source import Source
from pnpc.text.tree import Tree


class Round(NamedTuple):
    """One turn of a loop: the `turn`th entry (from 0) of `total`."""

    loop: Loop
    turn: int
    total: int


Rounds = tuple[Round, ...]


class Case(Protocol):
    """Decides what a message's directives come to."""

    def count(self, loop: Loop, rounds: Rounds) -> tuple[int, int]:
        """How many entries a loop has inside these rounds, and how many of them are written out."""

    def holds(self, condition: Condition, rounds: Rounds) -> bool:
        """Whether a condition holds inside these rounds."""


class Placed(NamedTuple):
    """An entry of an expanded list: the entry that it was made of, and the loops that it stands in."""

    entry: EntryPart
    loops: tuple[Loop, ...]


class Expansion:
    """The message of one case.

    `placed`: by the id of a list, where each of its entries comes from; `missing`: by the id of a list, entries that stand for
    a number of others like them, which are not written out because there are too many. `lists`: by the id of a list, the
    part that it was made of. `sites`: by the id of a mapping, the `$include` of the fragment that it comes from. `present`:
    the ids of all entries that are there. `used`: the names that the message's directives and expressions use, in all cases.
    `structure`: what it was made of, where it is the message as it is written.
    """

    def __init__(self) -> None:
        self.root: Node | None = None
        self.placed: dict[int, list[Placed]] = {}
        self.missing: dict[int, list[tuple[Node, int]]] = {}
        self.lists: dict[int, Entries] = {}
        self.sites: dict[int, Site] = {}
        self.present: set[int] = set()
        self.used: frozenset[str] = frozenset()
        self.structure: object = None

    def loops(self, path: Path) -> tuple[Loop, ...]:
        """The loops around a path, the outer first."""
        loops: tuple[Loop, ...] = ()
        for node, step in self._way(path):
            if id(node) in self.placed and isinstance(step, int) and step < len(self.placed[id(node)]):
                loops = self.placed[id(node)][step].loops
        return loops

    def written(self, path: Path, *, key: bool = False) -> Path:
        """Where something is written: its path in its own file, with the indices that its lists have there.

        `key`: whether the key is meant: that of an included object stands in the including file, not in the fragment.
        """
        written: Path = ()
        for node, step in self._way(path):
            if id(node) in self.sites and not (key and step is None):
                written = ()
            if step is not None:
                written = (*written, self._index(node, step))
        return written

    def around(self, path: Path) -> tuple[Site, ...]:
        """The `$include`s that lead to a path, the outer first."""
        return tuple(self.sites[id(node)] for node, _ in self._way(path) if id(node) in self.sites)

    def missing_at(self, path: Path) -> int:
        """The entries of a list that are not written out."""
        last = [node for node, step in self._way(path) if step is None]
        return sum(more for _, more in self.missing.get(id(last[0]), ())) if last else 0

    def entries(self, path: Path) -> list[int]:
        """The ids of the list entries with directives that hold a path."""
        way = [(self.placed.get(id(node)), step) for node, step in self._way(path)]
        return [
            id(placed[step].entry) for placed, step in way if placed and isinstance(step, int) and step < len(placed)
        ]

    def steps(self, path: Path) -> list[Step]:
        """The directives that a path stands under, the outer first."""
        way = [(self.placed.get(id(node)), step) for node, step in self._way(path)]
        entries = [
            placed[step].entry for placed, step in way if placed and isinstance(step, int) and step < len(placed)
        ]
        return [step for entry in entries for step in entry.steps]

    def conditions(self, path: Path) -> list[Condition]:
        """The conditions that hold wherever a path is there, the outer first."""
        return [step for step in self.steps(path) if isinstance(step, Condition)]

    def _index(self, node: Node, step: str | int) -> str | int:
        placed = self.placed.get(id(node))
        return placed[step].entry.written if placed and isinstance(step, int) and step < len(placed) else step

    def _way(self, path: Path) -> Iterator[tuple[Node, str | int | None]]:
        """The nodes on the way to a path, each with the step that leaves it; the last with None."""
        node = self.root
        for step in path:
            if node is None:
                return
            yield node, step
            node = _below(node, step)
        if node is not None:
            yield node, None


class Expanded(Tree):
    """The nodes of an expansion: they stand in several files, and a path counts the entries that loops have made.

    `first` are the nodes of the spec itself, with its directives.
    """

    __slots__ = ("expansion", "first")

    def __init__(self, document: Document, expansion: Expansion, first: Tree) -> None:
        super().__init__(document)
        self.expansion = expansion
        self.first = first

    def written(self, path: Path, *, key: bool = False) -> Path:
        """The path of a node, or of its key, in the file in which it is written."""
        return self.expansion.written(path, key=key)

    def path_at(self, offset: int) -> Path:
        """The path of the innermost node that holds an offset, in the file that the offset is in."""
        source: Source = self.source
        if isinstance(source, Joined) and source.part(offset).base:
            return source.tree(source.part(offset)).path_at(offset)
        return self.first.path_at(offset)


def expand(part: Part, case: Case) -> Expansion:
    """What a message comes to in one case."""
    expansion = Expansion()
    expansion.root = _expand(part, case, (), expansion)
    return expansion


def _expand(part: Part, case: Case, rounds: Rounds, expansion: Expansion) -> Node:
    if isinstance(part, Plain):
        return part.node
    if isinstance(part, Members):
        node = part.node
        members = [(key, _expand(member, case, rounds, expansion)) for key, member in part.members]
        return Mapping("", members, node.start_mark, node.end_mark, node.flow_style)
    if isinstance(part, Included):
        made = _expand(part.part, case, rounds, expansion)
        expansion.sites[id(made)] = part.site
        return made
    return _list(part, case, rounds, expansion)


def _list(part: Entries, case: Case, rounds: Rounds, expansion: Expansion) -> Node:
    values: list[Node] = []
    placed: list[Placed] = []
    missing: list[tuple[Node, int]] = []
    for entry in part.entries:
        for inner, left in _copies(entry.steps, case, rounds):
            expansion.present.add(id(entry))
            values.append(_expand(entry.part, case, inner, expansion))
            if left:
                missing.append((values[-1], left))
            placed.append(Placed(entry, tuple(outer.loop for outer in inner)))
    node = Sequence("", values, part.node.start_mark, part.node.end_mark, part.node.flow_style)
    expansion.placed[id(node)], expansion.lists[id(node)] = placed, part
    if missing:
        expansion.missing[id(node)] = missing
    return node


def _copies(steps: tuple[Step, ...], case: Case, rounds: Rounds) -> Iterable[tuple[Rounds, int]]:
    """The rounds in which an object stands in its list; with the last one written out, how many more there are."""
    if not steps:
        yield rounds, 0
    elif isinstance(steps[0], Condition):
        if case.holds(steps[0], rounds):
            yield from _copies(steps[1:], case, rounds)
    else:
        count, out = case.count(steps[0], rounds)
        for index in range(out):
            left = count - out if index == out - 1 else 0
            for inner, more in _copies(steps[1:], case, (*rounds, Round(steps[0], index, count))):
                yield inner, more + left


def _below(node: Node, step: str | int) -> Node | None:
    if isinstance(node, Sequence) and isinstance(step, int):
        return node.value[step] if 0 <= step < len(node.value) else None
    if isinstance(node, Mapping):
        for key, value in node.value:
            if isinstance(key, Scalar) and key.value == step:
                return value  # type: ignore[no-any-return]
        return members(node).get(str(step))
    return None
