"""A payload file of a push, or a part of one: its lines in blocks, each known again by its digest."""

from collections.abc import Callable, Iterator
from hashlib import sha256
from itertools import zip_longest
from typing import IO, NamedTuple

from pnpc.project.files import shown

BLOCK = 1_000  # lines that are read, compared with what was read before, and looked up at once
_MOST_BYTES = 1 << 22  # of a line: LINE takes no body over 2 MB


class LinePlace(NamedTuple):
    """Where a line stands: its file, and its number there."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{shown(self.file)}:{self.line}"


class BadPayloads(Exception):
    """Lines that can't be sent: the first of them with the reasons, and how many there are."""

    def __init__(self, first: list[tuple[LinePlace, str]], count: int) -> None:
        super().__init__(f"{count} lines can't be sent")
        self.first = first
        self.count = count


class Changed(Exception):
    """The payload file is not what it was when it was read first."""


class FilePart(NamedTuple):
    """Some lines of a payload file: `size` bytes from `offset` on (uncompressed), which begin with the line number `first`.
    `digest` is theirs (see `PayloadFile.digest_of`), `whole` the SHA-256 of the file."""

    name: str
    offset: int
    size: int
    first: int
    digest: str
    whole: str


class PayloadFile(NamedTuple):
    """A file of a push, or a part of one. `digest`: SHA-256 of the whole file's bytes, uncompressed; `blocks`: of each block,
    `sizes` their bytes. `before`: lines in the files before it, `lines`: its own. `stream` opens it again, from its
    beginning. `part` is set for a part."""

    name: str
    digest: str
    before: int
    lines: int
    blocks: tuple[bytes, ...]
    sizes: tuple[int, ...]
    stream: Callable[[], IO[bytes]]
    part: FilePart | None = None

    def digest_of(self, begin: int, end: int) -> str:
        """SHA-256 of the digests of some blocks."""
        return sha256(b"".join(self.blocks[begin:end])).hexdigest()

    def read_again(self) -> Iterator[tuple[int, bytes]]:
        """Its lines, each with its number among all. Raises Changed, CouldNotRead, OSError."""
        line = self.before
        with self.stream() as stream:
            for block in self._checked(stream):
                for raw in block:
                    line += 1
                    yield line, raw

    def _checked(self, stream: IO[bytes]) -> Iterator[list[bytes]]:
        """Its blocks, each compared with what it was at the first reading. Raises Changed."""
        changed = Changed(f"{shown(self.name)} was changed while it was sent")
        try:
            for block, digest in zip_longest(blocks_of(self.name, stream), self.blocks):
                if block is None or sha256(b"".join(block)).digest() != digest:
                    raise changed
                yield block
        except BadPayloads:  # a line that is too long now
            raise changed from None


def blocks_of(name: str, stream: IO[bytes]) -> Iterator[list[bytes]]:
    """The lines of a stream, in blocks. Raises BadPayloads for one that is too long to be a payload."""
    block: list[bytes] = []
    line = 0
    while raw := stream.readline(_MOST_BYTES):
        line += 1
        if len(raw) == _MOST_BYTES and not raw.endswith(b"\n"):
            raise BadPayloads([(LinePlace(name, line), "longer than any request may be")], 1)
        block.append(raw)
        if len(block) == BLOCK:
            yield block
            block = []
    if block:
        yield block
