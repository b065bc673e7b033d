"""Files that may be compressed: by their name when they are written, by their first bytes when they are read.

The one door to zstandard. What is compressed is read and written as a stream, in constant memory.
"""

import gzip
import io
import os
import stat
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from pnpc.project import remote
from pnpc.project.files import (
    READING,
    CouldNotRead,
    is_opened_for_us,
    refuse_what_never_ends,
    replacing,
    shown,
    unreadable,
)

SUFFIXES = (".gz", ".zst")
PATIENCE = 3.0  # seconds that a named pipe is waited for until somebody writes into it

_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_BUFFER = 1 << 17
# Of a compressed file at once: the worst that a hostile one can make of it is a few dozen megabytes.
_STEP = 1 << 9
# Of Zstandard: as much memory as a reader needs, in bytes. `zstd --ultra -22` takes that much at most.
_WINDOW = 1 << 27
_GZIP_LEVEL, _ZSTD_LEVEL = 6, 3  # what their own programs take


def stem(name: str) -> str:
    """A file's name without the ending that says how it is compressed."""
    base, ending = os.path.splitext(name)
    return base if ending.lower() in SUFFIXES else name


def open_in(name: str) -> io.BufferedReader:
    """A stream of a file's bytes, decompressed if it is gzip or Zstandard; `-` is standard input, which stays open.

    Raises CouldNotRead, now or while it is read: for a file that is not there, is cut off or is broken.
    """
    try:
        raw = (
            io.FileIO(0, closefd=False) if name == "-" else remote.stream(name) if remote.is_url(name) else _Plain(name)
        )
        file: io.BufferedReader = io.BufferedReader(raw, _BUFFER)
        first = file.peek(len(_ZSTD))
    except (OSError, ValueError) as error:
        raise unreadable(name, error) from None
    if first.startswith(_GZIP):
        return io.BufferedReader(_Inflated(name, file, _gunzip(file)), _BUFFER)
    if first.startswith(_ZSTD):
        return io.BufferedReader(_Inflated(name, file, _unzstd(file)), _BUFFER)
    wanted = os.path.splitext(name)[1].lower()
    if first and wanted in SUFFIXES:
        file.close()
        raise CouldNotRead(f"can't read {shown(name)}: it is not compressed as its name says")
    return file


def open_part(name: str, offset: int, size: int) -> io.BufferedReader:
    """A stream of `size` bytes of a file from `offset` on, both counted in its decompressed bytes; fewer where the file ends.

    Raises CouldNotRead, as `open_in` does.
    """
    file = open_in(name)
    try:
        while offset and (skipped := file.read(min(offset, _BUFFER))):
            offset -= len(skipped)
    except BaseException:
        file.close()
        raise
    return io.BufferedReader(_Part(file, size), _BUFFER)


@contextmanager
def open_out(name: str, run: str = "") -> Iterator[TextIO]:
    """A stream for UTF-8 text that becomes a file when the block ends (see `replacing`), compressed if its name ends in
    `.gz` or `.zst`; `-` is standard output. The same text gives the same bytes. Raises OSError."""
    if name == "-":
        yield sys.stdout
        return
    with _file(name, run) as stream:
        ending = os.path.splitext(name)[1].lower()
        if ending not in SUFFIXES:
            yield stream
            return
        packed: Any
        plain: Any = stream.buffer
        if ending == ".gz":
            packed = gzip.GzipFile("", "wb", _GZIP_LEVEL, plain, mtime=0)
        else:
            from zstandard import ZstdCompressor  # few files are .zst

            packer = ZstdCompressor(_ZSTD_LEVEL, write_checksum=True)
            packed = packer.stream_writer(plain, closefd=False)
        with packed, io.TextIOWrapper(io.BufferedWriter(packed, _BUFFER), "utf-8", newline="\n") as text:
            yield text


@contextmanager
def _file(name: str, run: str) -> Iterator[TextIO]:
    if not remote.is_url(name):
        with replacing(name, private=True, run=run) as stream:
            yield stream
        return
    with remote.replacing(name) as upload:
        text = io.TextIOWrapper(upload, "utf-8", newline="\n")
        yield text
        text.flush()
        text.detach()  # the upload ends with its own block


