"""Several files as one text, so that one offset can mean a character of any of them: a spec and its fragments."""

from bisect import bisect_right
from typing import NamedTuple

from pnpc.text.document import Node, shift
from pnpc.text.source import Source, Span
from pnpc.text.tree import Tree


class JoinedFile(NamedTuple):
    """A file of a joined text: the offset at which it begins there, and its nodes, whose marks are offsets there too."""

    base: int
    source: Source
    root: Node | None


class Joined(Source):
    """The text of a file, followed by those of files that belong to it, each beginning on a new line.

    Its name is that of the first file, whose offsets stay the same. `json`: all other files are JSON.
    """

    __slots__ = ("json", "known", "parts")

    def __init__(self, first: Source) -> None:
        super().__init__(first.name, first.text)
        self.bom = first.bom
        self.parts = [JoinedFile(0, first, None)]
        # The files that were added, by a key of the caller's, who needs to know whether a file is here already.
        self.known: dict[str, JoinedFile] = {}
        self.json = True

    def add(self, source: Source, root: Node | None, *, json: bool = False) -> JoinedFile:
        """Append a file; the marks of its nodes (`root`) become offsets of the joined text."""
        base = len(self.text) + 1
        shift(root, lambda offset: base + offset)
        self.text = f"{self.text}\n{source.text}"
        self._starts = None
        self.json = self.json and json
        self.parts.append(JoinedFile(base, source, root))
        return self.parts[-1]

    def part(self, offset: int) -> JoinedFile:
        """The file of the character at an offset."""
        return self.parts[bisect_right(self.parts, offset, key=lambda part: part.base) - 1]

    def home(self, span: Span) -> tuple[Source, Span]:
        """The file of a span, and the span in that file."""
        base, source, _ = self.part(span.start)
        return source, Span(span.start - base, span.end - base)

    def files(self) -> tuple[Source, ...]:
        """All files of the text, the first one first."""
        return tuple(part.source for part in self.parts)

    def added(self) -> list[Node]:
        """The roots of the files after the first one."""
        return [part.root for part in self.parts if part.root is not None]

    def tree(self, part: JoinedFile) -> Tree:
        """The tree of a file that was added: it finds a path of that file in the joined text."""
        return Tree.of(self, part.root)
