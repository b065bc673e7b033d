"""Specs and data that a command is given, read and checked first: from what has errors nothing is made."""

from collections.abc import Sequence

from pnpc.check.engine import undecodable
from pnpc.cli.common import say
from pnpc.cli.compiling.targeting import target_for
from pnpc.cli.errors import CouldNotRun
from pnpc.compile.plan import CannotCompile, Plan
from pnpc.compile.tables.data import read_data
from pnpc.compile.tables.recipients import Record
from pnpc.compile.text import SpecErrors, plans_of
from pnpc.language.message.notice import Notice
from pnpc.project.discovery import InputFile
from pnpc.project.files import read, shown
from pnpc.project.run import check_bytes, gather
from pnpc.project.workspace import Workspace
from pnpc.report import render
from pnpc.report.report import Report, Summary
from pnpc.text.finding import Diagnostic
from pnpc.text.source import Source, Undecodable, decode


class _Wrong(SpecErrors):
    """Mistakes to be shown with the sources that they stand in."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...], sources: dict[str, Source]) -> None:
        super().__init__(diagnostics)
        self.sources = sources


def read_specs(
    names: Sequence[str], workspace: Workspace, target: str, campaign: str | None
) -> tuple[list[Plan], dict[str, Source]]:
    """The plans of all specs, which are checked first, and the texts of their files. Raises SpecErrors, CouldNotRun."""
    checked = read_checked(names, workspace)
    sources = {name: source for name, (source, _) in checked.items()}
    plans: list[Plan] = []
    for name, (_, notices) in checked.items():
        try:
            way = target_for(target, workspace.settings(name).config)
            plans += plans_of(notices, workspace.context(name), way, workspace.levels(name), campaign)
        except CannotCompile as error:
            raise CouldNotRun(f"{shown(name)}: {error}") from None
        except SpecErrors as error:
            raise _Wrong(error.diagnostics, sources) from None
    if not plans:
        raise CouldNotRun(f"no spec in {', '.join(map(shown, names))}")
    return plans, sources


def read_checked(names: Sequence[str], workspace: Workspace) -> dict[str, tuple[Source, tuple[Notice, ...]]]:
    """The texts and typed messages of files without errors, by their names. Raises SpecErrors, CouldNotRead."""
    results = {name: check_bytes(name, read(name), workspace, named=True, keep=True) for name in names}
    checked = gather([(InputFile(name, named=True), results[name]) for name in names], workspace)
    if any(diagnostic.severity == "error" for diagnostic in checked.diagnostics):
        raise _Wrong(tuple(checked.diagnostics), checked.sources)
    return {
        name: (result.source, result.checked.notices) for name, result in results.items() if result.source is not None
    }


def read_record(name: str) -> Record:
    """The record of a data file. Raises SpecErrors, whose diagnostics are shown without the text of the file."""
    try:
        reading = read_data(decode(shown(name), read(name)))
    except Undecodable as error:
        raise SpecErrors(undecodable(error).diagnostics) from None
    if reading.record is None:
        raise SpecErrors(reading.diagnostics)
    return reading.record


def show(error: SpecErrors, *, color: bool) -> None:
    """Print the mistakes of specs or data to standard error."""
    errors = sum(diagnostic.severity == "error" for diagnostic in error.diagnostics)
    files = len({diagnostic.file for diagnostic in error.diagnostics})
    summary = Summary(files=files, errors=errors, warnings=len(error.diagnostics) - errors)
    sources = error.sources if isinstance(error, _Wrong) else {}
    say(render("full", Report(error.diagnostics, summary, sources), color=color).removesuffix("\n"))
