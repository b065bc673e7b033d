"""Reading and writing files: bounded when read, whole or not at all when written."""

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EACCES, ENOENT
from io import TextIOWrapper

from pnpc.text.document import MAX_CHARACTERS
from pnpc.text.lazy import regex
from pnpc.text.source import readable

MAX_BYTES = 4 * MAX_CHARACTERS  # what MAX_CHARACTERS can take in UTF-8


class CouldNotRead(Exception):
    """A file that is not there or can't be read; its text is one line for people."""


class CouldNotWrite(OSError):
    """A file elsewhere that can't be written; its text is one line for people."""


def read(name: str) -> bytes:
    """A file's bytes, at most MAX_BYTES + 1 of them; `-` is standard input. Raises CouldNotRead."""
    try:
        if name == "-":
            return sys.stdin.buffer.read(MAX_BYTES + 1)
        status = os.stat(name)
        if not stat.S_ISREG(status.st_mode):
            refuse_what_never_ends(name, status)
        descriptor = os.open(name, READING)
        try:
            return _all(descriptor, status)
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:
        raise unreadable(name, error) from None


# How a file is opened. Without waiting: between the look at a file and its opening, a pipe without a writer may have taken its name.
READING = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


def unreadable(name: str, error: OSError | ValueError) -> CouldNotRead:
    """An error of the system's as one line for people."""
    reason = getattr(error, "strerror", None) or str(error)
    return CouldNotRead(f"can't read {shown(name)}: {reason.lower()}")


def refuse_what_never_ends(name: str, status: os.stat_result) -> None:
    """Raises CouldNotRead for what is not a regular file: a folder, a device, a socket, a named pipe.

    What our caller opened for us has an end: standard input, and the `/dev/fd/63` that a shell makes of `<(command)`.
    /dev/null is an empty file.
    """
    kind = next((words for is_kind, words in _KINDS if is_kind(status.st_mode)), None)
    if kind is None or is_opened_for_us(name):
        return
    if stat.S_ISCHR(status.st_mode) and os.path.samestat(status, os.stat(os.devnull)):
        return
    raise CouldNotRead(f"can't read {shown(name)}: it is {kind}")


_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe; use `<(command)` or standard input instead"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def is_opened_for_us(name: str) -> bool:
    """Whether a name means one of our own descriptors."""
    return name == "/dev/stdin" or name.startswith(("/dev/fd/", "/proc/self/fd/"))


def is_utf8(text: str) -> bool:
    """Whether a word of the command line, or a name, is text: a byte that is not UTF-8 stands in it as half a character."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _all(descriptor: int, status: os.stat_result) -> bytes:
    """One call for a small file, which nearly all are."""
    size = min(status.st_size, MAX_BYTES) or 65_536
    if not stat.S_ISREG(status.st_mode):
        os.set_blocking(descriptor, True)
    data = os.read(descriptor, size + 1)
    if len(data) == status.st_size and stat.S_ISREG(status.st_mode):
        return data
    parts, total = [data], len(data)
    while data and total <= MAX_BYTES:
        data = os.read(descriptor, min(1 << 20, MAX_BYTES + 1 - total))
        parts.append(data)
        total += len(data)
    return b"".join(parts)


def write(name: str, data: bytes) -> None:
    """Put bytes into a file at once (see `replacing`). Raises OSError."""
    with replacing(name) as stream:
        stream.buffer.write(data)


@contextmanager
def replacing(name: str, *, private: bool = False, run: str = "") -> Iterator[TextIOWrapper]:
    """A stream for UTF-8 text that becomes the file `name` when the block ends, and nothing if it is left by an error.
    A new file that is `private`, because it names people, can be read by its owner only. `run` is written into the name of
    the file until then, so that `remove_unfinished` finds what a killed process has left.

    The text goes to a file next to it, is on the disk before it takes the name, and a process killed in between leaves
    the old file as it was. A link is followed; an existing file keeps its mode and, where we may, its owner, and one
    that is marked as read-only stays as it is. A device or a pipe, or what is our own output under another name
    (/dev/stdout), is written to directly. Raises OSError.
    """
    if not name:
        raise OSError(ENOENT, "the name of a file to write is empty")
    status = _status(name)
    if status is not None and (own := _own_output(status)) is not None:
        sys.stdout.flush()
        with os.fdopen(own, "w", encoding="utf-8", newline="\n") as stream:
            yield stream
        return
    if status is not None and not stat.S_ISREG(status.st_mode):
        with open(name, "w", encoding="utf-8", newline="\n") as stream:
            yield stream
        return
    if status is not None and not (status.st_mode & 0o222 and os.access(name, os.W_OK)):
        raise OSError(EACCES, "the file is read-only", name)
    from tempfile import mkstemp  # it loads a dozen modules that reading does not need

    target = os.path.realpath(name)
    try:
        descriptor, temporary = mkstemp(dir=os.path.dirname(target), prefix=f".pnpc-{run}", suffix=_UNFINISHED)
    except OSError as error:
        raise OSError(error.errno, error.strerror, name) from None  # the name that people know
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        if status is not None:
            if hasattr(os, "chown"):
                with suppress(OSError):  # only root may give a file to others
                    os.chown(temporary, status.st_uid, status.st_gid)
            os.chmod(temporary, stat.S_IMODE(status.st_mode))
        elif not private:
            os.chmod(temporary, _new_mode())  # `mkstemp` made it for its owner only
        os.replace(temporary, target)
    except BaseException:
        with suppress(FileNotFoundError):  # `remove_unfinished` was here
            os.unlink(temporary)
        raise


_UNFINISHED = ".tmp"


def remove_unfinished(folder: str, run: str) -> None:
    """Remove what processes of a run that were killed have left in a folder."""
    with suppress(FileNotFoundError):
        for entry in os.scandir(folder):
            if entry.name.startswith(f".pnpc-{run}") and entry.name.endswith(_UNFINISHED):
                with suppress(FileNotFoundError):
                    os.unlink(entry.path)


def _status(name: str) -> os.stat_result | None:
    try:
        return os.stat(name)
    except FileNotFoundError:
        return None


def _own_output(status: os.stat_result) -> int | None:
    """A second descriptor of our standard output or error, if that is what a file is: opening it again would truncate it."""
    for descriptor in (1, 2):
        try:
            own = os.fstat(descriptor)
        except OSError:
            continue  # closed
        if os.path.samestat(own, status):
            return os.dup(descriptor)
    return None


def _new_mode() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def is_same(name: str, other: str) -> bool:
    """Whether two names are one file, which can't be written twice, nor while it is read; devices can."""
    name, other = os.path.realpath(name), os.path.realpath(other)
    return name == other and (os.path.isfile(name) or not os.path.exists(name))


def shown(name: str) -> str:
    """A file's name for people: bytes that are not UTF-8 as escapes, and a URL without a password."""
    if "://" in name:
        name = _USER.sub("//", name)
    return "standard input" if name == "-" else readable(name).encode("utf-8", "backslashreplace").decode()


_USER = regex("//[^/@]*@")
