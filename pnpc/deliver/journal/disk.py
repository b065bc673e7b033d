"""Which file system a file is on: SQLite's write-ahead log needs memory that all its users share, so one machine."""

import os
from collections.abc import Iterable

from pnpc.deliver.journal.soundness import OTHER_FILE, NotAJournal
from pnpc.project.files import shown

_NETWORK = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "fuse.sshfs")
_MOUNTS = "/proc/self/mounts"


class SameFile:
    """Whether a name still stands for the file that it stood for at first: an open file that was deleted takes everything
    that is written, and gives it to no one."""

    def __init__(self, name: str) -> None:
        """Raises OSError for a name without a file."""
        self._path = os.path.abspath(name)  # whatever folder the program goes to
        self._number = self._look()

    def is_there(self) -> bool:
        """One look at the folder."""
        try:
            return self._look() == self._number
        except OSError:
            return False

    def _look(self) -> tuple[int, int]:
        file = os.stat(self._path)
        return file.st_dev, file.st_ino


def look_at_disk(name: str) -> None:
    """Refuse a journal where there is no folder for it, that we may not write, or on a network file system.

    Raises NotAJournal.
    """
    file = os.path.realpath(name)
    folder = os.path.dirname(file)
    if not os.path.isdir(folder):
        raise NotAJournal(f"can't use the journal {shown(name)}: its folder does not exist; make it, or {OTHER_FILE}")
    if not os.access(folder, os.W_OK | os.X_OK) or (os.path.exists(file) and not os.access(file, os.W_OK)):
        raise NotAJournal(
            f"can't use the journal {shown(name)}: no permission to write it and its folder; {OTHER_FILE}"
        )
    if kind := network_file_system(name):
        message = f"it is on a network file system ({kind}), where a journal is not safe"
        raise NotAJournal(f"can't use the journal {shown(name)}: {message}; give --journal on a local disk")


def network_file_system(name: str) -> str | None:
    """The kind of a network file system that a file stands on, or would; None if it is local, or can't be known."""
    try:
        with open(_MOUNTS, encoding="utf-8", errors="surrogateescape") as mounts:
            kind = kind_of_mount(os.path.dirname(os.path.realpath(name)), mounts)
    except OSError:
        return None  # not Linux
    return kind if kind in _NETWORK else None


def kind_of_mount(folder: str, mounts: Iterable[str]) -> str | None:
    """The kind of the file system of an absolute path, by the lines of /proc/self/mounts; None if none holds it."""
    kinds = dict(_mount(line) for line in mounts)
    while folder not in kinds and folder != os.path.dirname(folder):
        folder = os.path.dirname(folder)
    return kinds.get(folder)


def _mount(line: str) -> tuple[str, str]:
    """The folder and the kind; a blank is written as \\040."""
    _, folder, kind, *_ = line.split(" ")
    return folder.replace("\\040", " "), kind
