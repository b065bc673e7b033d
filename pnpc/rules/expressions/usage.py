"""The findings of the rules about expressions and variables."""

from collections.abc import Iterator

from pnpc.language.expressions.expression import Uses
from pnpc.language.message.context import Context
from pnpc.language.message.notice import Field, Notice
from pnpc.language.variables.scope import members_of, no_member, scope
from pnpc.language.variables.used_names import reads
from pnpc.text.finding import Finding, Place
from pnpc.text.lazy import regex
from pnpc.text.suggest import did_you_mean, near
from pnpc.text.wording import says

_RAW = regex(r"\{\{([^}]*)\}\}")
_NAME = regex(r"[A-Za-z_][A-Za-z0-9_]*")


def errors(notice: Notice, context: Context) -> Iterator[Finding]:
    """Expressions that can't be read."""
    for read in reads(notice, context).doubtful:
        if read.error is not None and not read.fixed:
            yield Finding(Place(read.field.path, "value", (read.error.start, read.error.end)), read.error.message)


def undeclared(notice: Notice, context: Context) -> Iterator[Finding]:
    """Names that are not declared, and members that the values do not have."""
    for read in reads(notice, context).doubtful:
        for uses in read.uses if not read.fixed else ():
            yield from _undeclared(read.field, uses, notice)


def _undeclared(field: Field, uses: Uses, notice: Notice) -> Iterator[Finding]:
    names = scope(notice, field.path)
    for use in uses.names:
        if use.name not in names:
            close = did_you_mean(near(use.name, list(names)))
            help = None if close else says("declare `{name}` under `variables`", name=use.name)
            place = Place(field.path, "value", (use.start, use.end))
            yield Finding(place, says("no variable `{name}`{close}", name=use.name, close=close), help)
    for name, attribute in uses.attributes:
        known = members_of(names[name]) if name in names else None
        if known is not None and attribute.name not in known:
            message = no_member(name, attribute.name, known)
            yield Finding(Place(field.path, "value", (attribute.start, attribute.end)), message)


def unused(notice: Notice, context: Context) -> Iterator[Finding]:
    """Variables that no expression uses; none if an expression can't be read, because it may use them."""
    names_used = reads(notice, context)
    idle = notice.variables.keys() - names_used.used
    if not idle or any(read.error is not None for read in names_used.doubtful):
        return
    idle -= _mentioned(notice)
    for name in notice.variables:
        if name in idle and _NAME.fullmatch(name):
            yield Finding(Place(("variables", name), "key"), says("variable `{name}` is never used", name=name))


def _mentioned(notice: Notice) -> set[str]:
    """The words inside braces anywhere in the text: without quotes an expression is a mapping to YAML, but still counts."""
    text = notice.document.source.text
    return {word for inside in _RAW.findall(text) for word in _NAME.findall(inside)}
