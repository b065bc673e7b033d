"""JUnit's XML as Jenkins and GitLab read it: a suite a file, in it a case a diagnostic.

A case has failed where its diagnostic makes the run fail; a warning that does not is a skipped case, for a report that
fails where the run passed could not be trusted.
"""

from collections.abc import Sequence
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from pnpc.report import concise, places
from pnpc.report.clean import visible
from pnpc.report.report import Report
from pnpc.text.finding import Diagnostic


def render(report: Report) -> str:
    """The document; with one case that passed where there is nothing wrong, as an empty report counts as broken."""
    root = Element("testsuites", {"name": "pnpc"} | _counts(report.diagnostics, report))
    if not report.diagnostics:
        root.attrib |= {"tests": "1"}
        suite = SubElement(root, "testsuite", {"name": "pnpc"} | _counts((), report) | {"tests": "1"})
        SubElement(suite, "testcase", name="pnpc check", classname="pnpc", time="0")
    cases = zip(report.diagnostics, places.identities(report.diagnostics), strict=True)
    for file, group in groupby(cases, lambda case: case[0].file):
        members = list(group)
        counts = _counts([diagnostic for diagnostic, _ in members], report)
        suite = SubElement(root, "testsuite", {"name": visible(places.slashed(file))} | counts)
        for diagnostic, (_, _, _, which) in members:
            _case(suite, diagnostic, which, fails=_fails(diagnostic, report))
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _fails(diagnostic: Diagnostic, report: Report) -> bool:
    return diagnostic.severity == "error" or report.warnings_fail


def _counts(diagnostics: Sequence[Diagnostic], report: Report) -> dict[str, str]:
    failures = sum(_fails(diagnostic, report) for diagnostic in diagnostics)
    tests, skipped = str(len(diagnostics)), str(len(diagnostics) - failures)
    return {"tests": tests, "failures": str(failures), "errors": "0", "skipped": skipped, "time": "0"}


def _case(suite: Element, diagnostic: Diagnostic, which: int, *, fails: bool) -> None:
    # Without a line number: both systems follow a case from run to run by its name.
    name = visible(f"{diagnostic.code} {diagnostic.name} {diagnostic.path}".rstrip()) + (
        f" ({which})" if which > 1 else ""
    )
    file = visible(places.slashed(diagnostic.file))
    line = str(diagnostic.range.start.line)
    case = SubElement(suite, "testcase", name=name, classname=file, file=file, line=line, time="0")
    outcome = SubElement(
        case, "failure" if fails else "skipped", type=diagnostic.severity, message=visible(diagnostic.message)
    )
    outcome.text = concise.line(diagnostic)
