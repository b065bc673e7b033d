"""The names of aggregation units that a run uses: LINE counts a number of them a month, whichever rows they are from."""

from collections.abc import Iterable, Iterator, Sequence
from re import compile as regex

from pnpc.compile.plan import Plan
from pnpc.compile.targets import Payload
from pnpc.compile.warnings import Counted, Warnings
from pnpc.line.limits import limits
from pnpc.text.finding import Range
from pnpc.text.source import Position

# In a line of JSON only a key has its quotes bare. The grammar lets a request have one name, of such characters.
_NAME = regex(rb'"customAggregationUnits":\["([A-Za-z0-9_]+)"')


class UnitNames:
    """Different names, each with the line of the row that brought it: only enough to say that there are too many."""

    def __init__(self) -> None:
        self._lines: dict[str, int] = {}
        self._room: int = limits()["aggregationUnits"]["month"] + 1

    def add_texts(self, texts: Iterable[bytes], line: int) -> None:
        """Add those of a row's requests, which are JSON as `pnpc.compile.formats.jsonl` writes it."""
        for match in map(_NAME.search, texts):
            if match is not None:
                self.add(match[1].decode(), line)

    def add(self, name: str, line: int) -> bool:
        """Add a name. Whether it is the first too many."""
        if len(self._lines) == self._room or name in self._lines:
            return False
        self._lines[name] = line
        return len(self._lines) == self._room

    def items(self) -> tuple[tuple[str, int], ...]:
        """The names in the order of their rows: plain values that can go to another process."""
        return tuple(self._lines.items())


class Units:
    """Reports, once, that the specs of a run have made more names than LINE counts."""

    def __init__(self, plans: Sequence[Plan]) -> None:
        self._plan = next((plan for plan in plans if plan.makes_units), None)
        self._names = UnitNames()

    def of_payload(self, payload: Payload) -> Iterator[tuple[Counted, Warnings]]:
        """The warning, if this payload brings the name too many; as `Tally.merge` takes it."""
        if self._plan is not None and payload.body.get("customAggregationUnits"):
            file, _, line = payload.origin.get("row", "").rpartition(":")
            yield from self.of_names([(payload.body["customAggregationUnits"][0], int(line or 0))], file)

    def of_names(self, names: Iterable[tuple[str, int]], file: str) -> Iterator[tuple[Counted, Warnings]]:
        """The same for the names of many rows of a file (see `Names.items`)."""
        for name, line in names:
            if self._plan is not None and self._names.add(name, line):
                where = Position(line, 1)
                yield ("too-many-units", ""), Warnings(1, file, Range(where, where), "", self._plan.too_many_units())
