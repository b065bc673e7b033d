"""A table's text in chunks: lines read many at a time, and cut where a record ends, so that each can be read alone."""

import csv
from collections.abc import Callable, Iterable, Iterator
from io import StringIO
from typing import IO, NamedTuple

from pnpc.text.finding import Range
from pnpc.text.source import Position

MAX_LINE = 4_000_000  # characters; LINE takes bodies of 2 MB
MAX_RECORD_LINES = 10_000
BLANKS = "\r\n\t "  # around an object of JSONL

_BLOCK = 1 << 17  # characters read at a time: a few thousand records
_BLANK_LINES = ("\n", "\r\n", "\r")
_UNCLOSED = "a quote is never closed"


class Chunk(NamedTuple):
    """Whole records as the file has them: lines with their breaks, the first line's number, the first record's `row`,
    and how many `records` they are (blank lines are none)."""

    lines: list[str]
    line: int
    row: int
    records: int


class BadTable(Exception):
    """A table that can't be read on: what is wrong, and where."""

    def __init__(self, message: str, line: int, column: int = 1, help: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.range = Range(Position(line, column), Position(line, column))
        self.help = help


def lines(stream: IO[str]) -> Iterator[list[str]]:
    """A stream's lines with their breaks, untranslated, many at a time. Raises BadTable for one longer than MAX_LINE."""
    number = 1
    rest = ""
    while text := stream.read(_BLOCK):
        found = StringIO(rest + text, newline="").readlines()
        rest = "" if found[-1].endswith("\n") else found.pop()  # a CR may be half of a CRLF
        if len(rest) > MAX_LINE or (found and len(found[0]) > MAX_LINE):
            raise BadTable(f"a line of more than {MAX_LINE:,} characters", number if found[:1] else number + len(found))
        number += len(found)
        if found:
            yield found
    if rest:
        yield [rest]


def raw_rows(chunk: Chunk) -> Iterator[tuple[list[str], str | None, int, int]]:
    """The rows of a chunk of CSV: the fields, or why there are none, and the lines of the chunk from one to before
    another. A broken row ends where the csv module gives it up."""
    reader = csv.reader(chunk.lines, strict=True)
    start = 0
    while True:
        try:
            for fields in reader:
                end = reader.line_num
                if fields:
                    yield fields, None, start, end
                start = end
            return
        except csv.Error as error:
            end = reader.line_num
            yield [], _explain(str(error)), start, end
            start = end


def undecoded(chunk: Chunk) -> bool:
    """Whether bytes of a chunk could not be decoded; if so, some of its rows have a fault that their fields do not show."""
    try:
        "".join(chunk.lines).encode()
    except UnicodeEncodeError:
        return True
    return False


def cut(blocks: Iterable[list[str]], whole: Callable[[list[str]], tuple[int, int]], row: int) -> Iterator[Chunk]:
    """Blocks of lines as chunks of records; `whole` tells how many lines of a text are whole records, and how many."""
    line = 1
    unfinished: list[str] = []
    for block in blocks:
        text = unfinished + block if unfinished else block
        taken, count = whole(text)
        unfinished = text[taken:]
        if taken:
            yield Chunk(text[:taken], line, row, count)
        line, row = line + taken, row + count
        if len(unfinished) > MAX_RECORD_LINES:
            raise BadTable(f"a record of more than {MAX_RECORD_LINES:,} lines: is a quote never closed?", line)
    if unfinished:
        yield Chunk(unfinished, line, row, 1)


def whole_rows(text: list[str]) -> tuple[int, int]:
    """How many lines of a text are whole rows of CSV, and how many rows.

    Without a quote each line is a row; else the csv module finds where rows end.
    """
    if '"' not in "".join(text):
        return len(text), len(text) - sum(map(text.count, _BLANK_LINES))
    count = 0
    for _, fault, start, end in raw_rows(Chunk(text, 1, 0, 0)):
        if end - start > MAX_RECORD_LINES or (end == len(text) and fault == _UNCLOSED):
            return start, count
        count += 1
    return len(text), count


def all_objects(text: list[str]) -> tuple[int, int]:
    """How many lines of a text are whole lines of JSONL, which is all of them, and how many objects."""
    return len(text), sum(1 for line in text if line.strip(BLANKS))


def _explain(error: str) -> str:
    if "unexpected end" in error:
        return _UNCLOSED
    if "expected after" in error:
        return "text after a closing quote; a quote inside quotes is written twice"
    if "field limit" in error:
        return f"a field of more than {csv.field_size_limit():,} characters: is a quote never closed?"
    return f"not CSV: {error}"
