"""A chunk of a table to lines of JSON at once: by the fast way where it is sure, by the plans themselves where not."""

from array import array
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from pnpc.compile.formats import jsonl
from pnpc.compile.mistakes import Kind, KindCount, Mistakes
from pnpc.compile.plan import BadRow, Plan, outcomes
from pnpc.compile.tables.chunks import Chunk, raw_rows, undecoded
from pnpc.compile.tables.columns import Column, ColumnChunk
from pnpc.compile.tables.recipients import AnyChunk, Record, Table
from pnpc.compile.tables.seen import key
from pnpc.compile.targets import Payload
from pnpc.compile.units import UnitNames
from pnpc.compile.warnings import Counted, Tally, Warnings
from pnpc.text.finding import Diagnostic

if TYPE_CHECKING:
    from pnpc.compile.fast.line import Compile

Way = TypeVar("Way")
Given = TypeVar("Given")
Line = tuple[str, bytes] | None

_MOST_COLUMNS = 1_000  # unknown ones that are named


class Bad(NamedTuple):
    """A row with mistakes: its index, and the mistakes for each spec."""

    row: int
    by_spec: tuple[BadRow, ...]


class Made(NamedTuple):
    """What a chunk became, as plain values that can go from one process to another.

    `text` is JSON lines in UTF-8. For each row that made a payload `keys` has what `Seen` remembers of its recipient,
    and `lines` the line of the file. `bad` are the first rows with mistakes, as many as are `kept`; `bad_rows` and
    `mistakes` count all, `mistakes` by kind (see `Mistakes.items`); so do `warnings` (see `Tally.items`). `units` are
    names of aggregation units (see `Names.items`), if rows decide them. `stopped`: a row with mistakes has ended the run.
    `columns` are those that no spec knows of rows that name their own; `notes` are the plans'.
    """

    text: bytes
    rows: int
    payloads: int
    keys: bytes
    lines: bytes
    bad: tuple[Bad, ...]
    bad_rows: int
    mistakes: tuple[tuple[Kind, KindCount], ...]
    warnings: tuple[tuple[Counted, Warnings], ...]
    units: tuple[tuple[str, int], ...]
    stopped: bool
    columns: tuple[str, ...]
    notes: tuple[tuple[str, ...], ...]


