"""GitLab's Code Quality report.

Source: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from pnpc.report import places
from pnpc.report.clean import visible
from pnpc.report.dump import dump
from pnpc.report.report import Report

_SEVERITY = {"error": "major", "warning": "minor"}


def render(report: Report) -> str:
    """An array, `[]` where there is nothing to say: GitLab compares it with the report of the target branch."""
    prints = places.fingerprints(report.diagnostics)
    issues = [
        {
            "description": visible(f"{diagnostic.code} {diagnostic.name}: {diagnostic.message}"),
            "check_name": diagnostic.code,
            "fingerprint": fingerprint,
            "severity": _SEVERITY[diagnostic.severity],
            "location": {
                "path": places.relative(diagnostic.file),
                "lines": {"begin": diagnostic.range.start.line, "end": places.last_line(diagnostic.range)},
            },
        }
        for diagnostic, fingerprint in zip(report.diagnostics, prints, strict=True)
    ]
    return dump(issues, indent=2) + "\n"