class _Plain(io.RawIOBase):
    """A file as it is. A regular one has the length that it has now: one that grows might never end."""

    def __init__(self, name: str) -> None:
        status = os.stat(name)
        is_pipe = stat.S_ISFIFO(status.st_mode) and not is_opened_for_us(name)
        if not is_pipe:
            refuse_what_never_ends(name, status)
        descriptor = os.open(name, READING)
        try:
            self._first = _first_of_pipe(name, descriptor) if is_pipe else b""
            if not stat.S_ISREG(status.st_mode):
                os.set_blocking(descriptor, True)
            self._file = io.FileIO(descriptor)
        except BaseException:
            os.close(descriptor)
            raise
        self._shown = shown(name)
        self._left = status.st_size if stat.S_ISREG(status.st_mode) and status.st_size else None

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer. Raises CouldNotRead for a file that has grown."""
        if self._first:
            count = min(len(buffer), len(self._first))
            buffer[:count], self._first = self._first[:count], self._first[count:]
            return count
        count = self._file.readinto(buffer) or 0
        if self._left is not None:
            self._left -= count
            if self._left < 0:
                raise CouldNotRead(f"{self._shown} grew while it was read; wait until it is written")
        return count

    def close(self) -> None:
        """Close the file as well."""
        super().close()
        self._file.close()


class _Part(io.RawIOBase):
    """The next bytes of a file, and no more."""

    def __init__(self, file: io.BufferedReader, size: int) -> None:
        self._file, self._left = file, size

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer. Raises CouldNotRead."""
        data = self._file.read(min(len(buffer), self._left))
        buffer[: len(data)] = data
        self._left -= len(data)
        return len(data)

    def close(self) -> None:
        """Close the file as well."""
        super().close()
        self._file.close()


def _first_of_pipe(name: str, descriptor: int) -> bytes:
    """The first bytes of a named pipe, or none if it has a writer who has not written yet.

    Raises CouldNotRead if no process writes to it for PATIENCE seconds.
    """
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            if data := os.read(descriptor, _BUFFER):
                return data
        except BlockingIOError:
            return b""
        time.sleep(0.02)
    raise CouldNotRead(f"can't read {shown(name)}: no process writes to this pipe")


class _Broken(Exception):
    """Bytes that nothing was compressed to; why, where it is known."""


class _Inflated(io.RawIOBase):
    """A decompressed stream: `take(size)` gives at most `size` bytes, b"" at the end; raises EOFError, _Broken."""

    def __init__(self, name: str, source: io.BufferedReader, take: Callable[[int], bytes]) -> None:
        self._name = name
        self._source = source
        self._take = take

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer. Raises CouldNotRead if the compressed bytes are damaged."""
        try:
            data = self._take(len(buffer))
        except EOFError:
            raise CouldNotRead(f"can't read {shown(self._name)}: the compressed file is cut off") from None
        except _Broken as error:
            why = str(error) or "the compressed file is broken"
            raise CouldNotRead(f"can't read {shown(self._name)}: {why}") from None
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close the compressed file as well."""
        super().close()
        self._source.close()


def _gunzip(source: io.BufferedReader) -> Callable[[int], bytes]:
    unzipped = gzip.GzipFile(fileobj=source)

    def take(most: int) -> bytes:
        try:
            return unzipped.read(most)
        except (gzip.BadGzipFile, zlib.error):
            raise _Broken from None

    return take


def _unzstd(source: io.BufferedReader) -> Callable[[int], bytes]:
    """Reads frames one after the other. The library's own reader ends without a word where a file is cut off."""
    from zstandard import ZstdDecompressor, ZstdError  # few files are .zst

    frames = ZstdDecompressor(max_window_size=_WINDOW)
    frame = frames.decompressobj()
    ready = memoryview(b"")

    def take(most: int) -> bytes:
        nonlocal frame, ready
        while not ready:
            data = frame.unused_data if frame.eof else b""
            data = data or source.read(_STEP)
            if frame.eof and data:
                frame = frames.decompressobj()
            elif not data:
                if frame.eof:
                    return b""
                raise EOFError
            try:
                ready = memoryview(frame.decompress(data))
            except ZstdError as error:
                if "memory" in str(error):
                    raise _Broken("it was compressed with a window of more than 128 MB") from None
                raise _Broken from None
        given, ready = ready[:most], ready[most:]
        return bytes(given)

    return take
