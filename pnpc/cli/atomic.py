"""A file that is written piece by piece and appears as a whole, or not at all."""

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO


@contextmanager
def replacing(name: str) -> Iterator[IO[str]]:
    """A stream for UTF-8 text that becomes the file `name` when the block ends, and nothing if it is left by an error.

    The text goes to a file beside it, is on the disk before it takes the name, and a process killed in between leaves
    the old file as it was. A link is followed, and an existing file keeps its mode. A device or a pipe is written to
    directly. Raises OSError.
    """
    target = os.path.realpath(name)
    mode = _mode(target)
    if mode is not None and not stat.S_ISREG(mode):
        with open(target, "w", encoding="utf-8", newline="\n") as stream:
            yield stream
        return
    descriptor, temporary = tempfile.mkstemp(dir=os.path.dirname(target), prefix=".pnpc-", suffix=".tmp")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, _new_mode() if mode is None else stat.S_IMODE(mode))
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def _mode(target: str) -> int | None:
    try:
        return os.stat(target).st_mode
    except FileNotFoundError:
        return None


def _new_mode() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
