"""One owner of a journal at a time: a lock that the system takes back when its process ends, however it ends.

The lock is on a file of its own next to the journal: closing any handle of the database itself would drop the locks
that SQLite holds on it.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from pnpc.deliver.journal.soundness import NotAJournal

SUFFIX = "-lock"


class Owned(Exception):
    """Another process sends with this journal. Its text is one line for people."""


@contextmanager
def owner(journal: str) -> Iterator[None]:
    """Own a journal (a file's name, which need not be there yet) inside the block. Raises Owned, OSError.

    The file of a lock stays, but for one that is made here beside a file that is then refused as a journal.
    """
    name = os.path.realpath(journal) + SUFFIX
    is_new = not os.path.lexists(name)
    descriptor = os.open(name, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        if not _lock(descriptor) or not _is_still(name, descriptor):
            raise Owned(f"another pnpc process is using {journal}")
        yield
    except NotAJournal:
        if is_new:
            with suppress(OSError):  # Windows removes no file that is open
                os.unlink(name)
        raise
    finally:
        os.close(descriptor)


def _is_still(name: str, descriptor: int) -> bool:
    """Whether a file that was opened still has its name: another process may have removed it meanwhile, and a lock on a file
    without a name keeps no other process out."""
    try:
        return os.path.samestat(os.stat(name), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def is_owned(journal: str) -> bool:
    """Whether a push or a sender is using a journal just now; False where only another person may ask. Raises OSError."""
    try:
        with owner(journal):
            return False
    except Owned:
        return True
    except PermissionError:
        return False


def _lock(descriptor: int) -> bool:
    try:
        # Each of the two modules exists on its own system only.
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            return False
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
