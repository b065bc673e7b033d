"""JUnit's XML as Jenkins and GitLab read it: a suite a file, in it a failed case a diagnostic."""

from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from pnpc.report import concise, places
from pnpc.report.clean import visible
from pnpc.report.report import Report
from pnpc.text.finding import Diagnostic


def render(report: Report) -> str:
    """The document; with one case that passed where there is nothing wrong, as an empty report counts as broken."""
    root = Element("testsuites", {"name": "pnpc"} | _counts(len(report.diagnostics)))
    if not report.diagnostics:
        root.attrib |= {"tests": "1"}
        suite = SubElement(root, "testsuite", {"name": "pnpc"} | _counts(0) | {"tests": "1"})
        SubElement(suite, "testcase", name="pnpc check", classname="pnpc", time="0")
    cases = zip(report.diagnostics, places.identities(report.diagnostics), strict=True)
    for file, group in groupby(cases, lambda case: case[0].file):
        members = list(group)
        suite = SubElement(root, "testsuite", {"name": visible(places.slashed(file))} | _counts(len(members)))
        for one, (_, _, _, which) in members:
            _case(suite, one, which)
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _counts(failures: int) -> dict[str, str]:
    return {"tests": str(failures), "failures": str(failures), "errors": "0", "skipped": "0", "time": "0"}


def _case(suite: Element, one: Diagnostic, which: int) -> None:
    # Without a line number: both systems follow a case from run to run by its name.
    name = visible(f"{one.code} {one.name} {one.path}".rstrip()) + (f" ({which})" if which > 1 else "")
    file = visible(places.slashed(one.file))
    line = str(one.range.start.line)
    case = SubElement(suite, "testcase", name=name, classname=file, file=file, line=line, time="0")
    failure = SubElement(case, "failure", type=one.severity, message=visible(one.message))
    failure.text = concise.line(one) + (f"\nhelp: {visible(one.help)}" if one.help else "")
