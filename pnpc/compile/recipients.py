"""Tables of recipients, CSV and JSONL: one record after the other, in constant memory, each field with its place.

A record's line is the line of the file on which it starts. A CSV field's column is the character at which the field
starts in its line (an opening quote included); a JSONL field's, the character at which its key first stands.
"""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from re import compile as regex
from typing import IO, Any, Literal, NamedTuple

from pnpc.compile.phones import scrub
from pnpc.compile.values import NotAValue, read_json
from pnpc.text.finding import Range
from pnpc.text.source import Position, Source

MAX_LINE = 4_000_000  # characters; LINE takes bodies of 2 MB
MAX_RECORD_LINES = 10_000

_FIELD = regex(r'"(?:[^"]|"")*"|[^,\r\n]*')
_UNDECODED = regex("[\udc80-\udcff]")  # what Python's `surrogateescape` makes of bytes that are no UTF-8

Written = Literal["text", "json", "yaml"]


class Fault(NamedTuple):
    """A record that can't be read, and where."""

    message: str
    range: Range


class Record(NamedTuple):
    """One recipient's data: `values` by column, `written` as CSV text, JSON values or YAML nodes.

    `row` counts every data row from 0, unreadable ones too, so that a row keeps its id when another is mended.
    `locate` gives a column's place in `file`, and the record's own for None or a column that it has not.
    """

    file: str
    row: int
    values: Mapping[str, Any]
    written: Written
    locate: Callable[[str | None], Range]
    fault: Fault | None = None
    needs_recipient: bool = True


