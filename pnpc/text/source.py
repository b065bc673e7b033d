"""A text with a name, and the arithmetic of offsets, lines and columns."""

from bisect import bisect_right
from typing import Any, NamedTuple

from pnpc.text.lazy import regex

_LINE_BREAK = regex(r"\r\n|\r|\n")
_BOMS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)


_BYTES = regex("[\udc80-\udcff]+")  # bytes of a file's name that are no character of the machine's encoding
_SHORT = 20_000  # characters
_SAMPLE = 65_536  # bytes by which an encoding is guessed


class Span(NamedTuple):
    """A half-open range of a source, in characters (code points) from its start."""

    start: int
    end: int


class Position(NamedTuple):
    """A place as people count it: both 1-based, the column in characters."""

    line: int
    column: int


class Undecodable(Exception):
    """Bytes that are not UTF-8. Carries what could be read (`source`), where it stopped, and why."""

    def __init__(self, source: "Source", offset: int, reason: str) -> None:
        super().__init__(reason)
        self.source = source
        self.offset = offset
        self.reason = reason


class Source:
    """A text and its name; `bom` says whether the file began with a byte order mark (which is not in `text`)."""

    __slots__ = ("_starts", "bom", "name", "text")

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.bom = text.startswith("\ufeff")
        self.text = text[1:] if self.bom else text
        self._starts: list[int] | None = None

    @property
    def starts(self) -> list[int]:
        """Offsets at which lines start. Editors break lines at LF, CRLF and CR only; so do we."""
        if self._starts is None:
            self._starts = [0, *(found.end() for found in _LINE_BREAK.finditer(self.text))]
        return self._starts

    def position(self, offset: int) -> Position:
        """The line and column of an offset; an offset outside the text is drawn to its nearer end."""
        offset = max(0, min(offset, len(self.text)))
        if self._starts is None and len(self.text) < _SHORT and "\r" not in self.text:
            # Most texts are asked for a place or two: counting is quicker than making the table.
            return Position(self.text.count("\n", 0, offset) + 1, offset - self.text.rfind("\n", 0, offset))
        line = bisect_right(self.starts, offset)
        return Position(line, offset - self.starts[line - 1] + 1)

    def home(self, span: Span) -> "tuple[Source, Span]":
        """The file that a span stands in, and its span there: of most sources the source itself (see `Joined`)."""
        return self, span

    def files(self) -> "tuple[Source, ...]":
        """The files that the text is made of."""
        return (self,)

    def added(self) -> list[Any]:
        """The nodes of the files behind the first."""
        return []

    def offset(self, position: Position) -> int:
        """The offset of a line and column, drawn into the text where they lie outside."""
        line = max(1, min(position.line, len(self.starts)))
        return min(self.starts[line - 1] + max(0, position.column - 1), len(self.text))

    def line(self, number: int) -> str:
        """A line's text without its line break; empty for a line that is not there."""
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
    """A file's name for people and for other programs: where Python read it in another encoding than UTF-8, its bytes are
    read as that; what is left of them stays lone surrogates."""
    return name if name.isascii() else _BYTES.sub(_as_utf_8, name)


def _as_utf_8(found: Any) -> str:
    raw: bytes = found[0].encode("utf-8", "surrogateescape")
    return raw.decode("utf-8", "surrogateescape")


def decode(name: str, data: bytes) -> Source:
    """Read bytes as UTF-8, with or without a byte order mark.

    Raises Undecodable for anything else, with the characters before the fault as its source.
    """
    try:
        return Source(name, data.decode("utf-8"))
    except UnicodeDecodeError as error:
        from pnpc.text.encodings import find, supposed  # nearly every file is UTF-8

        for bom, encoding in _BOMS:
            if data.startswith(bom):
                raise Undecodable(Source(name, ""), 0, f"the file is {encoding}: save it as UTF-8") from None
        before = Source(name, data[: error.start].decode("utf-8"))
        byte = data[error.start]
        guess = supposed(find(data[:_SAMPLE], None, whole=len(data) <= _SAMPLE))
        looks = f"; the file {guess}" if guess else ""
        reason = f"byte 0x{byte:02x} is not UTF-8{looks}: save it as UTF-8"
        raise Undecodable(before, len(before.text), reason) from None
