"""Stored snapshots: `__payloads__/NAME.json` next to the spec NAME. Compared, written, removed."""

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from pnpc.compile.diff.snapshot import Snapshot, is_stored, take
from pnpc.compile.plan import CannotCompile
from pnpc.compile.text import SpecErrors, plans_of
from pnpc.language.message.notice import Notice
from pnpc.project import own_files
from pnpc.project.discovery import ENDINGS, InputFile, find
from pnpc.project.files import CouldNotRead, read, shown, write
from pnpc.project.run import FileResult, check_file, gather
from pnpc.project.workspace import Workspace
from pnpc.text.document import Scalar, Unreadable
from pnpc.text.finding import Diagnostic
from pnpc.text.members import members
from pnpc.text.nodes import compose
from pnpc.text.source import Source, Undecodable, decode

FOLDER = "__payloads__"
ENDING = ".json"


class SnapshotFile(NamedTuple):
    """One snapshot's file: `stored` is its text (None: no file), `now` what the spec gives (None: no such spec).

    `foreign` is a file without a spec that holds no snapshot: whoever put it there may need it.
    """

    file: str
    state: Literal["same", "missing", "stale", "orphaned", "foreign"]
    stored: str | None
    now: Snapshot | None


class SnapshotComparison(NamedTuple):
    """All snapshots of a run, in the order of their files; the mistakes of specs that have none because of them, with
    the texts of the files that these stand in; and how many specs were looked at."""

    kept: list[SnapshotFile]
    mistakes: list[Diagnostic]
    sources: dict[str, Source]
    specs: int


def compare(paths: Sequence[str], workspace: Workspace) -> SnapshotComparison:
    """Compare the snapshots of all specs of files and folders. Raises CouldNotRead, ConfigError.

    A spec with errors has no snapshot, and its file is not called an orphan. Of files that are named only their own
    snapshots are compared; orphans are looked for in folders.
    """
    targets = [target for target in find(paths, workspace) if not _is_snapshot(target.name)]
    taken: dict[str, _Taken] = {}
    checked = gather(_checked(targets, workspace, taken), workspace)
    mistakes = [diagnostic for diagnostic in checked.diagnostics if diagnostic.severity == "error"]
    sources = dict(checked.sources)
    broken = {diagnostic.file for diagnostic in mistakes}
    kept: dict[str, SnapshotFile] = {}
    specs = 0
    for file, of_file in taken.items():
        if file in broken:  # by a mistake that only the whole run shows, such as a name that two specs have
            continue
        mistakes += of_file.mistakes
        specs += of_file.specs
        if of_file.mistakes:
            sources[file] = of_file.source
        for name, now in of_file.snapshots:
            snapshot = _compare(path_of(file, name), now)
            if snapshot.file in kept:
                raise CouldNotRead(f"two specs are named `{name}`: {shown(snapshot.file)} can hold one of them only")
            kept[snapshot.file] = snapshot
    kept.update((orphan.file, orphan) for orphan in _orphans(paths, workspace, targets, kept))
    return SnapshotComparison([kept[file] for file in sorted(kept)], mistakes, sources, specs + len(broken))


class _Taken(NamedTuple):
    """What the specs of one file become: snapshots by the specs' names, and what is wrong with those that have none."""

    source: Source
    specs: int
    snapshots: list[tuple[str, Snapshot]]
    mistakes: list[Diagnostic]


def _checked(
    targets: Iterable[InputFile], workspace: Workspace, taken: dict[str, _Taken]
) -> Iterator[tuple[InputFile, FileResult]]:
    """The check of each file. The snapshots of one without errors are put into `taken` on the way: its nodes, which
    take far more memory, need not be kept until all files are checked. Raises CouldNotRead."""
    for target in targets:
        result = check_file(target, workspace, keep=True)
        specs = [notice for notice in result.checked.notices if notice.is_spec]
        if specs and not any(diagnostic.severity == "error" for diagnostic in result.checked.diagnostics):
            try:
                taken[target.name] = _take(specs, workspace)
            except CannotCompile as error:
                raise CouldNotRead(f"{shown(target.name)}: {error}") from None
        yield target, result._replace(checked=result.checked._replace(notices=()))


