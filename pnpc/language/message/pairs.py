"""The members of an object as the search for media sees them: with duplicates and merged ones, each with its place."""

from collections.abc import Iterator
from typing import NamedTuple

from pnpc.text.document import Mapping, Node, Scalar, end, start
from pnpc.text.finding import Place, Where
from pnpc.text.members import written_out
from pnpc.text.path import Path
from pnpc.text.source import Span
from pnpc.text.values import NULLS


class Pair(NamedTuple):
    """A member of an object; `twice` if its key stood there before."""

    name: str
    key: Node
    value: Node
    path: Path
    twice: bool

    def at(self, part: str = "value") -> Where:
        """Where the value (or the key) stands: a span for what no path names, duplicate keys and keys that are not texts."""
        if self.twice or not isinstance(self.key, Scalar):
            node = self.key if part == "key" else self.value
            return Span(start(node), end(node))
        return Place(self.path, "key" if part == "key" else "value")


def pairs(node: Mapping, path: Path, plain: frozenset[str] = frozenset()) -> Iterator[Pair]:
    """The members of a mapping, duplicates and merged ones (`<<`) too; of those named in `plain`, only values that may be a URL."""
    seen: set[str] = set()
    for key, value in written_out(node):
        name = key.value if isinstance(key, Scalar) else "?"
        if name not in plain or may_be_url(value):
            yield Pair(name, key, value, (*path, name), name in seen)
            seen.add(name)


def may_be_url(value: Node) -> bool:
    """Whether a value may hold a URL, though it is not one by its name."""
    return not isinstance(value, Scalar) or ":" in value.value or "/" in value.value


def text_of(pair: Pair) -> str | None:
    """A member's text; None for `null`, and for a value that is not a scalar."""
    if not isinstance(pair.value, Scalar) or (not pair.value.style and pair.value.value in NULLS):
        return None
    text: str = pair.value.value
    return text
