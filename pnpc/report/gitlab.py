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
            "description": visible(f"{one.code} {one.name}: {one.message}"),
            "check_name": one.code,
            "fingerprint": fingerprint,
            "severity": _SEVERITY[one.severity],
            "location": {
                "path": places.relative(one.file),
                "lines": {"begin": one.range.start.line, "end": places.last_line(one.range)},
            },
        }
        for one, fingerprint in zip(report.diagnostics, prints, strict=True)
    ]
    return dump(issues, indent=2) + "\n"
