"""Which files a run looks at: those that are named, and in a folder every YAML and JSON file that is not ignored."""

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from pnpc.project.files import CouldNotRead, shown

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

    from pnpc.project.workspace import Workspace

ENDINGS = (".yaml", ".yml", ".json")
_NEVER = frozenset(
    (".git", ".hg", ".svn", ".venv", "venv", "node_modules", "__pycache__", ".tox", ".nox", ".mypy_cache")
)


class Target(NamedTuple):
    """A file to look at; `named` if the caller asked for it, so that it must be a spec."""

    name: str
    named: bool


def find(paths: Sequence[str], workspace: "Workspace", *, force_exclude: bool = False) -> Iterator[Target]:
    """The files of a run, each once, folders in the order of their names. Raises CouldNotRead for what is not there."""
    seen: set[str] = set()
    for path in paths:
        targets = _walk(path, workspace) if os.path.isdir(path) else _named(path, workspace, force_exclude)
        for target in targets:
            if target.name not in seen:
                seen.add(target.name)
                yield target


def _named(path: str, workspace: "Workspace", force_exclude: bool) -> Iterator[Target]:
    if not os.path.lexists(path):
        raise CouldNotRead(f"can't read {shown(path)}: no such file or directory")
    if not (force_exclude and _is_excluded(path, workspace)):
        yield Target(path, named=True)


def _is_excluded(path: str, workspace: "Workspace") -> bool:
    config = workspace.settings(path).config
    return bool(config.exclude) and _matches(_spec(config.exclude), path, config.root)


def _walk(folder: str, workspace: "Workspace") -> Iterator[Target]:
    folder = os.path.normpath(folder)
    config = workspace.settings(os.path.join(folder, "x")).config
    ignores = _ignores_above(folder) if config.respect_gitignore else []
    exclude = _spec(config.exclude) if config.exclude else None
    include = _spec(config.include) if config.include else None
    for name in _files(folder, ignores, config.respect_gitignore, exclude, config.root):
        if include is None or _matches(include, name, config.root):
            yield Target(name, named=False)


Ignores = list[tuple[str, "GitIgnoreSpec"]]


def _files(folder: str, ignores: Ignores, respect: bool, exclude: "GitIgnoreSpec | None", root: str) -> Iterator[str]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        raise CouldNotRead(f"can't read {shown(folder)}: {(error.strerror or '').lower()}") from None
    if respect and any(entry.name == ".gitignore" for entry in entries):
        ignores = [*ignores, (folder, _read(os.path.join(folder, ".gitignore")))]
    for entry in entries:
        name = entry.name if folder == "." else entry.path
        # A link to a folder could lead round in a circle; the folder itself is found where it stands.
        is_folder = entry.is_dir(follow_symlinks=False)
        if entry.name in _NEVER or not (is_folder or entry.name.lower().endswith(ENDINGS)):
            continue
        asked = name + "/" if is_folder else name
        if _is_ignored(asked, ignores) or (exclude is not None and _matches(exclude, asked, root)):
            continue
        if is_folder:
            yield from _files(name, ignores, respect, exclude, root)
        elif entry.is_file():
            yield name


def _is_ignored(path: str, ignores: Ignores) -> bool:
    """Git's way: the nearest .gitignore that says something decides."""
    for folder, spec in reversed(ignores):
        result = spec.check_file(_relative(path, folder))
        if result.include is not None:
            return bool(result.include)
    return False


def _ignores_above(folder: str) -> Ignores:
    """The .gitignore files between a folder (without it) and the root of its git repository."""
    found: Ignores = []
    current = os.path.abspath(folder)
    while not os.path.exists(os.path.join(current, ".git")):
        parent = os.path.dirname(current)
        if parent == current:
            return []  # no repository: only the files inside the folder count
        current = parent
        file = os.path.join(current, ".gitignore")
        if os.path.isfile(file):
            found.insert(0, (current, _read(file)))
    exclude = os.path.join(current, ".git", "info", "exclude")
    if os.path.isfile(exclude):
        found.insert(0, (current, _read(exclude)))
    return found


def _read(file: str) -> "GitIgnoreSpec":
    try:
        with open(file, encoding="utf-8", errors="surrogateescape") as lines:
            return _spec(lines.read().splitlines())
    except OSError as error:
        raise CouldNotRead(f"can't read {shown(file)}: {(error.strerror or '').lower()}") from None


def _spec(patterns: Sequence[str]) -> "GitIgnoreSpec":
    from pathspec import GitIgnoreSpec  # only where there is something to ignore

    return GitIgnoreSpec.from_lines(patterns)


def _matches(spec: "GitIgnoreSpec", path: str, root: str) -> bool:
    return spec.match_file(_relative(path, root))


def _relative(path: str, root: str) -> str:
    slash = "/" if path.endswith("/") else ""
    return os.path.relpath(os.path.abspath(path), os.path.abspath(root)).replace(os.sep, "/") + slash
