"""Tables of recipients as files: what they are, how they are written, and the text of them, as a stream."""

import codecs
import io
import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import IO, NamedTuple, cast

from pnpc.compile.tables.chunks import BadTable, lines
from pnpc.compile.tables.delimiters import DELIMITERS
from pnpc.compile.tables.naming import renamed, require
from pnpc.compile.tables.recipients import Table, read_csv, read_jsonl
from pnpc.project import remote
from pnpc.project.files import CouldNotRead, shown
from pnpc.project.streams import SUFFIXES, open_in, stem
from pnpc.text.encodings import ENCODINGS, MARK, Detection, detect, guess_in_words
from pnpc.text.wording import NameList, Said, says

FORMATS = ("csv", "jsonl", "parquet")

_BY_SUFFIX = {".csv": "csv", ".tsv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet"}
_WORKBOOKS = (".xlsx", ".xls", ".xlsm", ".ods", ".numbers")
_NAMES = {"csv": "CSV", "jsonl": "JSON Lines", "parquet": "Parquet"}
_BLOCK = 1 << 17  # bytes read at a time; by the first the encoding is judged


class AskedTable(NamedTuple):
    """A table that is asked for: a file's name (`-`: standard input), its format, encoding and delimiter (a name of
    DELIMITERS) if people say them, what its columns are called here (see `pnpc.compile.tables.naming`), the row of its
    first record, which in a part of a larger table is not 0, and the path under which another machine finds the file."""

    name: str
    format: str | None = None
    encoding: str | None = None
    names: Mapping[str, str] = {}
    delimiter: str | None = None
    first: int = 0
    path: str = ""

    @property
    def place(self) -> str:
        """Where the file is found."""
        return self.path or self.name


@contextmanager
def open_table(asked: AskedTable, wanted: Collection[str], *, every: bool) -> Iterator[tuple[Table, list[str]]]:
    """A table, open while it is read, and notes for people. Of Parquet only the columns `wanted` are read, or
    `every` one.

    Raises CouldNotRead, and BadTable for a table that can't be read or has not the columns that are mapped.
    """
    suffix = _suffix(asked.name)
    kind = asked.format or _BY_SUFFIX.get(suffix)
    if suffix in _WORKBOOKS and kind is None:
        raise CouldNotRead(
            f"{shown(asked.name)} is a workbook of a spreadsheet; save the sheet as CSV (UTF-8) and give that"
        )
    if kind is None:
        what = "standard input" if asked.name == "-" else shown(asked.name)
        raise CouldNotRead(f"cannot tell the format of {what}; add --recipients-format {'|'.join(FORMATS)}")
    if asked.delimiter is not None and kind != "csv":
        raise CouldNotRead(f"--delimiter is for CSV, and {shown(asked.name)} is {_NAMES[kind]}: leave it out")
    if kind == "parquet":
        from pnpc.compile.tables.parquet import read_parquet  # few tables are Parquet

        with _parquet_file(asked) as file:
            with _opening(asked.place):
                table = read_parquet(file, shown(asked.name), wanted, asked.names, every=every, first=asked.first)
            require(table, asked.names)
            yield table, []
        return
    with open_in(asked.place) as file:
        first = file.read1(_BLOCK)  # a slow pipe is read as it comes
        encoding, notes = _encoding(asked, first)
        blocks = lines(cast("IO[str]", _Decoded(first, file, encoding.encoding)))
        if kind == "csv":
            delimiter = DELIMITERS[asked.delimiter or ("tab" if suffix == ".tsv" else "comma")]
            table = read_csv(blocks, shown(asked.name), asked.names, delimiter, notes.append, asked.first)
            require(table, asked.names)
        else:
            table = renamed(read_jsonl(blocks, shown(asked.name), asked.first), asked.names)
        yield table, notes


def is_table(name: str) -> bool:
    """Whether a file's name says that it is a table."""
    return _suffix(name) in _BY_SUFFIX


def rows_of(asked: AskedTable) -> int:
    """How many rows a table has: by the footer of Parquet, else by going through it. Raises what `open_table` does."""
    if (asked.format or _BY_SUFFIX.get(_suffix(asked.name))) == "parquet":
        from pnpc.compile.tables.parquet import rows_of_parquet  # few tables are Parquet

        with _parquet_file(asked) as file, _opening(asked.place):
            return rows_of_parquet(file)
    with open_table(asked._replace(names={}), (), every=False) as (table, _):
        return sum(chunk.records for chunk in table.chunks or ())


