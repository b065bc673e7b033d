"""A text in, what `check` says of it out: as most tests ask for it."""

from pnpc.check.engine import check
from pnpc.compile.plan import Plan
from pnpc.compile.text import plans_of
from pnpc.language.message.context import Context
from pnpc.line.catalog import Catalog
from pnpc.text.finding import Diagnostic
from pnpc.text.source import Source


def diagnostics(text: str, name: str = "x.yaml", country: str | None = None) -> tuple[Diagnostic, ...]:
    """All diagnostics of a spec or body, with the usual levels. `name` ends in `.json` for a body that must be JSON."""
    return check(Source(name, text), Context(Catalog(), country), {}).diagnostics


def codes(text: str, name: str = "x.yaml") -> list[str]:
    """Their codes."""
    return [diagnostic.code for diagnostic in diagnostics(text, name)]


def marked(text: str, name: str = "x.yaml") -> list[tuple[str, str]]:
    """Their codes, each with the characters of the text that it stands at."""
    return [(found.code, text[found.span.start : found.span.end]) for found in diagnostics(text, name)]


def plan_of(text: str, name: str = "spec.yaml", context: Context | None = None) -> Plan:
    """The one spec or body of a text, ready to be filled, whatever `check` says of it."""
    context = context or Context(Catalog())
    (plan,) = plans_of(check(Source(name, text), context, {}, keep=True).notices, context)
    return plan
