"""One JSON object a diagnostic and line, each as in the `json` format."""

from pnpc.report.dump import dump
from pnpc.report.json import plain
from pnpc.report.report import Report


def render(report: Report) -> str:
    """The lines; empty where there is nothing to say."""
    return "".join(f"{dump(plain(one, report.sources))}\n" for one in report.diagnostics)
