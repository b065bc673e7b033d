"""`--fix` and `--diff`: the safe fixes, applied round by round until none is left.

Which fixes are safe is decided by `pnpc.check.fixes`; here they are only applied.
"""

import difflib
from collections.abc import Iterable

from pnpc.cli.common import write
from pnpc.cli.errors import CouldNotRun
from pnpc.project.discovery import InputFile
from pnpc.project.files import read, shown
from pnpc.project.files import write as write_file
from pnpc.project.workspace import Workspace
from pnpc.text.document import MAX_DEPTH
from pnpc.text.edits import apply
from pnpc.text.source import Source, Undecodable, decode

MAX_ROUNDS = 2 * MAX_DEPTH  # a repair may bring one to light that lies deeper, and no text is deeper than that


def fix_source(source: Source, workspace: Workspace, *, named: bool) -> Source:
    """A source with its safe fixes applied; the same source if there are none."""
    for _ in range(MAX_ROUNDS):
        diagnostics = workspace.check(source, named=named).diagnostics
        fixes = [
            diagnostic.fix.edits for diagnostic in diagnostics if diagnostic.fix is not None and diagnostic.fix.safe
        ]
        text, applied = apply(source.text, fixes)
        if not applied or text == source.text:
            break
        source = Source(source.name, ("\ufeff" if source.bom else "") + text)
    return source


def fix_files(targets: Iterable[InputFile], workspace: Workspace, *, diff: bool) -> int:
    """Fix files, or show how; gives how many change. Raises CouldNotRun, CouldNotRead."""
    changed = 0
    for target in targets:
        data = read(target.name)
        if diff:
            changed += diff_bytes(target, data, workspace)
            continue
        fixed = fix_bytes(target, data, workspace)
        if fixed != data:
            changed += 1
            _replace(target.name, data, fixed)
    return changed


def _replace(name: str, before: bytes, after: bytes) -> None:
    """Write a fixed file, if it is still as it was when it was read."""
    if read(name) != before:
        raise CouldNotRun(f"{shown(name)} has changed since it was read: it was left as it is; run the command again")
    try:
        write_file(name, after)
    except OSError as error:
        raise CouldNotRun(f"can't write {shown(name)}: {(error.strerror or '').lower()}") from None


def fix_bytes(target: InputFile, data: bytes, workspace: Workspace) -> bytes:
    """A file's bytes with its safe fixes applied; files that are not text stay: the check that follows reports them."""
    try:
        before = decode(target.name, data)
    except Undecodable:
        return data
    after = fix_source(before, workspace, named=target.named)
    return data if after is before else _bytes(after)


def diff_bytes(target: InputFile, data: bytes, workspace: Workspace) -> bool:
    """Write what the safe fixes would change as a diff; gives whether there is anything. Raises CouldNotRun."""
    try:
        before = decode(target.name, data)
    except Undecodable as error:
        if not target.named:
            return False  # it may be anything
        raise CouldNotRun(f"can't read {shown(target.name)}: {error.reason}") from None
    after = fix_source(before, workspace, named=target.named)
    write(unified(before, after))
    return after.text != before.text


def _bytes(source: Source) -> bytes:
    return (("\ufeff" if source.bom else "") + source.text).encode("utf-8")


def unified(before: Source, after: Source) -> str:
    """The change as a unified diff, with the lines that `patch` and git see: they end at LF only."""
    lines = difflib.unified_diff(_lines(before), _lines(after), before.name, after.name)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _lines(source: Source) -> list[str]:
    lines = _bytes(source).decode().split("\n")
    return [*(f"{line}\n" for line in lines[:-1]), *filter(None, lines[-1:])]
