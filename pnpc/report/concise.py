"""One line a diagnostic: `file:line:col: PNP204 error message (help)`."""

from pnpc.report import places
from pnpc.report.clean import visible
from pnpc.report.report import Report
from pnpc.text.finding import Diagnostic


def render(report: Report) -> str:
    """The lines; empty where there is nothing to say."""
    return "".join(f"{line(diagnostic)}\n" for diagnostic in report.diagnostics)


def line(diagnostic: Diagnostic) -> str:
    """A diagnostic's line, without its line break."""
    help = f" ({visible(diagnostic.help)})" if diagnostic.help else ""
    return f"{places.shown(diagnostic.file, diagnostic.range)}: {diagnostic.code} {diagnostic.severity} {visible(diagnostic.message)}{help}"
