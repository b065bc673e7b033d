"""A table's text in chunks: lines read many at a time, and cut where a record ends, so that each can be read alone."""

import csv
from collections.abc import Callable, Iterable, Iterator
from io import StringIO
from typing import IO, NamedTuple

from pnpc.text.finding import Range
from pnpc.text.source import Position
from pnpc.text.wording import NOTHING, Said, as_written, says

MAX_LINE = 4_000_000  # characters; LINE takes bodies of 2 MB
# Lines of one record of CSV: no text of a message has more, so a quote that spans more was never meant to.
MAX_RECORD_LINES = 1_024
# Characters of blank lines between two records: a compressed file of some kilobytes can hold a gigabyte of them.
MAX_BLANK = 1_048_576
BLANKS = "\r\n\t "  # around an object of JSONL

_BLOCK = 1 << 17  # characters read at a time: a few thousand records
_UNCLOSED = says("a quote that opens in this row is never closed")


class Chunk(NamedTuple):
    """Whole records as the file has them: their text, the number of its first line, the `row` of its first record, and how
    many `records` they are (blank lines do not count)."""

    text: str
    line: int
    row: int
    records: int

    @property
    def lines(self) -> list[str]:
        """The lines with their breaks, split again at each call."""
        return split(self.text)


class Whole(NamedTuple):
    """The whole records at the beginning of a text: characters, lines, and how many they are."""

    length: int
    lines: int
    records: int


class BadTable(Exception):
    """A table that can't be read on: what is wrong, and where."""

    def __init__(self, message: Said, line: int, column: int = 1, help: Said | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.range = Range(Position(line, column), Position(line, column))
        self.help = help


def split(text: str) -> list[str]:
    """A text's lines with their breaks: LF, CRLF or CR."""
    return StringIO(text, newline="").readlines()


def lines(stream: IO[str]) -> Iterator[str]:
    """A stream's text, untranslated, many whole lines at a time. Raises BadTable for a line longer than MAX_LINE."""
    number = 1
    rest = ""
    while more := stream.read(_BLOCK):
        text = rest + more
        # A CR at the end may be half of a CRLF.
        end = text.rfind("\n") + 1 or text.rfind("\r", 0, len(text) - 1) + 1
        whole, rest = text[:end], text[end:]
        if len(rest) > MAX_LINE or (len(text) > MAX_LINE and len(split(text)[0]) > MAX_LINE):
            message = says("a line of more than {limit:,} characters", limit=MAX_LINE)
            raise BadTable(message, number + len(split(whole)) * (len(rest) > MAX_LINE))
        number += _count(whole)
        if whole:
            yield whole
    if rest:
        yield rest


def _count(text: str) -> int:
    """How many lines."""
    if "\r" in text:
        return len(split(text))
    return text.count("\n") + (text[-1:] not in ("", "\n"))


def raw_rows(text: list[str], delimiter: str = ",") -> Iterator[tuple[list[str], Said | None, int, int]]:
    """The rows of CSV from its lines: the fields, or why there are none, and the lines from one to before another.

    A row whose fields are all empty does not count: spreadsheets write `,,,,` for rows that they once had.
    A broken row ends where the csv module gives it up.
    """
    reader = csv.reader(text, strict=True, delimiter=delimiter)
    start = 0
    while True:
        try:
            for fields in reader:
                end = reader.line_num
                if any(fields):
                    yield fields, None, start, end
                start = end
            return
        except csv.Error as error:
            end = reader.line_num
            yield [], _explain(str(error), end - start), start, end
            start = end


def undecoded(chunk: Chunk) -> bool:
    """Whether bytes of a chunk could not be decoded; if so, some of its rows have a fault that their fields do not show."""
    try:
        chunk.text.encode()
    except UnicodeEncodeError:
        return True
    return False


def cut(blocks: Iterable[str], whole: Callable[[str], Whole], row: int) -> Iterator[Chunk]:
    """Texts of whole lines as chunks of whole records, as `whole` finds them in the beginning of a text."""
    line = 1
    unfinished = ""
    blank = 0
    for block in blocks:
        text = unfinished + block
        records = whole(text)
        blank = 0 if records.records else blank + records.length
        if blank > MAX_BLANK:
            raise BadTable(
                says("more than {limit:,} characters of blank lines before the next row", limit=MAX_BLANK), line
            )
        unfinished = text[records.length :]
        if records.length:
            yield Chunk(text[: records.length], line, row, records.records)
        line, row = line + records.lines, row + records.records
        if unfinished and _count(unfinished) > MAX_RECORD_LINES:
            message = says(
                "{fault}: the row would have more than {limit:,} lines", fault=_UNCLOSED, limit=MAX_RECORD_LINES
            )
            raise BadTable(message, line)
    if unfinished:
        yield Chunk(unfinished, line, row, 1)


def whole_rows(text: str, delimiter: str = ",") -> Whole:
    """Rows of CSV: without a quote each line is one; else the csv module finds where rows end."""
    if '"' not in text:
        return _whole_lines(text, "\r\n" + delimiter)
    every = split(text)
    records = 0
    for _, fault, start, end in raw_rows(every, delimiter):
        if end - start > MAX_RECORD_LINES or (
            end == len(every) and fault is not None and _UNCLOSED in fault.values.values()
        ):
            return Whole(sum(map(len, every[:start])), start, records)
        records += 1
    return Whole(len(text), len(every), records)


def whole_objects(text: str) -> Whole:
    """Lines of JSONL."""
    return _whole_lines(text, BLANKS)


def _whole_lines(text: str, blanks: str) -> Whole:
    """A text whose every line is a record, but those of `blanks` only, before which there is a break or nothing."""
    count = _count(text)
    if text[0] not in blanks and not any(
        end + blank in text for end in "\r\n" for blank in blanks if end + blank != "\r\n"
    ):
        return Whole(len(text), count, count)
    return Whole(len(text), count, sum(1 for line in split(text) if line.strip(blanks)))


def _explain(error: str, lines: int) -> Said:
    """Our words for what the csv module says of a broken row of `lines` lines."""
    if "unexpected end" in error:
        over = says("; it takes in {lines:,} lines", lines=lines) if lines > 1 else NOTHING
        return says(
            "{fault}{over}: close it, or write a quote that belongs to the value twice", fault=_UNCLOSED, over=over
        )
    if "expected after" in error:
        return says("text after a closing quote{spans}; a quote inside quotes is written twice", spans=spans(lines))
    if "field limit" in error:
        return says("a field of more than {limit:,} characters: is a quote never closed?", limit=csv.field_size_limit())
    return says("not CSV: {problem}", problem=as_written(error))


def spans(lines: int) -> Said:
    """What to add about a broken row that has more than one line: most likely a quote is missing."""
    return says(" in a row of {lines:,} lines (is a quote missing?)", lines=lines) if lines > 1 else NOTHING
