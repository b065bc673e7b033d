"""Which files a table is made of: a folder's or a pattern's, on this machine or behind a URL, in the order of their names."""

import os
from typing import NamedTuple

from pnpc.project import globs, remote
from pnpc.project.files import CouldNotRead, shown
from pnpc.project.streams import stem
from pnpc.project.tables import is_table

_SIGNS = "*?["
_HIDDEN = (".", "_")  # Hadoop's mark for what is no part: `_SUCCESS`, `_temporary/`


class Part(NamedTuple):
    """A file of a table: its name, and what it is called below the folder of all, without the endings of tables."""

    name: str
    label: str


class PartList(NamedTuple):
    """A table's files, the folder that all lie in, whether that is read as a whole, and how many other files are in it."""

    parts: tuple[Part, ...]
    folder: str
    is_whole_folder: bool
    others: int


def parts_of(name: str, format: str | None) -> PartList | None:
    """The files that a name means; None if it is that of a single table.

    In a folder files count whose names are those of tables, at any depth; with a `format` all but hidden ones. Raises
    CouldNotRead if there is none.
    """
    if remote.is_url(name):
        folder, pattern = _split(name, "/")
        listed = remote.files(name) if pattern or name.endswith("/") or remote.is_folder(name) else None
    else:
        folder, pattern = _split(name, os.sep)
        listed = _local(name, folder, pattern)
    if listed is None:
        return None
    whole = not pattern
    folder = name.rstrip("/") if whole else folder
    visible = [file for file in listed if not whole or not _is_hidden(_below(file, folder))]
    chosen = [file for file in visible if not whole or format is not None or is_table(file)]
    if not chosen:
        what = "tables are in" if whole else "files match"
        raise CouldNotRead(f"no {what} {shown(name)}")
    parts = tuple(Part(file, _label(_below(file, folder))) for file in chosen)
    return PartList(parts, folder, whole, len(visible) - len(chosen))


def single(name: str) -> PartList:
    """A table that is one file, as the only part."""
    folder, base = os.path.split(name)
    return PartList((Part(name, _label(base)),), folder, is_whole_folder=False, others=0)


def _local(name: str, folder: str, pattern: str) -> list[str] | None:
    is_pattern = bool(pattern) and not os.path.lexists(name)
    if not is_pattern and not os.path.isdir(name) and not name.endswith(os.sep):
        return None
    try:
        return globs.files(folder or os.curdir, pattern) if is_pattern else globs.files(name, "**")
    except globs.TooMuch:
        raise CouldNotRead(
            f"{shown(name)} makes us look at more than {globs.MOST_ENTRIES:,} files and folders: name a smaller folder"
        ) from None


def _split(name: str, separator: str) -> tuple[str, str]:
    """The folder before the first step of a name that is a pattern, and the pattern; empty where it has no sign of one."""
    at = min((name.find(sign) for sign in _SIGNS if sign in name), default=-1)
    if at < 0:
        return name, ""
    end = name.rfind(separator, 0, at) + 1
    return name[:end].rstrip(separator) or name[:end], name[end:]


def _below(file: str, folder: str) -> str:
    if not remote.is_url(file):
        return os.path.relpath(file, folder or os.curdir).replace(os.sep, "/")
    # A store may write a URL in its own way: what comes after the folder counts.
    return file.rpartition(f"{folder.rpartition('://')[2]}/")[2] if folder else file


def _is_hidden(path: str) -> bool:
    return any(step.startswith(_HIDDEN) for step in path.split("/"))


def _label(path: str) -> str:
    base = stem(path)
    return os.path.splitext(base)[0] if is_table(base) else base
