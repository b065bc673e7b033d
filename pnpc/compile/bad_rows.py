"""Bad rows for whoever corrects them: mistakes with place and reason, and the row's columns without the recipient's."""

import csv
import json
from collections.abc import Collection
from io import StringIO

from pnpc.compile.plan import BadRow
from pnpc.compile.tables.phones import mask_phones
from pnpc.compile.tables.recipients import Record
from pnpc.text.finding import Diagnostic

REASONS = ("error_line", "error_column", "error_code", "error_message")


class BadRows:
    """Makes the lines of a file of bad rows, CSV or JSONL.

    `columns` are the table's; None for one whose records name their own: in CSV these are JSON in a column `row`.
    `secret` are the columns that hold the recipient; a phone number elsewhere is masked.
    """

    def __init__(self, columns: Collection[str] | None, secret: Collection[str], *, jsonl: bool) -> None:
        self._columns = None if columns is None else [name for name in columns if name not in secret]
        self._secret = frozenset(secret)
        self._jsonl = jsonl

    def header(self) -> str:
        """What stands above the rows: the names of a CSV's columns."""
        if self._jsonl:
            return ""
        return _csv([*REASONS, *(["row"] if self._columns is None else map(mask_phones, self._columns))])

    def lines(self, bad: BadRow, record: Record) -> str:
        """A line for each mistake of a row."""
        text = "".join(self._line(diagnostic, record) for diagnostic in bad.diagnostics)
        # A byte that is not UTF-8, or half of an emoji, may be what is wrong with the row: it is shown as an escape.
        return text.encode("utf-8", "backslashreplace").decode()

    def of_table(self, mistake: Diagnostic) -> str:
        """A line for what is wrong with the table itself."""
        start = mistake.range.start
        reasons = (start.line, start.column, mistake.code, mistake.message)
        if self._jsonl:
            return _json(dict(zip(REASONS, reasons, strict=True))) + "\n"
        return _csv([*reasons, *([""] * (1 if self._columns is None else len(self._columns)))])

    def _line(self, diagnostic: Diagnostic, record: Record) -> str:
        places = [
            (diagnostic.file, diagnostic.range),
            *((related.file, related.range) for related in diagnostic.related),
        ]
        own = record.locate(None).start
        place = next((where.start for file, where in places if file == record.file), own)
        reasons = (own.line, place.column, diagnostic.code, diagnostic.message)
        values = {name: value for name, value in record.values.items() if name not in self._secret}
        if self._jsonl:
            reason = dict(zip(REASONS, reasons, strict=True))
            return _json({**reason, "row": {mask_phones(name): _clean(value) for name, value in values.items()}}) + "\n"
        if self._columns is None:
            return _csv([*reasons, _json({mask_phones(name): _clean(value) for name, value in values.items()})])
        return _csv([*reasons, *(_text(values.get(name)) for name in self._columns)])


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
    return "" if value is None else mask_phones(value) if isinstance(value, str) else mask_phones(_json(value))
