"""How many findings are shown: as many as a person reads. All of them are counted."""

from collections.abc import Mapping, Sequence

from pnpc import rules
from pnpc.check.reading import LeftOut
from pnpc.text.finding import Diagnostic, Finding, Severity
from pnpc.text.tree import Tree

MAX_FINDINGS = 500  # of one file: each needs a search for its place
MAX_OF_RUN = 20_000  # of all files: each takes about a kilobyte of memory

Findings = list[tuple[Finding, Tree | None]]


def at_most(findings: Findings, levels: Mapping[str, Severity | None], most: int | None) -> tuple[Findings, LeftOut]:
    """The first `most` findings (None: all), errors first, and the numbers of those that are left out."""
    if most is None or len(findings) <= most:
        return findings, LeftOut()
    errors: Findings = []
    warnings: Findings = []
    for pair in findings:
        rule = rules.get(pair[0].rule)
        (errors if (levels.get(rule.name) or rule.severity) == "error" else warnings).append(pair)
    shown = [*errors, *warnings][:most]
    more = max(0, len(errors) - most)
    return shown, LeftOut(more, len(findings) - len(shown) - more)


def counted(diagnostics: Sequence[Diagnostic]) -> LeftOut:
    """The numbers of errors and warnings among diagnostics."""
    errors = sum(diagnostic.severity == "error" for diagnostic in diagnostics)
    return LeftOut(errors, len(diagnostics) - errors)
