"""Files as they were: the specs of a git revision, of a folder, or of a file. Reads only, by the `git` command."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import IO, NamedTuple

from pnpc.compile.diff import version
from pnpc.compile.diff.version import Version
from pnpc.line.looks import looks_ours, may_be_ours, undecodable_looks_ours
from pnpc.project.config import NAMES, ConfigError
from pnpc.project.discovery import ENDINGS, InputFile, find
from pnpc.project.files import MAX_BYTES, CouldNotRead, read, shown
from pnpc.project.workspace import Workspace
from pnpc.text.document import Unreadable
from pnpc.text.source import Source, Span, Undecodable, decode

_CONFIGS = (*NAMES, ".gitignore")
_HEAD = 3  # words before an object of `cat-file --batch`: its name, type and size
# No lock is taken, nothing is fetched, no password is asked for.
_QUIET = {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


class Side(NamedTuple):
    """One of two sets of files. `paths` are what to look at, `home` the folder (or file) that places are relative to.

    `prefix`: of a revision, the folder on disk that holds a copy of it; people see `label`, such as `main:`, instead.
    """

    paths: tuple[str, ...]
    home: str
    prefix: str = ""
    label: str = ""

    def shown(self, name: str) -> str:
        """A file's name as people know it."""
        return shown(self.label + name[len(self.prefix) :] if self.prefix and name.startswith(self.prefix) else name)


def on_disk(paths: Sequence[str], *, alone: bool) -> Side:
    """The files as they are now. `alone`: one file or folder is looked at by itself, so that only what is in it counts."""
    return Side(tuple(paths), paths[0] if alone else os.getcwd())


@contextmanager
def of_revision(revision: str, paths: Sequence[str]) -> Iterator[Side]:
    """The files of a git revision, at the same paths as on disk, while the block lasts. Raises CouldNotRead.

    What a check may read (specs, configs, catalogs, fragments) is copied into a temporary folder; links are left out.
    """
    here = _git("rev-parse", "--show-prefix").rstrip("\n")
    top = _git("rev-parse", "--show-toplevel").rstrip("\n")
    tree = _tree(revision)
    with TemporaryDirectory(prefix="pnpc-") as folder:
        folder = os.path.realpath(folder)
        os.mkdir(os.path.join(folder, ".git"))  # here the repository begins: .gitignore files below count
        _copy(tree, folder, top)
        home = os.path.join(folder, here.rstrip("/")) if here else folder
        chosen = [_moved(path, top, folder) for path in paths]
        present = tuple(path for path in chosen if os.path.lexists(path))
        yield Side(present, home, folder + os.sep, f"{revision}:")


def specs(side: Side, workspace: Workspace) -> list[Version]:
    """The specs and request bodies of a set of files, in the order of their names. Raises CouldNotRead."""
    try:
        return [spec for target in find(side.paths, workspace) for spec in _specs(target, side, workspace)]
    except ConfigError as error:
        first = error.diagnostics[0]
        place = f"{side.shown(os.path.abspath(first.file))}:{first.range.start.line}:{first.range.start.column}"
        raise CouldNotRead(f"{place}: {first.message}") from None


def is_revision(word: str) -> bool:
    """Whether git knows a word as a revision; False where there is no repository, or no git."""
    try:
        _tree(word)
    except CouldNotRead:
        return False
    return True


def merge_base(revision: str, other: str) -> str:
    """The commit at which two revisions parted. Raises CouldNotRead."""
    _tree(revision), _tree(other)
    try:
        return _git("merge-base", revision, other).strip()
    except CouldNotRead:
        raise CouldNotRead(f"`{revision}` and `{other}` have no commit in common") from None