class BadTable(Exception):
    """A table that can't be read on: what is wrong, and where."""

    def __init__(self, message: str, line: int, column: int = 1, help: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.range = _at(line, column)
        self.help = help


class Table(NamedTuple):
    """A table: its columns as the header names them, and its records.

    `columns` is None for JSONL, whose records name their own; `locate` finds a column in the header.
    """

    file: str
    columns: tuple[str, ...] | None
    locate: Callable[[str | None], Range]
    records: Iterator[Record]


def lines(stream: IO[str]) -> Iterator[str]:
    """A stream's lines with their breaks, untranslated. Raises BadTable for one longer than MAX_LINE."""
    number = 0
    while line := stream.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            raise BadTable(f"a line of more than {MAX_LINE:,} characters", number)
        yield line


def read_jsonl(rows: Iterable[str], file: str) -> Table:
    """A JSONL table from its lines: one object a line; blank lines are passed over."""
    return Table(file, None, lambda _: _at(1), _objects(rows, file))


def read_csv(rows: Iterable[str], file: str) -> Table:
    """A CSV table (RFC 4180) from its lines: a row of column names, then data; blank lines are passed over.

    Raises BadTable for a header that is none: here, before the first record. An empty text is a table without columns.
    """
    feed = _Feed(rows)
    reader = csv.reader(feed, strict=True)
    header = next((one for one in _raw_rows(reader, feed)), None)
    if header is None:
        return Table(file, None, lambda _: _at(1), iter(()))
    columns = _columns(header)
    locate = _locator(header.text, header.line, columns)
    return Table(file, columns, locate, _rows(_raw_rows(reader, feed), columns, file))


class _Raw(NamedTuple):
    """A CSV record: its fields, or why there are none; its text and the line on which it starts."""

    fields: list[str]
    fault: str | None
    text: str
    line: int


class _Feed:
    """Lines on their way to the csv module, which keeps neither the text of a record nor its columns."""

    def __init__(self, rows: Iterable[str]) -> None:
        self._rows = iter(rows)
        self._taken: list[str] = []
        self._number = 0

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        line = next(self._rows)
        self._taken.append(line)
        self._number += 1
        if len(self._taken) > MAX_RECORD_LINES:
            start = self._number - len(self._taken) + 1
            raise BadTable(f"a record of more than {MAX_RECORD_LINES:,} lines: is a quote never closed?", start)
        return line

    def take(self) -> tuple[str, int]:
        """The text of the record just read, and its first line; the next record starts after it."""
        text, line = "".join(self._taken), self._number - len(self._taken) + 1
        self._taken = []
        return text, line


def _raw_rows(reader: Any, feed: _Feed) -> Iterator[_Raw]:
    while True:
        fields: list[str] = []
        fault = None
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            fault = _explain(str(error))
        text, line = feed.take()
        if fault is None and not text.isascii() and (found := _UNDECODED.search(text)):
            fault = f"byte 0x{ord(found[0]) - 0xDC00:02x} is not UTF-8; save the table as UTF-8"
        if fields or fault:
            yield _Raw(fields, fault, text, line)


def _explain(error: str) -> str:
    if "unexpected end" in error:
        return "a quote is never closed"
    if "expected after" in error:
        return "text after a closing quote; a quote inside quotes is written twice"
    if "field limit" in error:
        return f"a field of more than {csv.field_size_limit():,} characters: is a quote never closed?"
    return f"not CSV: {error}"


def _columns(header: _Raw) -> tuple[str, ...]:
    if header.fault is not None:
        raise BadTable(header.fault, header.line)
    columns = tuple(name.strip() for name in header.fields)
    seen: set[str] = set()
    for index, name in enumerate(columns):
        if not name:
            message = "a column without a name: the first row must hold the names of the columns"
            raise BadTable(message, *_at_field(header.text, header.line, index).start)
        if name in seen:
            where = _at_field(header.text, header.line, index).start
            raise BadTable(f"the column `{scrub(name)}` stands twice", *where)
        seen.add(name)
    return columns


def _rows(raws: Iterator[_Raw], columns: tuple[str, ...], file: str) -> Iterator[Record]:
    for index, raw in enumerate(raws):
        locate = _locator(raw.text, raw.line, columns)
        message = raw.fault
        if message is None and len(raw.fields) != len(columns):
            message = f"{len(raw.fields)} fields, but the header has {len(columns)}"
        fault = Fault(message, locate(None)) if message else None
        yield Record(file, index, dict(zip(columns, raw.fields, strict=False)), "text", locate, fault)


def _locator(text: str, line: int, columns: tuple[str, ...]) -> Callable[[str | None], Range]:
    def locate(column: str | None) -> Range:
        return _at_field(text, line, columns.index(column)) if column in columns else _at(line)

    return locate


def _at_field(text: str, line: int, index: int) -> Range:
    """Where a record's field stands: read again with an eye on the columns, which is done for mistakes only."""
    at = 0
    for _ in range(index):
        found = _FIELD.match(text, at)
        at = min(found.end() + 1, len(text)) if found else at
    found = _FIELD.match(text, at)
    source = Source("", text)
    start, end = source.position(at), source.position(found.end() if found else at)
    return Range(Position(start.line + line - 1, start.column), Position(end.line + line - 1, end.column))


def _objects(rows: Iterable[str], file: str) -> Iterator[Record]:
    index = 0
    for number, line in enumerate(rows, 1):
        text = line.strip("\r\n\t ")
        if not text:
            continue
        values, message = _object(text)
        fault = Fault(message, _at(number)) if message else None
        yield Record(file, index, values, "json", _key_locator(line, number), fault)
        index += 1


def _object(text: str) -> tuple[dict[str, Any], str | None]:
    if found := _UNDECODED.search(text):
        return {}, f"byte 0x{ord(found[0]) - 0xDC00:02x} is not UTF-8"
    try:
        values = read_json(text)
    except NotAValue as error:
        return {}, error.message
    if not isinstance(values, dict):
        return {}, "each line must be an object: {…}"
    return values, None


def _key_locator(line: str, number: int) -> Callable[[str | None], Range]:
    def locate(column: str | None) -> Range:
        if column is None:
            return _at(number)
        return _at(number, max(0, line.find(json.dumps(column, ensure_ascii=False))) + 1)

    return locate


def _at(line: int, column: int = 1) -> Range:
    return Range(Position(line, column), Position(line, column))
