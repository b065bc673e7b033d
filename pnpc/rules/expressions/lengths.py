"""What the rules about lengths and types say: each text that is not proved to fit, told by the rule that it breaks."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.language.proof.prove import doubts
from pnpc.rules.rule import Check
from pnpc.text.finding import Finding


def telling(rule: str) -> Check:
    """The check of the rule with this name."""

    def check(notice: Notice, context: Context) -> Iterator[Finding]:
        return (one for one in findings(notice, context) if one.rule == rule)

    return check


def findings(notice: Notice, context: Context) -> list[Finding]:
    """All that is to be said of a message's texts, worked out once for all rules."""
    found = context.once(notice, _told)
    if not found:
        from pnpc.language.proof.diagnostics import findings  # loads Jinja2 to try data: not for what is clean

        found.append(list(findings(doubts(notice, context), notice, context.country(notice) or "")))
    return found[0]


def _told(_notice: Notice) -> list[list[Finding]]:
    """Where the findings are kept, once they are worked out."""
    return []