def _specs(target: InputFile, side: Side, workspace: Workspace) -> list[Version]:
    data = read(target.name)
    if not target.named and not may_be_ours(data):
        return []
    name = side.shown(target.name)
    home = os.path.relpath(target.name, side.home)
    try:
        source = decode(target.name, data)
    except Undecodable as error:
        if target.named or undecodable_looks_ours(target.name, data):
            raise CouldNotRead(f"{name}: {error.reason}") from None
        return []
    try:
        specs = version.read(source, workspace.context(target.name), name, home, named=target.named)
    except Unreadable as error:
        if target.named or looks_ours(target.name, source.text):
            raise CouldNotRead(f"{name}:{_place(source, error)}: {error.finding.message}") from None
        return []
    if target.named and not specs:
        raise CouldNotRead(f"{name}: neither a spec nor a request body")
    return specs


def _place(source: Source, error: Unreadable) -> str:
    where = error.finding.where
    position = source.position(where.start if isinstance(where, Span) else 0)
    return f"{position.line}:{position.column}"


# --- git ---


class _Blob(NamedTuple):
    id: str
    path: str


def _tree(revision: str) -> str:
    """The tree of a revision. Raises CouldNotRead."""
    if revision.startswith("-"):
        raise CouldNotRead(f"`{revision}` is not a git revision")
    try:
        return _git("rev-parse", "--verify", "--quiet", f"{revision}^{{tree}}").strip()
    except CouldNotRead as error:
        if str(error):
            raise
        raise CouldNotRead(f"git knows no revision `{revision}`, and there is no file of that name") from None


def _git(*words: str) -> str:
    """What a git command prints. Raises CouldNotRead with its first complaint, or an empty text if it has none."""
    try:
        done = subprocess.run(["git", *words], capture_output=True, env={**os.environ, **_QUIET}, check=False)
    except FileNotFoundError:
        raise CouldNotRead("git is not installed: revisions can't be read") from None
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise CouldNotRead(lines[0].removeprefix("fatal: ") if lines else "")
    return os.fsdecode(done.stdout)


def _copy(tree: str, folder: str, top: str) -> None:
    """Copy what a check may read of a tree into a folder."""
    blobs = list(_blobs(tree, top))
    with subprocess.Popen(
        ["git", "-C", top, "cat-file", "--batch"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, **_QUIET},
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        for blob in blobs:
            process.stdin.write(blob.id.encode() + b"\n")
            process.stdin.flush()
            data = _blob(process.stdout, blob)
            file = os.path.join(folder, blob.path)
            os.makedirs(os.path.dirname(file), exist_ok=True)
            with open(file, "wb") as stream:
                stream.write(data)
        process.stdin.close()


def _blobs(tree: str, top: str) -> Iterator[_Blob]:
    """The files of a tree that a check may read; no links and no other repositories."""
    for line in _git("-C", top, "ls-tree", "-r", "-z", "--full-tree", tree).split("\0"):
        head, _, path = line.partition("\t")
        if not head.startswith("100"):
            continue
        name = os.path.basename(path)
        is_safe = not path.startswith("/") and ".." not in path.split("/")  # as it is in every sound repository
        if is_safe and (name in _CONFIGS or name.lower().endswith(ENDINGS)):
            yield _Blob(head.split()[2], path)


def _blob(stream: IO[bytes], blob: _Blob) -> bytes:
    """The next object of `cat-file --batch`, as much of it as is read of any file. Raises CouldNotRead."""
    head = stream.readline().split()
    if len(head) != _HEAD:
        raise CouldNotRead(f"git can't give {shown(blob.path)}: the object is missing from the repository")
    size = int(head[2])
    data = stream.read(min(size, MAX_BYTES + 1))
    left = size - len(data) + 1  # and the line break after it
    while left:
        left -= len(stream.read(min(left, MAX_BYTES)))
    return data


def _moved(path: str, top: str, folder: str) -> str:
    """Where the copy of a revision has what stands at a path on disk. Raises CouldNotRead."""
    inside = os.path.relpath(os.path.realpath(path), os.path.realpath(top))
    if inside.startswith(".."):
        raise CouldNotRead(f"{shown(path)} is outside the repository")
    return folder if inside == "." else os.path.join(folder, inside)
