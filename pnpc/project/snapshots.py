"""Stored snapshots: `__payloads__/NAME.json` next to the spec NAME. Compared, written, removed."""

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from pnpc.compile.diff.snapshot import Snapshot, is_stored, take
from pnpc.compile.plan import CannotCompile
from pnpc.compile.text import SpecErrors, read_plans
from pnpc.language.message import notice
from pnpc.project import own_files
from pnpc.project.discovery import ENDINGS, InputFile, find
from pnpc.project.files import CouldNotRead, read, shown, write
from pnpc.project.run import check_all
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
    checked = check_all(targets, workspace)
    mistakes = [diagnostic for diagnostic in checked.diagnostics if diagnostic.severity == "error"]
    sources = dict(checked.sources)
    broken = {diagnostic.file for diagnostic in mistakes}
    kept: dict[str, SnapshotFile] = {}
    specs = 0
    for target in targets:
        if target.name in broken or (source := _source(target)) is None:
            continue
        try:
            made = read_plans(source, workspace.context(target.name), levels=workspace.levels(target.name))
            plans = [plan for plan in made if not plan.raw]
        except SpecErrors as error:
            mistakes += error.diagnostics
            continue
        except CannotCompile as error:
            raise CouldNotRead(f"{shown(target.name)}: {error}") from None
        for plan in plans:
            specs += 1
            taken = take(plan)
            if isinstance(taken, Snapshot):
                snapshot = _compare(path_of(target.name, plan.name or ""), taken)
                if snapshot.file in kept:
                    raise CouldNotRead(
                        f"two specs are named `{plan.name}`: {shown(snapshot.file)} can hold one of them only"
                    )
                kept[snapshot.file] = snapshot
            else:
                mistakes += taken
                sources[target.name] = source
    kept.update((orphan.file, orphan) for orphan in _orphans(paths, workspace, targets, kept))
    return SnapshotComparison([kept[file] for file in sorted(kept)], mistakes, sources, specs + len(broken))


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


def _source(target: InputFile) -> Source | None:
    """The text of a file that holds a spec; None for any other."""
    data = read(target.name)
    if b"pnpc" not in data:
        return None
    try:
        source = decode(target.name, data)
        is_ours = any(notice.is_spec(document.root) for document in compose(source))
    except (Undecodable, Unreadable):
        return None  # if it was meant for us, the check has said so
    return source if is_ours else None


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
