"""Tables of recipients, CSV and JSONL: read in chunks of whole records, in constant memory, each field with its place.

A record's line is the line of the file on which it starts. A CSV field's column is the character at which the field
starts in its line (an opening quote included); a JSONL field's, the character at which its key first stands.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import chain, islice
from re import MULTILINE, escape
from re import compile as regex
from typing import Any, Literal, NamedTuple

from pnpc.compile.tables import delimiters
from pnpc.compile.tables.chunks import (  # fmt: skip
    BLANKS,
    BadTable,
    Chunk,
    cut,
    lines,
    raw_rows,
    spans,
    undecoded,
    whole_objects,
    whole_rows,
)
from pnpc.compile.tables.columns import ColumnChunk
from pnpc.compile.tables.phones import scrub
from pnpc.compile.tables.places import at_field, at_line, key_locator, locator
from pnpc.compile.tables.values import NotAValue, read_json
from pnpc.text.finding import Range
from pnpc.text.wording import Said, says

__all__ = ["BadTable", "Chunk", "Record", "RecordFault", "Table", "limited", "lines", "read_csv", "read_jsonl"]

_UNDECODED = regex("[\udc80-\udcff]")  # what Python's `surrogateescape` makes of bytes that are not UTF-8

Written = Literal["text", "json", "yaml"]


class RecordFault(NamedTuple):
    """A record that can't be read, and where."""

    message: Said
    range: Range


class Record(NamedTuple):
    """One recipient's data: `values` by column, `written` as CSV text, JSON values or YAML nodes.

    `row` counts every data row from 0, unreadable ones too, so that a row keeps its id when another is corrected; in a part
    of a larger table it counts the rows of the parts before as well.
    `locate` gives a column's place in `file`, and the record's own for None or a column that it has not.
    """

    file: str
    row: int
    values: Mapping[str, Any]
    written: Written
    locate: Callable[[str | None], Range]
    fault: RecordFault | None = None
    needs_recipient: bool = True


class RecordChunk(NamedTuple):
    """Some records that were read one by one: `held`, of which `row` is the number of the first; `records` are how many."""

    held: tuple[Record, ...]
    row: int
    records: int


AnyChunk = Chunk | ColumnChunk | RecordChunk
_HELD = 1_024  # records of such a chunk


class Table(NamedTuple):
    """A table: its columns as the header names them, and its records.

    `columns` is None for JSONL, whose records name their own; `locate` finds a column in the header. `chunks` are the
    same records still as text, for who reads them in many processes or faster than record by record, and `parse` reads
    one. Either `records` or `chunks` can be read, once; a table that is not read from text has no chunks. `delimiter`
    stands between the fields of CSV.
    """

    file: str
    columns: tuple[str, ...] | None
    locate: Callable[[str | None], Range]
    records: Iterator[Record]
    chunks: Iterator[AnyChunk] | None = None
    parse: Callable[[AnyChunk], Iterator[Record]] | None = None
    delimiter: str = ","


def limited(table: Table, most: int) -> Table:
    """A table of at most `most` records: the first ones."""
    if table.chunks is None or table.parse is None:
        return table._replace(records=islice(table.records, most))
    chunks = _first(table.chunks, table.parse, most)
    return of_chunks(table.file, table.columns, table.locate, chunks, table.parse, table.delimiter)


def in_chunks(table: Table) -> Table:
    """A table that has chunks: its own, or its records in bundles."""
    return table if table.chunks is not None else table._replace(chunks=_bundles(table.records), parse=_held)


def _bundles(records: Iterator[Record]) -> Iterator[RecordChunk]:
    while held := tuple(islice(records, _HELD)):
        yield RecordChunk(held, held[0].row, len(held))


def _held(chunk: AnyChunk) -> Iterator[Record]:
    assert isinstance(chunk, RecordChunk)
    return iter(chunk.held)


def read_jsonl(blocks: Iterable[str], file: str, first: int = 0) -> Table:
    """A JSONL table from its lines: one object a line; blank lines are passed over. `first` is the row of its first record."""
    return of_chunks(file, None, lambda _: at_line(1), cut(blocks, whole_objects, first), partial(_objects, file=file))


def read_csv(
    blocks: Iterable[str],
    file: str,
    names: Mapping[str, str] | None = None,
    delimiter: str = ",",
    tell: Callable[[str], None] = lambda _: None,
    first: int = 0,
) -> Table:
    """A CSV table (RFC 4180) from its lines: a row of column names, then data; blank lines and rows of empty fields are
    passed over, which `tell` reports when the table has been read.

    `names` maps columns of the table to what they are called here; `first` is the row of its first record. Raises BadTable
    for an invalid header, or one whose fields are plainly separated by something else: here, before the first record. An
    empty text is a table without columns.
    """
    # The header counts as a record, but is not one.
    chunks = cut(blocks, partial(whole_rows, delimiter=delimiter), first - 1)
    start = next((chunk for chunk in chunks if chunk.records), None)
    if start is None:
        return Table(file, None, lambda _: at_line(1), iter(()))
    header = next(_raw_rows(start, delimiter))
    delimiters.refuse_other(header.text, header.line, delimiter)
    columns = _columns(header, names or {}, delimiter)
    locate = locator(header.text, header.line, columns, delimiter)
    after = header.line - start.line + header.lines
    data = Chunk("".join(start.lines[after:]), start.line + after, first, start.records - 1)
    parse = partial(_rows, columns=columns, file=file, delimiter=delimiter)
    chunks = _telling(chain([data], chunks), file, delimiter, tell)
    return of_chunks(file, columns, locate, chunks, parse, delimiter)


