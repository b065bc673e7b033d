"""How many findings are told: as many as a person reads. All are counted."""

from collections.abc import Mapping, Sequence

from pnpc import rules
from pnpc.check.reading import LeftOut
from pnpc.text.finding import Diagnostic, Finding, Severity
from pnpc.text.tree import Tree

MAX_FINDINGS = 500  # of one file: each costs a search for its place
MAX_OF_RUN = 20_000  # of all files: each takes about a kilobyte of memory

Found = list[tuple[Finding, Tree | None]]


def at_most(findings: Found, levels: Mapping[str, Severity | None], most: int | None) -> tuple[Found, LeftOut]:
    """So many findings (None: all), errors first, and what is left out."""
    if most is None or len(findings) <= most:
        return findings, LeftOut()
    errors: Found = []
    warnings: Found = []
    for pair in findings:
        rule = rules.get(pair[0].rule)
        (errors if (levels.get(rule.name) or rule.severity) == "error" else warnings).append(pair)
    told = [*errors, *warnings][:most]
    more = max(0, len(errors) - most)
    return told, LeftOut(more, len(findings) - len(told) - more)


def counted(diagnostics: Sequence[Diagnostic]) -> LeftOut:
    """Diagnostics by their severity."""
    errors = sum(one.severity == "error" for one in diagnostics)
    return LeftOut(errors, len(diagnostics) - errors)
