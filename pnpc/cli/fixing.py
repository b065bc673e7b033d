"""`--fix` and `--diff`: the safe fixes, applied round by round until none is left."""

import difflib
from collections.abc import Iterable

from pnpc.cli.common import write
from pnpc.project.discovery import Target
from pnpc.project.files import read
from pnpc.project.files import write as write_file
from pnpc.project.workspace import Workspace
from pnpc.text.edits import apply
from pnpc.text.source import Source, Undecodable, decode

MAX_ROUNDS = 10


def fix_source(source: Source, workspace: Workspace, *, named: bool) -> Source:
    """A source with its safe fixes applied; the same source if there are none."""
    for _ in range(MAX_ROUNDS):
        diagnostics = workspace.check(source, named=named).diagnostics
        fixes = [one.fix.edits for one in diagnostics if one.fix is not None and one.fix.safe]
        text, applied = apply(source.text, fixes)
        if not applied or text == source.text:
            break
        source = Source(source.name, ("\ufeff" if source.bom else "") + text)
    return source


def fix_files(targets: Iterable[Target], workspace: Workspace, *, diff: bool) -> int:
    """Mend files, or show how; gives how many change."""
    changed = 0
    for target in targets:
        try:
            before = decode(target.name, read(target.name))
        except Undecodable:
            continue  # the check that follows tells of it
        after = fix_source(before, workspace, named=target.named)
        if after.text == before.text:
            continue
        changed += 1
        if diff:
            write(unified(before, after))
        else:
            write_file(target.name, _bytes(after))
    return changed


def fix_stdin(name: str, workspace: Workspace, *, diff: bool) -> int:
    """Mend standard input: the mended text, or the diff, goes to standard output."""
    before = decode(name, read("-"))
    after = fix_source(before, workspace, named=True)
    if diff:
        write(unified(before, after))
        return 1 if after.text != before.text else 0
    write(("\ufeff" if after.bom else "") + after.text)
    return 1 if any(one.severity == "error" for one in workspace.check(after).diagnostics) else 0


def _bytes(source: Source) -> bytes:
    return (("\ufeff" if source.bom else "") + source.text).encode("utf-8")


def unified(before: Source, after: Source) -> str:
    """The change as a unified diff."""
    lines = difflib.unified_diff(
        before.text.splitlines(keepends=True), after.text.splitlines(keepends=True), before.name, after.name
    )
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
