"""What is said of a spec and of rows: mistakes, warnings and flaws as diagnostics, each at its place in its file."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from pnpc.check.engine import diagnose, file_diagnostic, range_of
from pnpc.compile.filled.message import Flaw
from pnpc.compile.tables.mistake import Mistake
from pnpc.compile.tables.recipients import Record
from pnpc.compile.warnings import Warned
from pnpc.language.message.notice import Notice
from pnpc.text.finding import Diagnostic, Finding, Place, Range, Related
from pnpc.text.path import Path
from pnpc.text.wording import says


class Reporter:
    """Reports of one spec. `declared` are the JSON Schemas of its variables, by name."""

    def __init__(self, notice: Notice, declared: Mapping[str, Mapping[str, Any]]) -> None:
        self._notice = notice
        self._declared = declared
        self._file = notice.document.source.name

    def of_spec(self, finding: Finding) -> Diagnostic:
        """A finding about the spec itself."""
        return diagnose(self._notice.document.source, finding, self._notice.tree, {})

    def range(self, path: Path, *, key: bool = False) -> Range:
        """Where a value of the spec stands, or its key."""
        span = self._notice.tree.span(Place(path, "key" if key else "value"))
        return range_of(self._notice.document.source, span)

    def of_row(self, mistake: Mistake, file: str, where: Range) -> Diagnostic:
        """A mistake of the data as a diagnostic in the data's file, with the declaration beside it."""
        related: tuple[Related, ...] = ()
        if mistake.column in self._declared and file != self._file:
            place = self.range(("variables", mistake.column or ""), key=True)
            related = (Related(self._file, place, str(says("declared here"))),)
        path = mistake.column or ""
        return file_diagnostic(
            mistake.rule, mistake.message, file, where, {}, path=path, help=mistake.help, related=related
        )

    def warned_of_data(self, mistake: Mistake, record: Record) -> Warned:
        """A warning about the data of a record, as it is counted."""
        diagnostic = partial(self.of_row, mistake, record.file, record.locate(mistake.column))
        counts = "row" if record.needs_recipient else "message"
        return Warned((mistake.rule, mistake.kind), record.file, record.locate(None), counts, diagnostic)

    def warned(self, flaw: Flaw, record: Record) -> Warned:
        """A warning about the filled message of a record, as it is counted."""
        counts = "row" if record.needs_recipient else "message"
        diagnostic = partial(self.flaw, flaw, record)
        return Warned((flaw.finding.rule, ""), record.file, record.locate(None), counts, diagnostic)

    def flaw(self, flaw: Flaw, record: Record) -> Diagnostic:
        """What is said of the filled text: at its place in the spec, with the row that shows it beside it."""
        shown = self.of_spec(flaw.finding)._replace(severity="error" if flaw.error else "warning")
        if record.file == self._file:
            return shown
        column = next((name for name in record.values if name in flaw.names), None)
        return shown._replace(
            related=(*shown.related, Related(record.file, record.locate(column), str(says("with this data"))))
        )
