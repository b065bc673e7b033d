"""Bad rows for whoever corrects them: mistakes with place and reason, and the row's columns without the recipient's."""

import csv
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from io import StringIO
from typing import Any, NamedTuple

from pnpc.compile.plan import BadRow
from pnpc.compile.tables.naming import aside
from pnpc.compile.tables.phones import mask_phones
from pnpc.compile.tables.recipients import Record
from pnpc.compile.targets import TARGETS
from pnpc.text.finding import Diagnostic

REASONS = ("error_line", "error_column", "error_code", "error_message")
_PRIVATE = frozenset(name for target in TARGETS.values() for name in target.private)
_SECRET = _PRIVATE | {aside(name) for name in _PRIVATE}  # the columns that may hold a phone number
FILE = "error_file"  # stands before the others where there are several files


class BadEntry(NamedTuple):
    """A mistake of a row: where it is, what it is, and the row's values without what names the recipient. Plain values
    that can go to another process; no phone number is among them."""

    file: str
    line: int
    column: int
    code: str
    message: str
    row: Mapping[str, Any]


def entries(bad: BadRow, record: Record) -> Iterator[BadEntry]:
    """An entry for each mistake of a row."""
    row = {name: _clean(value) for name, value in record.values.items() if name not in _SECRET}
    own = record.locate(None).start
    for diagnostic in bad.diagnostics:
        places = [
            (diagnostic.file, diagnostic.range),
            *((related.file, related.range) for related in diagnostic.related),
        ]
        place = next((where.start for file, where in places if file == record.file), own)
        yield BadEntry(record.file, own.line, place.column, diagnostic.code, str(diagnostic.message), row)


class BadRows:
    """Makes the lines of a file of bad rows, CSV or JSONL.

    `columns` are the table's; None for one whose records name their own: in CSV these are JSON in a column `row`. With
    `files` each line names its file.
    """

    def __init__(self, columns: Collection[str] | None, *, jsonl: bool, files: bool = False) -> None:
        self._columns = None if columns is None else [name for name in columns if name not in _SECRET]
        self._jsonl = jsonl
        self._reasons = (FILE, *REASONS) if files else REASONS

    def header(self) -> str:
        """What stands above the rows: the names of a CSV's columns."""
        if self._jsonl:
            return ""
        return _csv([*self._reasons, *(["row"] if self._columns is None else map(mask_phones, self._columns))])

    def lines(self, entries: Iterable[BadEntry]) -> str:
        """A line for each entry."""
        text = "".join(map(self._line, entries))
        # A byte that is not UTF-8, or half of an emoji, may be what is wrong with the row: it is shown as an escape.
        return text.encode("utf-8", "backslashreplace").decode()

    def of_table(self, mistake: Diagnostic) -> str:
        """A line for what is wrong with the table itself."""
        start = mistake.range.start
        entry = BadEntry(mistake.file, start.line, start.column, mistake.code, str(mistake.message), {})
        if self._jsonl:
            return _json(self._why(entry)) + "\n"
        return _csv([*self._why(entry).values(), *([""] * (1 if self._columns is None else len(self._columns)))])

    def _why(self, entry: BadEntry) -> dict[str, Any]:
        return dict(zip(self._reasons, entry[-1 - len(self._reasons) : -1], strict=True))

    def _line(self, entry: BadEntry) -> str:
        why = self._why(entry)
        if self._jsonl:
            return _json({**why, "row": _masked(entry.row)}) + "\n"
        if self._columns is None:
            return _csv([*why.values(), _json(_masked(entry.row))])
        return _csv([*why.values(), *(_text(entry.row.get(name)) for name in self._columns)])


def _masked(row: Mapping[str, Any]) -> dict[str, Any]:
    return {mask_phones(name): value for name, value in row.items()}


def _csv(fields: Collection[object]) -> str:
    line = StringIO()
    csv.writer(line, lineterminator="\n").writerow(fields)
    return line.getvalue()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _clean(value: object) -> object:
    """A value without anything that could be a phone number; it keeps its type where there is nothing to mask."""
    text = _json(value)
    masked = mask_phones(text)
    return value if masked == text else mask_phones(value) if isinstance(value, str) else masked


def _text(value: object) -> str:
    return "" if value is None else value if isinstance(value, str) else _json(value)
