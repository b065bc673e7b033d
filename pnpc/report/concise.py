"""One line a diagnostic: `file:line:col: PNP204 error message (help)`."""

from pnpc.report import places
from pnpc.report.clean import visible
from pnpc.report.report import Report
from pnpc.text.finding import Diagnostic


def render(report: Report) -> str:
    """The lines; empty where there is nothing to say."""
    return "".join(f"{line(one)}\n" for one in report.diagnostics)


def line(one: Diagnostic) -> str:
    """A diagnostic's line, without its line break."""
    help = f" ({visible(one.help)})" if one.help else ""
    return f"{places.shown(one.file, one.range)}: {one.code} {one.severity} {visible(one.message)}{help}"
