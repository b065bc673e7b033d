"""Reading and writing files: bounded when read, whole or not at all when written."""

import os
import stat
import sys

from pnpc.text.nodes import MAX_CHARACTERS

MAX_BYTES = 4 * MAX_CHARACTERS  # what MAX_CHARACTERS can take in UTF-8


class CouldNotRead(Exception):
    """A file that is not there or can't be read; its text is one line for people."""


def read(name: str) -> bytes:
    """A file's bytes, at most MAX_BYTES + 1 of them; `-` is standard input. Raises CouldNotRead."""
    try:
        if name == "-":
            return sys.stdin.buffer.read(MAX_BYTES + 1)
        descriptor = os.open(name, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        try:
            return _all(descriptor)
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CouldNotRead(f"can't read {shown(name)}: {reason.lower()}") from None


def _all(descriptor: int) -> bytes:
    """One call for a small file, which nearly all are."""
    status = os.fstat(descriptor)
    size = min(status.st_size, MAX_BYTES) or 65_536
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
    """Put bytes into a file at once: a reader sees the old or the new, never a half. Raises OSError.

    A link is followed, and the file keeps its mode.
    """
    import tempfile  # it loads a dozen modules that reading does not need

    target = os.path.realpath(name)
    descriptor, temporary = tempfile.mkstemp(dir=os.path.dirname(target) or ".", prefix=".pnpc-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, _mode(target))
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def _mode(target: str) -> int:
    try:
        return os.stat(target).st_mode & 0o7777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def shown(name: str) -> str:
    """A file's name for people: bytes that are no UTF-8 as escapes."""
    return "standard input" if name == "-" else name.encode("utf-8", "backslashreplace").decode()