class Maker:
    """Makes the payloads of a table's chunks: each chunk alone, whatever came before it."""

    def __init__(self, plans: Sequence[Plan], table: Table, *, fail_fast: bool, kept: int | None) -> None:
        """`kept`: rows with mistakes to hand on of each chunk, None for all."""
        assert table.parse is not None
        self._plans = plans
        self._parse = table.parse
        self._columns = table.columns
        self._delimiter = table.delimiter
        self._fail_fast = fail_fast
        self._kept = kept
        self._makes_units = any(plan.makes_units for plan in plans)
        self._known = frozenset().union(*(plan.columns for plan in plans))
        self._file = table.file
        self._of_rows = self._ways(table.columns) if table.columns is not None else ()
        self._by_columns: dict[tuple[Column, ...], tuple[Compile, ...]] = {}
        self._of_objects = _all([plan.fast().objects(table.file) for plan in plans] if table.columns is None else [])

    def make(self, chunk: AnyChunk) -> Made:
        """The lines of a chunk, and what is to be reported of its rows."""
        batch = _Batch(self._kept, UnitNames() if self._makes_units else None)
        if isinstance(chunk, ColumnChunk):
            self._make_columns(chunk, batch)
        elif isinstance(chunk, Chunk) and self._of_rows and not undecoded(chunk):
            self._make_rows(chunk, batch)
        else:
            self._make_records(chunk, batch)
        return batch.made(stopped=self._fail_fast and bool(batch.bad_rows), plans=self._plans)

    def _ways(self, columns: tuple[str, ...]) -> "tuple[Compile, ...]":
        return _all([plan.fast().rows(columns, self._file) for plan in self._plans])

    def _of_columns(self, columns: tuple[Column, ...]) -> "tuple[Compile, ...]":
        """The fast ways of all specs for rows of such columns; none where a spec wants other types than they have."""
        if columns not in self._by_columns:
            fit = all(column.has(plan.type_of(column.name)) for plan in self._plans for column in columns)
            self._by_columns[columns] = self._ways(tuple(column.name for column in columns)) if fit and columns else ()
        return self._by_columns[columns]

    def _make_columns(self, chunk: ColumnChunk, batch: "_Batch") -> None:
        ways = self._of_columns(chunk.columns)
        fields = chunk.fields() if ways else []
        records: Iterator[Record] | None = None
        taken = chunk.row  # records before this row have been read, or passed over
        for index in range(chunk.row, chunk.row + chunk.records):
            if fields and _made(ways, fields[index - chunk.row], index, chunk.line + index - chunk.row, batch):
                continue
            records = records or self._parse(chunk)
            self._make_slow(next(islice(records, index - taken, None)), batch)
            taken = index + 1
            if self._fail_fast and batch.bad_rows:
                return

    def _make_rows(self, chunk: Chunk, batch: "_Batch") -> None:
        lines = chunk.lines
        for index, (fields, fault, start, end) in enumerate(raw_rows(lines, self._delimiter), chunk.row):
            line = chunk.line + start
            if fault is None and _made(self._of_rows, fields, index, line, batch):
                continue
            part = Chunk("".join(lines[start:end]), line, index, 1)
            self._make_slow(next(self._parse(part)), batch)
            if self._fail_fast and batch.bad_rows:
                return

    def _make_records(self, chunk: AnyChunk, batch: "_Batch") -> None:
        for record in self._parse(chunk):
            self._note_columns(record, batch)
            if self._of_objects and record.fault is None:
                line = record.locate(None).start.line
                if _made(self._of_objects, record.values, record.row, line, batch):
                    continue
            self._make_slow(record, batch)
            if self._fail_fast and batch.bad_rows:
                return

    def _note_columns(self, record: Record, batch: "_Batch") -> None:
        if self._columns is None and len(batch.columns) < _MOST_COLUMNS:
            batch.columns.update(dict.fromkeys(name for name in record.values if name not in self._known))

    def _make_slow(self, record: Record, batch: "_Batch") -> None:
        made = outcomes(self._plans, record)
        wrong = tuple(outcome.result for outcome in made if isinstance(outcome.result, BadRow))
        payloads = [outcome.result for outcome in made if isinstance(outcome.result, Payload)]
        if wrong:
            batch.add_bad(Bad(record.row, wrong), record.file, record.locate(None).start.line)
        if wrong and self._fail_fast:
            batch.rows += 1
        elif payloads:
            batch.warnings.add(warned for outcome in made for warned in outcome.warnings)
            to = next((outcome.to for outcome in made if outcome.to is not None), None)
            # Half of an emoji, which only a literal text can hold, becomes the escape that it is in JSON.
            texts = [line.encode("utf-8", "backslashreplace") for line in jsonl(payloads)]
            batch.add(to.digest if to else None, record.locate(None).start.line, texts)
        else:
            batch.rows += 1


def _all(ways: Sequence[Way | None]) -> tuple[Way, ...]:
    """The fast ways of all specs, none where one of them has none."""
    known = tuple(way for way in ways if way is not None)
    return known if len(known) == len(ways) else ()


def _made(
    ways: Sequence[Callable[[Given, int, int], Line]], given: Given, index: int, line: int, batch: "_Batch"
) -> bool:
    """Whether all specs have made their lines of a row; they are in the batch then."""
    texts = []
    to = ""
    for way in ways:
        made = way(given, index, line)
        if made is None:
            return False
        to, text = made
        texts.append(text)
    batch.add(to, line, texts)
    return True


