"""Which files a run looks at: those that are named, and in a folder every YAML and JSON file that is not ignored."""

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from pnpc.project.files import CouldNotRead, shown
from pnpc.project.own_files import data
from pnpc.project.patterns import below, compiled

if TYPE_CHECKING:
    from pnpc.project.patterns import Patterns
    from pnpc.project.workspace import FolderSettings, Workspace

ENDINGS = (".yaml", ".yml", ".json")
_NEVER = frozenset(
    (".git", ".hg", ".svn", ".venv", "venv", "node_modules", "__pycache__", ".tox", ".nox", ".mypy_cache")
)


class InputFile(NamedTuple):
    """A file to look at; `named` if the caller asked for it, so that it must be a spec."""

    name: str
    named: bool


def find(paths: Sequence[str], workspace: "Workspace", *, force_exclude: bool = False) -> list[InputFile]:
    """The files of a run, folders in the order of their names. Raises CouldNotRead for what is not there.

    However a file is spelt, and through whatever links, it is one file; if one of its names was asked for, that one.
    """
    targets: dict[str, InputFile] = {}
    for path in paths:
        if os.path.isdir(path):
            for real, name in _walk(path, workspace):
                targets.setdefault(real, InputFile(name, named=False))
        else:
            if not os.path.lexists(path):
                raise CouldNotRead(f"can't read {shown(path)}: no such file or directory")
            real = os.path.realpath(path)
            known = targets.get(real)
            if not (known and known.named) and not (force_exclude and _is_excluded(path, workspace)):
                targets[real] = InputFile(path, named=True)
    return list(targets.values())


def _is_excluded(path: str, workspace: "Workspace") -> bool:
    """Whether a walk from above would not come to a file: each folder's own config speaks of what is in it."""
    path, slash = os.path.abspath(path), ""
    while not _excludes(workspace.settings(path), path + slash):
        path, slash = os.path.dirname(path), "/"
        root = workspace.settings(path).config.root
        if path == root or not path.startswith(os.path.join(root, "")):
            return False
    return True


Ignores = list[tuple[str, "Patterns"]]


class _File(NamedTuple):
    """A file on the way: its name as the caller would write it, its absolute path, and whether it is a link."""

    name: str
    path: str
    is_link: bool


class _Folder(NamedTuple):
    """A folder on the way, and the .gitignore files above it; None where they are not asked."""

    name: str
    path: str
    ignores: Ignores | None


def _walk(name: str, workspace: "Workspace") -> Iterator[tuple[str, str]]:
    """The files below a folder: the real path and the name of each."""
    top, real = os.path.abspath(name), os.path.realpath(name)
    name = os.path.normpath(name)
    # Not by recursion: folders may be nested deeper than calls.
    stack = [_entries(_Folder("" if name == "." else name, top, None), workspace)]
    while stack:
        entry = next(stack[-1], None)
        if entry is None:
            stack.pop()
        elif isinstance(entry, _Folder):
            stack.append(_entries(entry, workspace))
        else:
            yield os.path.realpath(entry.path) if entry.is_link else real + entry.path[len(top) :], entry.name


def _entries(folder: _Folder, workspace: "Workspace") -> Iterator[_File | _Folder]:
    """What is to be looked at in a folder, in the order of the names, under the config that holds for its files."""
    try:
        entries = sorted(os.scandir(folder.name or "."), key=lambda entry: entry.name)
    except OSError as error:
        raise CouldNotRead(f"can't read {shown(folder.name or '.')}: {(error.strerror or '').lower()}") from None
    settings = workspace.settings(os.path.join(folder.name, "x"))
    ignores = _ignores(folder, entries) if settings.config.respect_gitignore else None
    for entry in entries:
        # A link to a folder could lead round in a circle; the folder itself is found where it stands.
        is_folder = entry.is_dir(follow_symlinks=False)
        if entry.name in _NEVER or not (is_folder or entry.name.lower().endswith(ENDINGS)):
            continue
        path = os.path.join(folder.path, entry.name)
        asked = path + "/" if is_folder else path
        if (ignores and _is_ignored(asked, ignores)) or _excludes(settings, asked):
            continue
        name = os.path.join(folder.name, entry.name)
        if is_folder:
            yield _Folder(name, path, ignores)
        elif _is_file(entry) and (settings.include is None or _matches(settings.include, path, settings)):
            yield _File(name, path, entry.is_symlink())


def _excludes(settings: "FolderSettings", path: str) -> bool:
    return settings.exclude is not None and _matches(settings.exclude, path, settings)


def _matches(patterns: "Patterns", path: str, settings: "FolderSettings") -> bool:
    return patterns.match_file(below(path, settings.config.root))


def _is_ignored(path: str, ignores: Ignores) -> bool:
    """Git's way: the nearest .gitignore that says something decides."""
    for folder, patterns in reversed(ignores):
        result = patterns.check_file(below(path, folder))
        if result.include is not None:
            return bool(result.include)
    return False


def _ignores(folder: _Folder, entries: Sequence["os.DirEntry[str]"]) -> Ignores:
    """The .gitignore files that hold in a folder, the nearest last."""
    above = _ignores_above(folder.path) if folder.ignores is None else folder.ignores
    if any(entry.name == ".gitignore" for entry in entries):
        return [*above, (folder.path, _read(os.path.join(folder.path, ".gitignore")))]
    return above


def _ignores_above(folder: str) -> Ignores:
    """The .gitignore files between a folder (without it) and the root of its git repository."""
    ignores: Ignores = []
    current = folder
    while not os.path.exists(os.path.join(current, ".git")):
        parent = os.path.dirname(current)
        if parent == current:
            return []  # no repository: only the files inside the folder count
        current = parent
        file = os.path.join(current, ".gitignore")
        if os.path.isfile(file):
            ignores.insert(0, (current, _read(file)))
    exclude = os.path.join(current, ".git", "info", "exclude")
    if os.path.isfile(exclude):
        ignores.insert(0, (current, _read(exclude)))
    return ignores


def _is_file(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_file()
    except OSError:
        return False  # a link that leads round in a circle: there is nothing behind it


def _read(file: str) -> "Patterns":
    return compiled(data(file).decode("utf-8", "surrogateescape").splitlines())
