"""Conditions, read: the text under `$if` as a formula of questions, and the names that it uses."""

from re import VERBOSE, Match
from typing import Any, NamedTuple

from pnpc.language.cases.truth import Formula, Not, compared, is_true
from pnpc.language.expressions.expression import MAX_LENGTH, Expression, ExpressionError, Use, Uses, split
from pnpc.text.lazy import regex
from pnpc.text.wording import says

# What is no name in an expression.
WORDS = frozenset(
    ("and", "or", "not", "in", "is", "if", "else", "true", "false", "none", "True", "False", "None", "self")
)
_SIMPLE = regex(
    r"""\s* (?P<no>not\s+)? (?P<name>[A-Za-z_][A-Za-z0-9_]*) (?P<more>(?:\.[A-Za-z][A-Za-z0-9_]*)*) \s*
        (?: (?P<sign>==|!=) \s* (?: '(?P<single>[^'\\]*)' | "(?P<double>[^"\\]*)"
        | (?P<number>-?(?:0|[1-9][0-9]{0,14})) | (?P<truth>true|false) ) \s* )?""",
    VERBOSE,
)


class Read(NamedTuple):
    """A condition that was read: its truth, and the names and attributes that it uses, at their characters."""

    formula: Formula
    uses: Uses


def read(text: str, country: str) -> Read:
    """A condition as it is written under `$if`; `country` is that of the filters in it.

    Raises ExpressionError, whose characters are the text's.
    """
    try:
        found = expression(text)
        simple = _simple(found)
        if simple is not None:
            return simple
        from pnpc.language.directives.asking import truth
        from pnpc.language.filling.jinja import uses  # Jinja2, for the unusual

        used = uses(found)
        return Read(truth(found, country), used)
    except ExpressionError as error:
        start, end = max(0, error.start), min(len(text), error.end)
        raise ExpressionError(error.message, start, end) from None


def expression(text: str) -> Expression:
    """The one expression that a directive's text is, written with or without `{{ }}`.

    Characters count from the start of the text; without braces the expression's own are two before and after it.
    Raises ExpressionError.
    """
    if "{{" in text or "}}" in text:
        pieces = [one for one in split(text) if isinstance(one, Expression) or one.strip()]
        if len(pieces) != 1 or not isinstance(pieces[0], Expression):
            raise ExpressionError(says("a condition is one expression and nothing beside it"), 0, len(text))
        return pieces[0]
    if len(text) > MAX_LENGTH:
        raise ExpressionError(
            says("an expression of {length:,} characters, limit {limit:,}", length=len(text), limit=MAX_LENGTH),
            0,
            len(text),
        )
    return Expression(f" {text} ", -3, len(text) + 3)  # a blank, for Jinja2 reads `{{-` as something else


def asks_simply(text: str) -> str | None:
    """The value that a condition of a common form asks about, as it is written; None for any other condition."""
    try:
        match = _SIMPLE.fullmatch(expression(text).source)
    except ExpressionError:
        return None
    return match["name"] + match["more"] if match is not None and match["name"] not in WORDS else None


def _simple(found: Expression) -> Read | None:
    """A condition of a common form, read without Jinja2: a name, `not` a name, a name compared with a literal."""
    match = _SIMPLE.fullmatch(found.source)
    if match is None or match["name"] in WORDS:
        return None
    steps = (match["name"], *match["more"].split(".")[1:])
    base = found.start + 2
    name = Use(match["name"], base + match.start("name"), base + match.end("name"))
    first = base + match.start("more") + 1
    attributes = ((name.name, Use(steps[1], first, first + len(steps[1]))),) if len(steps) > 1 else ()
    question = is_true(steps) if match["sign"] is None else compared(steps, "eq", _literal(match))
    negative = bool(match["no"]) != (match["sign"] == "!=")
    return Read(Not(question) if negative else question, Uses((name,), attributes, ()))


def _literal(match: Match[str]) -> Any:
    if match["number"] is not None:
        return int(match["number"])
    if match["truth"] is not None:
        return match["truth"] == "true"
    return match["single"] if match["single"] is not None else match["double"]
