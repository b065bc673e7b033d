"""A text with a name, and its offsets, lines and columns."""

from bisect import bisect_right
from typing import Any, NamedTuple

from pnpc.text.lazy import regex
from pnpc.text.wording import NOTHING, Said, says

_LINE_BREAK = regex(r"\r\n|\r|\n")
_BOMS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)


_BYTES = regex("[\udc80-\udcff]+")  # bytes of a file's name that the machine's encoding can't decode
_SHORT = 20_000  # characters
_SAMPLE = 65_536  # bytes from which an encoding is guessed


class Span(NamedTuple):
    """A half-open range of a source, in code points from its start."""

    start: int
    end: int


class Position(NamedTuple):
    """A line and a column, both counted from 1, the column in code points."""

    line: int
    column: int


class Undecodable(Exception):
    """Bytes are not UTF-8: the text before the fault (`source`), the offset of the fault, and the reason for people."""

    def __init__(self, source: "Source", offset: int, reason: Said) -> None:
        super().__init__(reason)
        self.source = source
        self.offset = offset
        self.reason = reason


class Source:
    """A text and its name; `bom` says whether the file begins with a byte order mark, which `text` does not contain."""

    __slots__ = ("_starts", "bom", "name", "text")

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.bom = text.startswith("\ufeff")
        self.text = text[1:] if self.bom else text
        self._starts: list[int] | None = None

    @property
    def starts(self) -> list[int]:
        """The offsets at which lines start. Lines end at LF, CRLF and CR only, as in editors."""
        if self._starts is None:
            self._starts = [0, *(line_break.end() for line_break in _LINE_BREAK.finditer(self.text))]
        return self._starts

    def position(self, offset: int) -> Position:
        """The line and column of an offset; for an offset outside the text, those of its nearer end."""
        offset = max(0, min(offset, len(self.text)))
        if self._starts is None and len(self.text) < _SHORT and "\r" not in self.text:
            # Most texts need one position or two, for which counting is faster than making the table.
            return Position(self.text.count("\n", 0, offset) + 1, offset - self.text.rfind("\n", 0, offset))
        line = bisect_right(self.starts, offset)
        return Position(line, offset - self.starts[line - 1] + 1)

    def home(self, span: Span) -> "tuple[Source, Span]":
        """The file of a span, and the span in that file: the source itself, except in a `Joined`."""
        return self, span

    def files(self) -> "tuple[Source, ...]":
        """All files of the text, the first one first."""
        return (self,)

    def added(self) -> list[Any]:
        """The roots of the files after the first one."""
        return []

    def offset(self, position: Position) -> int:
        """The offset of a line and column; for a position outside the text, that of the nearest one inside."""
        line = max(1, min(position.line, len(self.starts)))
        return min(self.starts[line - 1] + max(0, position.column - 1), len(self.text))

    def line(self, number: int) -> str:
        """The text of a line (counted from 1) without its line break; empty for a line that does not exist."""
        if not 1 <= number <= len(self.starts):
            return ""
        end = self.starts[number] if number < len(self.starts) else len(self.text)
        return self.text[self.starts[number - 1] : end].rstrip("\r\n")


def is_json(name: str) -> bool:
    """Whether the name of a file says that it is JSON."""
    return name.lower().endswith(".json")


def is_json_lines(name: str) -> bool:
    """Whether the name of a file says that it is JSON Lines."""
    return name.lower().endswith((".jsonl", ".ndjson"))


def readable(name: str) -> str:
    """A file's name for people and for other programs: bytes that Python could not decode are decoded as UTF-8 where
    possible; the others stay lone surrogates."""
    return name if name.isascii() else _BYTES.sub(_as_utf_8, name)


def _as_utf_8(match: Any) -> str:
    raw: bytes = match[0].encode("utf-8", "surrogateescape")
    return raw.decode("utf-8", "surrogateescape")


def decode(name: str, data: bytes) -> Source:
    """The source of bytes in UTF-8, with or without a byte order mark. Raises Undecodable."""
    try:
        return Source(name, data.decode("utf-8"))
    except UnicodeDecodeError as error:
        from pnpc.text.encodings import detect, guess_in_words  # needed only for a file that is not UTF-8

        for bom, encoding in _BOMS:
            if data.startswith(bom):
                reason = says("the file is {encoding}: save it as UTF-8", encoding=encoding)
                raise Undecodable(Source(name, ""), 0, reason) from None
        before = Source(name, data[: error.start].decode("utf-8"))
        byte = data[error.start]
        guess = guess_in_words(detect(data[:_SAMPLE], None, whole=len(data) <= _SAMPLE))
        looks = says("; the file {guess}", guess=guess) if guess else NOTHING
        reason = says("byte 0x{byte:02x} is not UTF-8{looks}: save it as UTF-8", byte=byte, looks=looks)
        raise Undecodable(before, len(before.text), reason) from None
