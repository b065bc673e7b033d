"""Rows with mistakes counted by rule and column: in a table with thousands of them that is what tells where to begin."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from pnpc.check.engine import file_diagnostic
from pnpc.compile.tables.chunks import BadTable
from pnpc.text.finding import Diagnostic

_MOST_KINDS = 200  # counted apart; columns of JSON Lines may be as many as rows


class Kind(NamedTuple):
    """A rule, and the column (or the path in the spec) at which it found something; empty for the row as a whole."""

    code: str
    name: str
    place: str


class KindCount(NamedTuple):
    """How many rows have mistakes of a kind, how many mistakes these are, and where the first of the rows stands."""

    rows: int
    mistakes: int
    file: str
    line: int


def table_mistake(error: BadTable, file: str) -> Diagnostic:
    """What is wrong with a table that can't be read on."""
    return file_diagnostic("bad-table", error.message, file, error.range, {}, help=error.help)


class Mistakes:
    """Counts rows with mistakes by kind."""

    def __init__(self) -> None:
        self._counts: dict[Kind, KindCount] = {}

    def add(self, diagnostics: Iterable[Diagnostic], file: str, line: int) -> None:
        """Count the mistakes of one row, of however many specs."""
        kinds: dict[Kind, int] = {}
        for diagnostic in diagnostics:
            kind = Kind(diagnostic.code, diagnostic.name, diagnostic.path)
            kinds[kind] = kinds.get(kind, 0) + 1
        self.merge((kind, KindCount(1, count, file, line)) for kind, count in kinds.items())

    def merge(self, counts: Iterable[tuple[Kind, KindCount]]) -> None:
        """Add what was counted of later rows."""
        for kind, more in counts:
            if kind not in self._counts and len(self._counts) >= _MOST_KINDS:
                kind = kind._replace(place="(other places)")
            known = self._counts.get(kind)
            if known is not None:
                more = known._replace(rows=known.rows + more.rows, mistakes=known.mistakes + more.mistakes)
            self._counts[kind] = more

    @property
    def total(self) -> int:
        """All mistakes."""
        return sum(count.mistakes for count in self._counts.values())

    def items(self) -> tuple[tuple[Kind, KindCount], ...]:
        """The counts, as plain values that can go from one process to another."""
        return tuple(self._counts.items())

    def __iter__(self) -> Iterator[tuple[Kind, KindCount]]:
        """The counts, that of most rows first."""
        return iter(sorted(self._counts.items(), key=lambda item: (-item[1].rows, item[0])))

    def value(self) -> list[dict[str, Any]]:
        """The same as JSON values."""
        return [
            {
                "code": kind.code,
                "rule": kind.name,
                "column": kind.place,
                "rows": count.rows,
                "mistakes": count.mistakes,
                "first": {"file": count.file, "line": count.line},
            }
            for kind, count in self
        ]
