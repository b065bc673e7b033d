"""`pnpc compile --check` and `--update`: the payloads of examples against those that are stored next to the specs."""

import sys
from collections.abc import Iterator, Sequence

from pnpc.cli.common import heard, say, wants_color
from pnpc.cli.errors import CouldNotRun
from pnpc.compile.diff.formats.words import line_of
from pnpc.compile.diff.snapshot import changed, diff
from pnpc.project.files import shown
from pnpc.project.snapshots import SnapshotComparison, SnapshotFile, compare, update
from pnpc.project.workspace import Workspace
from pnpc.report import render
from pnpc.report.clean import visible
from pnpc.report.report import Report, Summary

_MOST_LINES = 40  # of one diff
_MOST_CHANGES = 20  # of one snapshot
_COLORS = {"+": "\x1b[32m", "-": "\x1b[31m", "@": "\x1b[36m"}
_DONE = {"missing": "written", "stale": "written", "orphaned": "removed"}


def run(paths: Sequence[str], workspace: Workspace, *, write: bool, color: str, allow_empty: bool) -> int:
    """Compare the snapshots of all specs, or with `write` bring them up to date; gives the exit code."""
    if "-" in paths:
        raise CouldNotRun("a snapshot is stored next to its spec: name files and folders, not `-`")
    comparison = compare(paths or (".",), workspace)
    if not comparison.specs and not comparison.kept and not comparison.mistakes and not allow_empty:
        raise CouldNotRun(
            f"no spec found in {', '.join(map(shown, paths or ('.',)))}; if that is right, add --allow-empty"
        )
    if comparison.mistakes:
        _tell(comparison, colored=wants_color(sys.stderr, color))
    others = [snapshot for snapshot in comparison.kept if snapshot.state != "same"]
    with heard():
        for snapshot in others:
            if write and snapshot.state != "foreign":
                _update(snapshot)
            else:
                _show(snapshot, colored=wants_color(sys.stdout, color))
        sys.stdout.flush()
    say(_summary(comparison, write=write))
    is_left = any(snapshot.state == "foreign" or not write for snapshot in others)
    return 1 if comparison.mistakes or is_left else 0


def _update(snapshot: SnapshotFile) -> None:
    try:
        update(snapshot)
    except OSError as error:
        raise CouldNotRun(f"can't write {shown(snapshot.file)}: {(error.strerror or '').lower()}") from None
    with heard():
        sys.stdout.write(f"{shown(snapshot.file)}: {_DONE[snapshot.state]}\n")


def _show(snapshot: SnapshotFile, *, colored: bool) -> None:
    if snapshot.state == "missing":
        lines = [f"{shown(snapshot.file)}: missing; `pnpc compile --update` writes it"]
    elif snapshot.state == "foreign":
        lines = [f"{shown(snapshot.file)}: not a snapshot, and no spec of that name is next to it; not changed"]
    elif snapshot.state == "orphaned":
        lines = [
            f"{shown(snapshot.file)}: orphaned, no spec of that name is next to it; `pnpc compile --update` removes it"
        ]
    else:
        lines = [f"{shown(snapshot.file)}: stale", *_stale(snapshot, colored=colored)]
    sys.stdout.write("\n".join(lines) + "\n")


def _stale(snapshot: SnapshotFile, *, colored: bool) -> Iterator[str]:
    """Which values changed, and the diff of the texts."""
    assert snapshot.stored is not None
    assert snapshot.now is not None
    values = list(changed(snapshot.stored, snapshot.now))
    yield from _cut([f"  {line_of(value)}" for value in values], _MOST_CHANGES, "changes")
    lines = [visible(line) for line in diff(snapshot.stored, snapshot.now, shown(snapshot.file))]
    for line in _cut(lines, _MOST_LINES, "lines"):
        pen = _COLORS.get(line[:1], "") if colored else ""
        yield f"  {pen}{line}\x1b[0m" if pen else f"  {line}"


def _cut(lines: list[str], most: int, noun: str) -> list[str]:
    return lines if len(lines) <= most else [*lines[:most], f"  … and {len(lines) - most} more {noun}"]


def _tell(comparison: SnapshotComparison, *, colored: bool) -> None:
    summary = Summary(
        files=len({diagnostic.file for diagnostic in comparison.mistakes}), errors=len(comparison.mistakes), warnings=0
    )
    say(render("full", Report(tuple(comparison.mistakes), summary, comparison.sources), color=colored).rstrip("\n"))


def _summary(comparison: SnapshotComparison, *, write: bool) -> str:
    states = [snapshot.state for snapshot in comparison.kept]
    total = f"{len(states)} snapshot{'' if len(states) == 1 else 's'}"
    if write:
        written = sum(state in ("missing", "stale") for state in states)
        return f"{total}: {written} written, {states.count('orphaned')} removed, {states.count('same')} unchanged"
    wrong = [
        f"{states.count(state)} {state}" for state in ("missing", "stale", "orphaned", "foreign") if state in states
    ]
    return f"{total}: {', '.join(wrong)}" if wrong else f"{total}, all as stored"
