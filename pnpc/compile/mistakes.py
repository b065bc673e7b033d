"""Mistakes of rows counted by rule and column: in a table with thousands of them that is what tells where to begin."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pnpc.text.finding import Diagnostic

_MOST_KINDS = 200  # counted apart; columns of JSON Lines may be as many as rows


class Kind(NamedTuple):
    """A rule, and the column (or the path in the spec) at which it found something; empty for the row as a whole."""

    code: str
    name: str
    place: str


class Mistakes:
    """Counts mistakes by kind."""

    def __init__(self) -> None:
        self._counts: Counter[Kind] = Counter()

    def add(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Count the mistakes of a row."""
        self.merge((Kind(diagnostic.code, diagnostic.name, diagnostic.path), 1) for diagnostic in diagnostics)

    def merge(self, counts: Iterable[tuple[Kind, int]]) -> None:
        """Add what was counted elsewhere."""
        for kind, count in counts:
            known = kind in self._counts or len(self._counts) < _MOST_KINDS
            self._counts[kind if known else kind._replace(place="(other places)")] += count

    def items(self) -> tuple[tuple[Kind, int], ...]:
        """The counts, as plain values that can go from one process to another."""
        return tuple(self._counts.items())

    def lines(self) -> Iterator[str]:
        """A line for each kind, the most frequent first."""
        counts = sorted(self._counts.items(), key=lambda item: (-item[1], item[0]))
        width = max((len(f"{count:,}") for _, count in counts), default=0)
        for kind, count in counts:
            yield f"  {count:>{width},}  {kind.code} {kind.name}{'  ' if kind.place else ''}{kind.place}"
