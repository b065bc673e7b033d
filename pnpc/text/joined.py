"""Several files as one text, so that an offset names a character of any of them: a spec and the fragments it includes."""

from bisect import bisect_right
from typing import NamedTuple

from pnpc.text.document import Node, shift
from pnpc.text.source import Source, Span
from pnpc.text.tree import Tree


class Part(NamedTuple):
    """A file of a joined text: the offset at which it begins there, and its nodes, whose marks count from the same."""

    base: int
    source: Source
    root: Node | None


class Joined(Source):
    """The text of a file, and behind it those of files that belong to it, each on lines of its own.

    Offsets up to the end of the first file are those of that file. It goes by the first one's name. `json`: the others
    are JSON.
    """

    __slots__ = ("json", "known", "parts")

    def __init__(self, first: Source) -> None:
        super().__init__(first.name, first.text)
        self.bom = first.bom
        self.parts = [Part(0, first, None)]
        # What was added, by whatever tells whoever adds it that a file is the same.
        self.known: dict[str, Part] = {}
        self.json = True

    def add(self, source: Source, root: Node | None, *, json: bool = False) -> Part:
        """Put a file at the end; the marks of its nodes, if it has any, are moved to where they now stand."""
        base = len(self.text) + 1
        shift(root, lambda offset: base + offset)
        self.text = f"{self.text}\n{source.text}"
        self._starts = None
        self.json = self.json and json
        self.parts.append(Part(base, source, root))
        return self.parts[-1]

    def part(self, offset: int) -> Part:
        """The file that a character stands in."""
        return self.parts[bisect_right(self.parts, offset, key=lambda one: one.base) - 1]

    def home(self, span: Span) -> tuple[Source, Span]:
        """The file that a span stands in, and its span there."""
        base, source, _ = self.part(span.start)
        return source, Span(span.start - base, span.end - base)

    def files(self) -> tuple[Source, ...]:
        """The files that the text is made of."""
        return tuple(part.source for part in self.parts)

    def added(self) -> list[Node]:
        """The nodes of the files behind the first."""
        return [part.root for part in self.parts if part.root is not None]

    def tree(self, part: Part) -> Tree:
        """The nodes of a file that was added, to be asked where a path of that file stands in the joined text."""
        return Tree.of(self, part.root)
