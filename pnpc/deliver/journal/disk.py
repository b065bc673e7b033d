"""Which file system a file is on: SQLite's write-ahead log needs memory that all its users share, so one machine."""

import os
from collections.abc import Iterable

_NETWORK = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "fuse.sshfs")
_MOUNTS = "/proc/self/mounts"


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
