"""The findings of the rules about lengths and types: each text that is not proved to fit."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.language.proof.prove import doubts
from pnpc.rules.rule import Check
from pnpc.text.finding import Finding


def check_of(rule: str) -> Check:
    """The check of a rule, given by its name."""

    def check(notice: Notice, context: Context) -> Iterator[Finding]:
        return (finding for finding in findings(notice, context) if finding.rule == rule)

    return check


def findings(notice: Notice, context: Context) -> list[Finding]:
    """All findings about the lengths and types of a message's texts, worked out once for all rules."""
    kept = context.once(notice, _kept)
    if not kept:
        from pnpc.language.proof import diagnostics  # loads Jinja2 to try data: not needed for a clean message

        kept.append(list(diagnostics.findings(doubts(notice, context), notice, context.country(notice) or "")))
    return kept[0]


def _kept(_notice: Notice) -> list[list[Finding]]:
    """A place for the findings, empty until they are worked out."""
    return []
