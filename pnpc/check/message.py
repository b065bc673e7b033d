"""One message judged: the grammar, then the rules whose gates are open."""

from collections.abc import Callable, Iterable

from pnpc import rules
from pnpc.language.message.context import Context, demands
from pnpc.language.message.notice import Notice
from pnpc.line.grammar import compiler
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding


def check_notice(one: Notice, context: Context) -> Iterable[Finding]:
    """The grammar's findings about a message without directives, then the rules', each with its rule's name."""
    return _judged(one, context, rules.running)


def check_filled(one: Notice, context: Context) -> Iterable[Finding]:
    """The same of a message that a row has filled: a request body, of which no rule about specs is asked."""
    return _judged(one, context, rules.judging)


def _judged(one: Notice, context: Context, running: Callable[[Notice, Context], Iterable[Rule]]) -> Iterable[Finding]:
    schema, part = grammar_of(one)
    run = compiler.walk(schema, one.document, part=part, expressions=one.is_spec)
    context.know(one, demands, run.demands)
    yield from run.findings
    for rule in running(one, context):
        assert rule.check is not None
        for finding in rule.check(one, context):
            yield finding if finding.rule else finding._replace(rule=rule.name)


def grammar_of(one: Notice) -> tuple[str, str]:
    """The schema file of a document, and the part of it that its root is checked by."""
    if one.form == "container":
        return "flex", "#/$defs/container"
    if one.form == "message":
        return "message-object", "#"
    if one.form in ("spec", "sinch"):
        return ("spec" if one.is_spec else "sinch-message"), "#"
    return ("template-message" if one.kind == "template" else "flexible-message"), "#"
