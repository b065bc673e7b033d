"""Tables of recipients in Parquet, batch by batch in constant memory. The one door to pyarrow, the extra `parquet`.

A record's place is its row, from 1, and the number of the column. Values are typed: dates and times become ISO text,
decimals numbers, null and NaN no value.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import IO, Any

from pnpc.compile.tables.chunks import BadTable
from pnpc.compile.tables.columns import FIELD, ROW, UNSURE, Column, ColumnChunk, Kind, number
from pnpc.compile.tables.phones import scrub
from pnpc.compile.tables.recipients import AnyChunk, Record, RecordFault, Table, of_chunks
from pnpc.compile.tables.values import NotAValue, OutOfPython, plain
from pnpc.text.finding import Range
from pnpc.text.source import Position
from pnpc.text.wording import Said, as_written, says

_BATCH = 4_096  # rows
_BUFFER = 65_536  # bytes read at a time of each column
# Of a value that Arrow has and Python has not: a date after the year 9999, a time in nanoseconds, text that is not UTF-8.
_NOT_OURS = (ValueError, OverflowError)


class NoParquet(Exception):
    """pyarrow is not installed."""


def read_parquet(
    path: str | IO[bytes],
    file: str,
    wanted: Collection[str],
    names: Mapping[str, str] | None = None,
    *,
    every: bool = False,
    first: int = 0,
) -> Table:
    """A table from a Parquet file (its path, or what it is read from), which is read while the records are taken.

    Only the columns `wanted` are read, or `every` one; `names` maps some to what they are called here. `file` is what
    diagnostics call the table, `first` the row of its first record. Raises NoParquet, OSError, and BadTable for a file that is not Parquet.
    """
    source = _opened(path)
    # The door to the library is `_opened`.
    from pyarrow import ArrowException

    written = source.schema_arrow.names
    columns = tuple((names or {}).get(name, name) for name in written)
    for name in columns:
        if columns.count(name) > 1:
            raise BadTable(says("the column `{name}` occurs twice", name=scrub(name)), 1)
    places = {name: at for at, name in enumerate(columns) if every or name in wanted}

    def chunks() -> Iterator[ColumnChunk]:
        line = 1
        with source:
            try:
                for batch in source.iter_batches(_BATCH, columns=[written[at] for at in places.values()]):
                    read = [batch.column(written[at]) for at in places.values()]
                    yield _chunk(tuple(places), first + line - 1, line, batch.num_rows, read)
                    line += batch.num_rows
            except (ArrowException, OSError) as error:
                message = says("can't read the rest of the Parquet file: {problem}", problem=_first_line(error))
                raise BadTable(message, 1) from None

    def parse(chunk: AnyChunk) -> Iterator[Record]:
        assert isinstance(chunk, ColumnChunk)
        return _records(chunk, columns, wanted, file)

    return of_chunks(file, columns, _locator(1, columns), chunks(), parse)


def rows_of_parquet(path: str | IO[bytes]) -> int:
    """How many rows a Parquet file has, by its footer. Raises NoParquet, OSError, BadTable."""
    with _opened(path) as source:
        rows: int = source.metadata.num_rows
    return rows


def _opened(path: str | IO[bytes]) -> Any:
    try:
        from pyarrow import ArrowException  # an extra that may be missing
        from pyarrow.parquet import ParquetFile
    except ImportError:
        raise NoParquet from None

    try:
        return ParquetFile(path, buffer_size=_BUFFER, pre_buffer=False)
    except ArrowException as error:
        raise BadTable(says("not a Parquet file: {problem}", problem=_first_line(error)), 1) from None


def _records(chunk: ColumnChunk, columns: tuple[str, ...], wanted: Collection[str], file: str) -> Iterator[Record]:
    for index, raw in enumerate(chunk.rows()):
        locate = _locator(chunk.line + index, columns)
        values: dict[str, Any] = {}
        fault = None
        for name, value in raw.items():
            try:
                values[name] = plain(value)
            except NotAValue as error:
                if name not in wanted:
                    continue
                message = says("`{name}` {fault}", name=scrub(name), fault=error.message)
                fault = fault or RecordFault(message, locate(name))
        yield Record(file, chunk.row + index, values, "json", locate, fault)


# --- a batch as text ---


def _chunk(names: tuple[str, ...], row: int, line: int, records: int, read: list[Any]) -> ColumnChunk:
    """A batch of rows. The text is made by the library, for all rows at once: row by row it would take longer than all else."""
    # The door to the library is `_opened`.
    from pyarrow import ArrowException

    columns = tuple(Column(name, _kind(values.type)) for name, values in zip(names, read, strict=True))
    try:
        text = _joined([_texts(values, column.kind) for values, column in zip(read, columns, strict=True)])
    except (ArrowException, *_NOT_OURS):
        text = None  # some value can't be written: the rows are read one by one
    return ColumnChunk(columns, row, line, records, text, lambda: [_values(values) for values in read])


def _joined(texts: list[Any]) -> str | None:
    """The rows of columns of texts as one text."""
    # See `_chunk`.
    import pyarrow
    from pyarrow import compute

    if not texts:
        return None
    large = pyarrow.large_string()
    rows = compute.binary_join_element_wise(*texts, pyarrow.scalar(FIELD, large))
    listed = pyarrow.ListArray.from_arrays(pyarrow.array([0, len(rows)], pyarrow.int32()), rows)
    joined: str = compute.binary_join(listed, pyarrow.scalar(ROW, large))[0].as_py()
    return joined


def _kind(type: Any) -> Kind:
    # See `_chunk`.
    from pyarrow import types

    if types.is_dictionary(type):
        return _kind(type.value_type)
    if types.is_null(type):
        return "none"
    if types.is_string(type) or types.is_large_string(type) or types.is_temporal(type):
        return "other" if types.is_duration(type) or types.is_interval(type) else "string"
    if types.is_boolean(type):
        return "boolean"
    if types.is_integer(type):
        return "integer"
    return "number" if types.is_floating(type) or types.is_decimal(type) else "other"


def _texts(values: Any, kind: Kind) -> Any:
    """A column as texts: no value is an empty one, as in CSV; what only the judge can read is UNSURE."""
    # See `_chunk`.
    import pyarrow
    from pyarrow import compute, types

    large = pyarrow.large_string()
    type = values.type.value_type if types.is_dictionary(values.type) else values.type
    if kind == "other" or kind == "number" or types.is_temporal(type):
        return pyarrow.array(map(_text, _values(values)), large)
    texts = values.cast(type).cast(large)
    if kind == "string":  # an empty text is a value here, and none in CSV
        texts = compute.if_else(compute.equal(texts, ""), UNSURE, texts)
    return compute.fill_null(texts, "")


def _text(value: Any) -> str:
    try:
        read = plain(value)
    except NotAValue:
        return UNSURE
    if read is None:
        return ""
    if isinstance(read, str):
        return read or UNSURE
    return number(read) if isinstance(read, int | float) else UNSURE


def _values(column: Any) -> list[Any]:
    """The values of a column of a batch: at once, or if one of them can't be read, each by itself."""
    try:
        values: list[Any] = column.to_pylist()
    except _NOT_OURS:
        values = [_value(value) for value in column]
    return values


def _value(scalar: Any) -> Any:
    try:
        return scalar.as_py()
    except _NOT_OURS:
        return OutOfPython(str(scalar.type))


def _locator(row: int, columns: tuple[str, ...]) -> Callable[[str | None], Range]:
    def locate(column: str | None) -> Range:
        place = Position(row, columns.index(column) + 1 if column in columns else 1)
        return Range(place, place)

    return locate


def _first_line(error: Exception) -> Said:
    return as_written(scrub(str(error).strip().split("\n", 1)[0].rstrip(".")))
