"""The check of one message: the grammar, then the rules whose gates are open."""

from collections.abc import Callable, Iterable

from pnpc import rules
from pnpc.language.message.context import Context, demands
from pnpc.language.message.notice import Notice
from pnpc.line.grammar import compiler
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding


def check_notice(notice: Notice, context: Context) -> Iterable[Finding]:
    """The findings of the grammar, then of the rules, about a message without directives; each has its rule's name."""
    return _judged(notice, context, rules.running)


def check_filled(notice: Notice, context: Context) -> Iterable[Finding]:
    """As `check_notice`, for a message that was filled from a row: a request body, so rules about specs do not run."""
    return _judged(notice, context, rules.judging)


def _judged(
    notice: Notice, context: Context, running: Callable[[Notice, Context], Iterable[Rule]]
) -> Iterable[Finding]:
    schema, part = grammar_of(notice)
    run = compiler.walk(schema, notice.document, part=part, expressions=notice.is_spec)
    asked = run.demands
    if notice.sms is not None and asked:
        from pnpc.language.message.fallback import with_parts  # few specs have a fallback

        asked = with_parts(asked, notice)
    context.know(notice, demands, asked)
    yield from run.findings
    for rule in running(notice, context):
        assert rule.check is not None
        for finding in rule.check(notice, context):
            yield finding if finding.rule else finding._replace(rule=rule.name)


def grammar_of(notice: Notice) -> tuple[str, str]:
    """The schema file for a message, and the part of it (a `$ref`) for the root of its document."""
    if notice.form == "container":
        return "flex", "#/$defs/container"
    if notice.form == "message":
        return "message-object", "#"
    if notice.form in ("spec", "sinch"):
        return ("spec" if notice.is_spec else "sinch-message"), "#"
    return ("template-message" if notice.kind == "template" else "flexible-message"), "#"