class _Batch:
    """What is gathered while a chunk is made."""

    def __init__(self, kept: int | None, units: UnitNames | None) -> None:
        self.rows = 0
        self.bad_rows = 0
        self.columns: dict[str, None] = {}
        self.warnings = Tally()
        self._kept = kept
        self._units = units
        self._texts: list[bytes] = []
        self._keys: list[int] = []
        self._lines: list[int] = []
        self._bad: list[Bad] = []
        self._mistakes = Mistakes()

    def add(self, digest: str | None, line: int, texts: list[bytes]) -> None:
        """The lines of a row, and its recipient."""
        self.rows += 1
        self._texts += texts
        if self._units is not None:
            self._units.add_texts(texts, line)
        if digest is not None:
            self._keys.append(key(digest))
            self._lines.append(line)

    def add_bad(self, bad: Bad, file: str, line: int) -> None:
        """A row with mistakes, which is counted as a row elsewhere, and where it stands."""
        self.bad_rows += 1
        self._mistakes.add((diagnostic for row in bad.by_spec for diagnostic in row.diagnostics), file, line)
        if self._kept is None or len(self._bad) < self._kept:
            self._bad.append(bad)

    def made(self, *, stopped: bool, plans: Sequence[Plan]) -> Made:
        """The whole."""
        return Made(
            text=b"".join(self._texts),
            rows=self.rows,
            payloads=len(self._texts),
            keys=array("Q", self._keys).tobytes(),
            lines=array("Q", self._lines).tobytes(),
            bad=tuple(self._bad),
            bad_rows=self.bad_rows,
            mistakes=self._mistakes.items(),
            warnings=self.warnings.items(),
            units=self._units.items() if self._units is not None else (),
            stopped=stopped,
            columns=tuple(self.columns),
            notes=tuple(tuple(plan.notes) for plan in plans),
        )


class MadeTotal:
    """What the chunks of a table became, added up: the same as if they were one chunk."""

    def __init__(self, kept: int | None) -> None:
        """`kept`: rows with mistakes to hand on, None for all."""
        self._kept = kept
        self._rows = self._payloads = self._bad_rows = 0
        self._keys: list[bytes] = []
        self._lines: list[bytes] = []
        self._bad: list[Bad] = []
        self._mistakes = Mistakes()
        self._warnings = Tally()
        self._units = UnitNames()
        self._columns: dict[str, None] = {}

    def add(self, made: Made) -> None:
        """Add a chunk, whose lines have been written."""
        self._rows += made.rows
        self._payloads += made.payloads
        self._bad_rows += made.bad_rows
        self._keys.append(made.keys)
        self._lines.append(made.lines)
        self._bad += made.bad if self._kept is None else made.bad[: self._kept - len(self._bad)]
        self._mistakes.merge(made.mistakes)
        self._warnings.merge(made.warnings)
        for name, line in made.units:
            self._units.add(name, line)
        self._columns.update(dict.fromkeys(made.columns[: _MOST_COLUMNS - len(self._columns)]))

    def made(self, plans: Sequence[Plan]) -> Made:
        """The whole, without the lines."""
        return Made(
            text=b"",
            rows=self._rows,
            payloads=self._payloads,
            keys=b"".join(self._keys),
            lines=b"".join(self._lines),
            bad=tuple(self._bad),
            bad_rows=self._bad_rows,
            mistakes=self._mistakes.items(),
            warnings=self._warnings.items(),
            units=self._units.items(),
            stopped=False,
            columns=tuple(self._columns),
            notes=tuple(tuple(plan.notes) for plan in plans),
        )


def lacking(plans: Sequence[Plan], table: Table) -> list[Diagnostic]:
    """The columns that specs need and a table that names its columns lacks."""
    columns = table.columns
    if columns is None:
        return []
    where = table.locate(None)
    return [diagnostic for plan in plans for diagnostic in plan.lacking(columns, table.file, where)]


def numbers(packed: bytes) -> Sequence[int]:
    """The keys or lines of a Made."""
    return memoryview(packed).cast("Q")


def whole(chunks: Iterator[AnyChunk]) -> Iterator[AnyChunk]:
    """Chunks without those that hold blank lines only."""
    return (chunk for chunk in chunks if chunk.records)
