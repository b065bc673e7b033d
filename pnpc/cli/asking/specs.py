"""The documents that LINE is asked about: read and checked first; what the catalog does not know is no reason not to ask."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from pnpc.cli.common import say
from pnpc.project.discovery import InputFile, find
from pnpc.project.files import read
from pnpc.project.run import FileResult, check_bytes, gather
from pnpc.project.workspace import Workspace

if TYPE_CHECKING:
    from pnpc.check.engine import Level
    from pnpc.language.message.context import Context
    from pnpc.language.message.notice import Notice
    from pnpc.text.finding import Diagnostic
    from pnpc.text.source import Source


class WrongSpecs(Exception):
    """Specs with mistakes: nothing is asked about them."""

    def __init__(self, diagnostics: "tuple[Diagnostic, ...]", sources: "Mapping[str, Source]") -> None:
        super().__init__(diagnostics[0].message)
        self.diagnostics, self.sources = diagnostics, sources

    def show(self, *, color: bool) -> None:
        """Print the mistakes to standard error."""
        from pnpc.cli.asking.report import diagnostics_as_text

        say(diagnostics_as_text(self.diagnostics, self.sources, color=color).rstrip("\n"))
        say("pnpc: LINE was not asked: fix these first")


class SpecDocument(NamedTuple):
    """A document without mistakes, and under which settings it was checked."""

    notice: "Notice"
    context: "Context"
    levels: "Mapping[str, Level]"


def read_documents(paths: Sequence[str], workspace: Workspace) -> Iterator[SpecDocument]:
    """The specs and request bodies of files and folders. Raises WrongSpecs, CouldNotRead, ConfigError."""
    from pnpc.deliver.asking.variants import OF_THE_CATALOG

    results = [
        (target, result) for target in find(paths, workspace) if (result := _checked(target, workspace)) is not None
    ]
    checked = gather(results, workspace)
    wrong = tuple(
        diagnostic
        for diagnostic in checked.diagnostics
        if diagnostic.severity == "error" and diagnostic.name not in OF_THE_CATALOG
    )
    if wrong:
        raise WrongSpecs(wrong, checked.sources)
    for target, result in results:
        for notice in result.checked.notices:
            yield SpecDocument(notice, workspace.context(target.name), workspace.levels(target.name))


def _checked(target: InputFile, workspace: Workspace) -> FileResult | None:
    """A file, checked; None for one of a folder that is not ours."""
    from pnpc.line.looks import may_be_ours

    data = read(target.name)
    if not target.named and not may_be_ours(data):
        return None
    return check_bytes(target.name, data, workspace, named=target.named, keep=True)
