"""What is doubtful about rows that are compiled all the same: counted, and reported once per rule with the first place."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from pnpc.text.finding import Diagnostic, Range

# What is counted together: a rule, and a kind of what it says (see `pnpc.compile.tables.records.Mistake`).
Counted = tuple[str, str]


class Warned(NamedTuple):
    """A warning about one row: its rule and kind, where the row stands, and the diagnostic, made only if the row is shown.

    `counts` is the noun of what is counted: rows of a table, or messages where there is none.
    """

    key: Counted
    file: str
    range: Range
    counts: str
    diagnostic: Callable[[], Diagnostic]


class Warnings(NamedTuple):
    """How many rows a rule warns of, and the first of them: its place, and what is said of it.

    `counts` is that of `Warned`; empty for what is reported of a run, at the row where it comes true.
    """

    rows: int
    file: str
    range: Range
    counts: str
    first: Diagnostic

    def line(self) -> str:
        """The warning in one line for people."""
        noun = self.counts if self.rows == 1 else f"{self.counts}s"
        where = f"{self.file}:{self.range.start.line}"
        place = f"{self.first.file}:{self.first.range.start.line}:{self.first.range.start.column}"
        at = "" if self.first.file == self.file else f" ({place})"
        help = f"; {self.first.help}" if self.first.help else ""
        rows = f"in {self.rows:,} {noun}, first" if self.counts else "at"
        return f"{self.first.code} {rows} {where}: {self.first.message}{at}{help}"


class Tally:
    """Counts the warnings of a run, row by row, or those of a part of it."""

    def __init__(self) -> None:
        self._by_key: dict[Counted, Warnings] = {}

    def add(self, row: Iterable[Warned]) -> None:
        """Count the warnings of one row, of however many specs: a key counts it once."""
        for key, warned in {warned.key: warned for warned in reversed(list(row))}.items():
            known = self._by_key.get(key)
            if known is not None:
                self._by_key[key] = known._replace(rows=known.rows + 1)
            else:
                self._by_key[key] = Warnings(1, warned.file, warned.range, warned.counts, warned.diagnostic())

    def merge(self, later: Iterable[tuple[Counted, Warnings]]) -> None:
        """Add what was counted of later rows."""
        for key, more in later:
            known = self._by_key.get(key)
            self._by_key[key] = more if known is None else known._replace(rows=known.rows + more.rows)

    def items(self) -> tuple[tuple[Counted, Warnings], ...]:
        """What was counted, by key: plain values that can go to another process."""
        return tuple(self._by_key.items())

    def __iter__(self) -> Iterator[Warnings]:
        """The warnings in the order of their codes."""
        return iter(sorted(self._by_key.values(), key=lambda warned: warned.first.code))