def _suffix(name: str) -> str:
    return os.path.splitext(stem(name))[1].lower()


@contextmanager
def _parquet_file(asked: AskedTable) -> Iterator[str | IO[bytes]]:
    """What Parquet is read from. Raises CouldNotRead."""
    if asked.name == "-":
        raise CouldNotRead("can't read Parquet from standard input: it is read from its end; name a file")
    if os.path.splitext(asked.name)[1].lower() in SUFFIXES:
        raise CouldNotRead(f"can't read {shown(asked.name)}: Parquet is compressed inside; unpack the file")
    if asked.encoding is not None:
        raise CouldNotRead(f"{shown(asked.name)} is Parquet, whose text is UTF-8: leave --encoding out")
    if not remote.is_url(asked.place):
        with (
            _opening(asked.place),
            open(asked.place, "rb"),
        ):  # the library's own words for a file that is not there are long
            pass
        yield asked.place
        return
    with remote.seekable(asked.place) as file:
        yield file


@contextmanager
def _opening(name: str) -> Iterator[None]:
    """What can be wrong while a Parquet file is opened as CouldNotRead."""
    from pnpc.compile.tables.parquet import NoParquet  # few tables are Parquet

    try:
        yield
    except NoParquet:
        raise CouldNotRead(f"can't read {shown(name)}: Parquet needs `pip install 'pnpc[parquet]'`") from None
    except OSError as error:
        raise CouldNotRead(f"can't read {shown(name)}: {(error.strerror or str(error)).lower()}") from None


def _encoding(asked: AskedTable, first: bytes) -> tuple[Detection, list[str]]:
    """How a table is written. Raises BadTable, which names what was found and the option to give."""
    guess = detect(first, asked.encoding, whole=False)
    if guess.fault:
        raise BadTable(says("the table {fault}; {way_out}", fault=guess.fault, way_out=_way_out(guess)), 1)
    if guess.marked and guess.encoding != "utf-8" and asked.encoding is None:
        return guess, [f"{shown(asked.name)} is {guess.encoding.upper()}, by its first bytes, and is read as that"]
    return guess, []


def _way_out(guess: Detection) -> Said:
    """What to do about a table in another encoding than the one it is read in."""
    if "utf-8" in guess.guesses:
        return says("leave --encoding out")
    if not guess.guesses:
        return says("save it as UTF-8")
    options = NameList([f"--encoding {name}" for name in guess.guesses], mark="")
    return says("it {looks}: give {options}, or save it as UTF-8", looks=guess_in_words(guess), options=options)


class _Decoded(io.TextIOBase):
    """The text of bytes that have been read and those that follow them, its line breaks as they are.

    Bytes that are not UTF-8 are kept as lone surrogates, so that each row is judged alone; of another encoding, which
    people have named, they are proof that it is not the right one.
    """

    def __init__(self, first: bytes, source: io.BufferedReader, encoding: str) -> None:
        self._first = first
        self._source = source
        self._name = encoding
        errors = "surrogateescape" if encoding == "utf-8" else "strict"
        self._decoder = codecs.getincrementaldecoder(ENCODINGS[encoding])(errors)
        self._lines = 0
        self._started = False

    def read(self, _size: int | None = -1, /) -> str:
        """The next text, about a block of it; empty at the end. Raises BadTable, CouldNotRead."""
        text = ""
        data = b"more"
        while data and not text:
            data, self._first = self._first or self._source.read1(_BLOCK), b""
            try:
                text = self._decoder.decode(data, final=not data)
            except UnicodeDecodeError as error:
                sound = error.object[: error.start].decode(ENCODINGS[self._name], "replace")
                message = says(
                    "byte 0x{byte:02x} is not {encoding}: is that the table's encoding?",
                    byte=error.object[error.start],
                    encoding=self._name,
                )
                raise BadTable(message, self._lines + sound.count("\n") + 1) from None
            if text and not self._started:
                self._started = True
                text = text.removeprefix(MARK)
                if text.startswith(MARK):
                    raise BadTable(
                        says("a second byte order mark (U+FEFF) at the start of the table"), 1, help=says("remove it")
                    )
        self._lines += text.count("\n")
        return text