def _take(notices: Sequence[Notice], workspace: Workspace) -> _Taken:
    """The snapshots of the specs of a file. Raises CannotCompile."""
    source = notices[0].document.source.files()[0]
    made = _Taken(source, len(notices), [], [])
    try:
        plans = plans_of(notices, workspace.context(source.name), levels=workspace.levels(source.name))
    except SpecErrors as error:
        return made._replace(specs=0, mistakes=list(error.diagnostics))
    for plan in plans:
        snapshot = take(plan)
        if isinstance(snapshot, Snapshot):
            made.snapshots.append((plan.name or "", snapshot))
        else:
            made.mistakes.extend(snapshot)
    return made


def path_of(file: str, name: str) -> str:
    """Where the snapshot of the spec `name`, which stands in `file`, lies."""
    return os.path.join(os.path.dirname(file), FOLDER, name + ENDING)


def update(snapshot: SnapshotFile) -> None:
    """Write a snapshot that is missing or stale, remove one that is orphaned; whole or not at all. Raises OSError."""
    folder = os.path.dirname(snapshot.file)
    if snapshot.state == "orphaned":
        os.unlink(snapshot.file)
        if not os.listdir(folder):
            os.rmdir(folder)
    elif snapshot.state != "same" and snapshot.now is not None:
        os.makedirs(folder, exist_ok=True)
        write(snapshot.file, snapshot.now.dump().encode())


def _compare(file: str, now: Snapshot) -> SnapshotFile:
    if not own_files.is_there(file, os.path.dirname(os.path.dirname(file))):
        return SnapshotFile(file, "missing", None, now)
    stored = _text(file)
    return SnapshotFile(file, "same" if stored == now.dump() else "stale", stored, now)


def _text(file: str) -> str:
    """A stored text. A checkout may have turned its line breaks; bytes that are not UTF-8 become lone surrogates."""
    return own_files.data(file).decode("utf-8", "backslashreplace").replace("\r\n", "\n")


def _is_snapshot(file: str) -> bool:
    return os.path.basename(os.path.dirname(os.path.abspath(file))) == FOLDER and file.endswith(ENDING)


def _orphans(
    paths: Sequence[str], workspace: Workspace, targets: Sequence[InputFile], known: Iterable[str]
) -> Iterator[SnapshotFile]:
    """Snapshots without a spec of that name next to them, in all folders of a run."""
    folders = [path for path in paths if os.path.isdir(path)]
    stored_files = (
        {target.name for target in find(folders, workspace) if _is_snapshot(target.name)} if folders else set()
    )
    for folder in {os.path.dirname(target.name) for target in targets if not target.named}:
        stored_files.update(_inside(os.path.join(folder, FOLDER)))
    names: dict[str, set[str] | None] = {}
    for file in sorted(stored_files.difference(known)):
        folder = os.path.dirname(os.path.dirname(file))
        own_files.is_there(file, folder)
        if folder not in names:
            names[folder] = _names(folder)
        named = names[folder]
        if named is not None and os.path.basename(file).removesuffix(ENDING) not in named:
            stored = _text(file)
            yield SnapshotFile(file, "orphaned" if is_stored(stored) else "foreign", stored, None)


def _inside(folder: str) -> Iterator[str]:
    if os.path.isdir(folder):
        yield from (os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(ENDING))


def _names(folder: str) -> set[str] | None:
    """All texts at the top of a folder's documents, of which one may be a spec's name, be its key misspelt or not.

    None if a file can't be read to its end: what it would hold is not known, and no snapshot here is called an orphan.
    """
    names: set[str] = set()
    for entry in sorted(os.listdir(folder or ".")):
        file = os.path.join(folder, entry)
        if not entry.lower().endswith(ENDINGS) or not os.path.isfile(file):
            continue
        try:
            documents = list(compose(decode(file, read(file))))
        except (Undecodable, Unreadable):
            return None
        for document in documents:
            names.update(node.value for node in members(document.root).values() if isinstance(node, Scalar))
    return names