def _telling(chunks: Iterator[Chunk], file: str, delimiter: str, tell: Callable[[str], None]) -> Iterator[Chunk]:
    """The chunks; after the last one `tell` reports the rows of delimiters alone, which spreadsheets leave behind."""
    empty = regex(rf"^{escape(delimiter)}+$", MULTILINE)
    count, first = 0, 0
    for chunk in chunks:
        if chunk.text.startswith(delimiter) or f"\n{delimiter}" in chunk.text:
            for row in empty.finditer(chunk.text.replace("\r\n", "\n")):
                count += 1
                first = first or chunk.line + row.string.count("\n", 0, row.start())
        yield chunk
    if count:
        rows, have = ("row", "has") if count == 1 else ("rows", "have")
        tell(
            f"{count:,} {rows} of {file} {have} no value at all and {'was' if count == 1 else 'were'} skipped (first: line {first:,})"
        )


def of_chunks(
    file: str,
    columns: tuple[str, ...] | None,
    locate: Callable[[str | None], Range],
    chunks: Iterator[AnyChunk],
    parse: Callable[[AnyChunk], Iterator[Record]],
    delimiter: str = ",",
) -> Table:
    """A table from its chunks."""
    return Table(file, columns, locate, chain.from_iterable(map(parse, chunks)), chunks, parse, delimiter)


def _first(chunks: Iterator[AnyChunk], parse: Callable[[AnyChunk], Iterator[Record]], most: int) -> Iterator[AnyChunk]:
    wanted = most
    for chunk in chunks:
        if wanted < chunk.records:
            if isinstance(chunk, ColumnChunk):
                yield chunk.first(wanted)
                return
            assert isinstance(chunk, Chunk)
            after = next(islice(parse(chunk), wanted, None)).locate(None).start.line
            yield chunk._replace(text="".join(chunk.lines[: after - chunk.line]), records=wanted)
            return
        yield chunk
        wanted -= chunk.records
        if not wanted:
            return


class _Raw(NamedTuple):
    """A CSV record: its fields, or why there are none; its text, the line on which it starts, and how many it has."""

    fields: list[str]
    fault: Said | None
    text: str
    line: int
    lines: int


def _raw_rows(chunk: Chunk, delimiter: str) -> Iterator[_Raw]:
    broken = undecoded(chunk)
    every = chunk.lines
    for fields, fault, start, end in raw_rows(every, delimiter):
        text = "".join(every[start:end])
        if broken and fault is None and (wrong := _UNDECODED.search(text)):
            fault = says("byte 0x{byte:02x} is not UTF-8: save the table as UTF-8", byte=ord(wrong[0]) - 0xDC00)
        yield _Raw(fields, fault, text, chunk.line + start, end - start)


def _columns(header: _Raw, names: Mapping[str, str], delimiter: str) -> tuple[str, ...]:
    if header.fault is not None:
        raise BadTable(header.fault, header.line)
    columns = tuple(names.get(name.strip(), name.strip()) for name in header.fields)
    seen: set[str] = set()
    for index, name in enumerate(columns):
        if not name:
            message = says("a column without a name: the first row must hold the names of the columns")
            raise BadTable(message, *at_field(header.text, header.line, index, delimiter).start)
        if name in seen:
            where = at_field(header.text, header.line, index, delimiter).start
            raise BadTable(says("two columns are named `{name}`", name=scrub(name)), *where)
        seen.add(name)
    return columns


def _rows(chunk: AnyChunk, columns: tuple[str, ...], file: str, delimiter: str) -> Iterator[Record]:
    assert isinstance(chunk, Chunk)
    for index, raw in enumerate(_raw_rows(chunk, delimiter), chunk.row):
        locate = locator(raw.text, raw.line, columns, delimiter)
        message = raw.fault
        if message is None and len(raw.fields) != len(columns):
            message = _wrong_number(raw, len(columns), delimiter)
        fault = RecordFault(message, locate(None)) if message else None
        yield Record(file, index, dict(zip(columns, raw.fields, strict=False)), "text", locate, fault)


def _wrong_number(raw: _Raw, wanted: int, delimiter: str) -> Said:
    """What is said of a record with another number of fields than the header has."""
    count = len(raw.fields)
    fields = says("1 field") if count == 1 else says("{count} fields", count=count)
    cause = spans(raw.lines) or delimiters.cause(raw.text, count - wanted, delimiter)
    return says("{fields}, but the header has {columns}{cause}", fields=fields, columns=wanted, cause=cause)


def _objects(chunk: AnyChunk, file: str) -> Iterator[Record]:
    assert isinstance(chunk, Chunk)
    index = chunk.row
    for number, line in enumerate(chunk.lines, chunk.line):
        text = line.strip(BLANKS)
        if not text:
            continue
        values, message = _object(text)
        fault = RecordFault(message, at_line(number)) if message else None
        yield Record(file, index, values, "json", key_locator(line, number), fault)
        index += 1


def _object(text: str) -> tuple[dict[str, Any], Said | None]:
    if wrong := _UNDECODED.search(text):
        return {}, says("byte 0x{byte:02x} is not UTF-8", byte=ord(wrong[0]) - 0xDC00)
    try:
        values = read_json(text)
    except NotAValue as error:
        return {}, error.message
    if not isinstance(values, dict):
        return {}, says("each line must be an object: {{…}}")
    return values, None
