"""Workflow commands of GitHub Actions, then the plain list, because GitHub shows ten annotations a step.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from pnpc.report import concise, places
from pnpc.report.clean import visible
from pnpc.report.report import Report
from pnpc.text.finding import Diagnostic


def render(report: Report) -> str:
    """A command a diagnostic, then a line a diagnostic; empty where there is nothing to say."""
    lines = [_command(diagnostic) for diagnostic in report.diagnostics]
    lines += [_harmless(concise.line(diagnostic)) for diagnostic in report.diagnostics]
    return "".join(f"{line}\n" for line in lines)


def _command(diagnostic: Diagnostic) -> str:
    start, end = diagnostic.range.start, places.last_line(diagnostic.range)
    properties: dict[str, str | int] = {"file": places.slashed(diagnostic.file), "line": start.line, "endLine": end}
    if diagnostic.range.end.line == start.line:  # GitHub takes columns only within one line
        properties |= {"col": start.column, "endColumn": diagnostic.range.end.column}
    properties["title"] = f"{diagnostic.code} {diagnostic.name}"
    shown = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{diagnostic.severity} {shown}::{_data(diagnostic.message)}"


def _data(text: str) -> str:
    return visible(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _harmless(line: str) -> str:
    """A line that the runner can't take for a command: it looks for `::` at the start, for `##[` anywhere."""
    line = line.replace("##[", "## [")
    return f"./{line}" if line.lstrip().startswith("::") else line
