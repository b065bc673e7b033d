"""One run over many files: read, check, gather; on several processors where it pays."""

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from pnpc.check.amount import MAX_OF_RUN, counted
from pnpc.check.engine import file_diagnostic, undecodable
from pnpc.check.reading import Checked, LeftOut, Named
from pnpc.line.looks import may_be_ours, undecodable_looks_ours
from pnpc.project.discovery import InputFile
from pnpc.project.files import read
from pnpc.project.workspace import Workspace
from pnpc.report.report import Summary
from pnpc.text.finding import Diagnostic, Related
from pnpc.text.source import Source, Undecodable, decode
from pnpc.text.wording import says

# Below this many files a second process costs more than it saves.
_WORTH_FORKING = 800
_CHUNK = 100  # files that a worker is given at once


class FileResult(NamedTuple):
    """What one file gave, and its text (None: it is not needed, or the file was passed over)."""

    checked: Checked
    source: Source | None


class RunResult(NamedTuple):
    """What all files gave, in the order of the files; `names` are all that were looked at, passed over or not."""

    diagnostics: list[Diagnostic]
    sources: dict[str, Source]
    files: int
    passed_over: int
    suppressed: int
    names: tuple[str, ...]
    left_out: LeftOut = LeftOut()


def check_file(target: InputFile, workspace: Workspace, *, keep: bool = False) -> FileResult:
    """Check one file on disk; `keep` as in `pnpc.check.engine.check`. Raises CouldNotRead."""
    data = read(target.name)
    if not target.named and not may_be_ours(data):
        return FileResult(Checked((), is_ours=False), None)
    result = check_bytes(target.name, data, workspace, named=target.named, keep=keep)
    return result if result.checked.diagnostics else result._replace(source=None)  # its text is not needed


def check_bytes(name: str, data: bytes, workspace: Workspace, *, named: bool, keep: bool = False) -> FileResult:
    """Check the bytes of a file under its name; `keep` as in `pnpc.check.engine.check`."""
    try:
        source = decode(name, data)
    except Undecodable as error:
        if not named and not undecodable_looks_ours(name, data):
            return FileResult(Checked((), is_ours=False), None)
        return FileResult(undecodable(error), error.source)
    checked = workspace.check(source, named=named, keep=keep)
    return FileResult(checked, source)


def check_all(targets: Iterable[InputFile], workspace: Workspace, jobs: int = 0) -> RunResult:
    """Check all files; `jobs` processes, 0 for as many as pay. Raises CouldNotRead, ConfigError."""
    listed = list(targets)
    jobs = workers(len(listed), jobs)
    if jobs > 1:
        results = _forked(listed, workspace, jobs)
    else:
        results = ((target, check_file(target, workspace)) for target in listed)
    return gather(results, workspace)


def workers(files: int, jobs: int) -> int:
    """How many processes check `files` files: at most `jobs`, 0 for one per usable processor; 1 is our own process."""
    if files < _WORTH_FORKING or not hasattr(os, "fork"):
        return 1
    ours = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(jobs or ours, -(-files // _CHUNK))


def gather(results: Iterable[tuple[InputFile, FileResult]], workspace: Workspace) -> RunResult:
    """Put the files' results together, and find the specs that share a name.

    Of more than MAX_OF_RUN diagnostics the others are counted, but for a baseline, which knows them one by one.
    """
    diagnostics: list[Diagnostic] = []
    sources: dict[str, Source] = {}
    names: list[str] = []
    shared: dict[Diagnostic, int] = {}
    first: dict[str, Named] = {}
    files = passed_over = suppressed = 0
    left_out = LeftOut()
    for target, (checked, source) in results:
        names.append(target.name)
        if not checked.is_ours:
            passed_over += 1
            continue
        files += 1
        suppressed += checked.suppressed
        twice = [_twice(named, first, workspace) for named in checked.names]
        here = [*checked.diagnostics, *(diagnostic for diagnostic in twice if diagnostic is not None)]
        if not here:
            continue
        left_out = left_out.plus(checked.left_out)
        if len(diagnostics) + len(here) > MAX_OF_RUN and not workspace.has_baseline(target.name):
            left_out = left_out.plus(counted(here))
            continue
        for diagnostic in sorted(
            here,
            key=lambda diagnostic: (diagnostic.file != target.name, diagnostic.file, diagnostic.span, diagnostic.code),
        ):
            _once(diagnostic, target.name, diagnostics, shared)
        sources.update((fragment.name, fragment) for fragment in checked.fragments)
        sources[target.name] = source or decode(target.name, read(target.name))
    return RunResult(diagnostics, sources, files, passed_over, suppressed, tuple(names), left_out)


def summed_up(result: RunResult, diagnostics: list[Diagnostic], held: int) -> tuple[list[Diagnostic], Summary]:
    """The diagnostics to show after a baseline held back `held` of them, and the counts."""
    shown, rest = diagnostics[:MAX_OF_RUN], diagnostics[MAX_OF_RUN:]
    left_out = result.left_out.plus(counted(rest))
    every = counted(shown).plus(left_out)
    summary = Summary(
        files=result.files,
        errors=every.errors,
        warnings=every.warnings,
        passed_over=result.passed_over,
        baselined=held,
        suppressed=result.suppressed,
        left_out=sum(left_out),
    )
    return shown, summary


def _once(diagnostic: Diagnostic, file: str, diagnostics: list[Diagnostic], shared: dict[Diagnostic, int]) -> None:
    """Add a diagnostic of a file; a mistake in a fragment is one mistake, however many specs include that."""
    if diagnostic.file != file:
        key = diagnostic._replace(related=(), help=None)
        at = shared.setdefault(key, len(diagnostics))
        if at < len(diagnostics):
            more = [related for related in diagnostic.related if related not in diagnostics[at].related]
            diagnostics[at] = diagnostics[at]._replace(related=(*diagnostics[at].related, *more))
            return
    diagnostics.append(diagnostic)


def _twice(named: Named, first: dict[str, Named], workspace: Workspace) -> Diagnostic | None:
    earlier = first.setdefault(named.name, named)
    if earlier is named:
        return None
    levels = workspace.levels(named.file)
    if levels.get("duplicate-name", "") is None:
        return None
    message = says("the name `{name}` is already taken", name=named.name)
    related = (Related(earlier.file, earlier.range, str(says("by this spec"))),)
    return file_diagnostic(
        "duplicate-name", message, named.file, named.range, levels, span=named.span, path="name", related=related
    )


_shared: tuple[list[InputFile], Workspace] | None = None


def _forked(targets: list[InputFile], workspace: Workspace, jobs: int) -> Iterator[tuple[InputFile, FileResult]]:
    """The same results in the same order; workers inherit the list by fork, only results are sent back."""
    from multiprocessing import get_context  # 16 ms that a small run does not pay

    global _shared
    _shared = (targets, workspace)
    starts = range(0, len(targets), _CHUNK)
    with get_context("fork").Pool(jobs) as pool:
        for start, results in zip(starts, pool.imap(_check_chunk, starts), strict=True):
            yield from zip(targets[start : start + _CHUNK], results, strict=True)


def _check_chunk(start: int) -> Sequence[FileResult]:
    assert _shared is not None
    targets, workspace = _shared
    return [check_file(target, workspace) for target in targets[start : start + _CHUNK]]
