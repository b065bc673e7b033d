"""Rules that speak at many places of a file for one cause: the first of them, then how many more there are."""

from collections import Counter
from collections.abc import Iterable

from pnpc import rules
from pnpc.text.finding import Diagnostic


def shortened(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The diagnostics as they are shown: of a rule with `most`, that many per file, then one with the number of the rest.

    A single one more than that is shown itself.
    """
    diagnostics = list(diagnostics)
    totals = Counter((diagnostic.file, diagnostic.name) for diagnostic in diagnostics)
    met: Counter[tuple[str, str]] = Counter()
    shown = []
    for diagnostic in diagnostics:
        key = (diagnostic.file, diagnostic.name)
        most = _most(diagnostic.name)
        met[key] += 1
        if most is None or met[key] <= most or totals[key] == most + 1:
            shown.append(diagnostic)
        elif met[key] == most + 1:
            shown.append(_rest(diagnostic, totals[key] - most))
    return shown


def _most(name: str) -> int | None:
    return rules.get(name).most if rules.known(name) else None


def _rest(first: Diagnostic, count: int) -> Diagnostic:
    """One diagnostic for the rest, at the place of the first of them."""
    message = f"{count:,} more findings of `{first.name}` in this file, from here on"
    return first._replace(message=message, help=None, related=(), fix=None)
