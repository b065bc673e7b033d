"""The truth of a condition, taken apart: `and`, `or` and `not` around questions that are asked of declared values."""

from collections.abc import Callable, Iterator, Mapping
from re import VERBOSE
from typing import Any, NamedTuple

from pnpc.spec.expression import MAX_LENGTH, Expression, ExpressionError, Use, Uses, split
from pnpc.text.lazy import regex

Key = tuple[str, ...]
Ask = Callable[[Mapping[str, Any]], bool]

_WORDS = frozenset(("and", "or", "not", "in", "is", "if", "else", "true", "false", "none", "True", "False", "None"))
_SIMPLE = regex(
    r"""\s* (?P<no>not\s+)? (?P<name>[A-Za-z_][A-Za-z0-9_]*) (?P<more>(?:\.[A-Za-z][A-Za-z0-9_]*)*) \s*
        (?: (?P<sign>==|!=) \s* (?: '(?P<single>[^'\\]*)' | "(?P<double>[^"\\]*)"
        | (?P<number>-?(?:0|[1-9][0-9]{0,14})) | (?P<truth>true|false) ) \s* )?""",
    VERBOSE,
)


class Question(NamedTuple):
    """What can't be taken apart further: its words, the values that it reads (steps from a name), and the way to ask it.

    `ask` takes the data; it raises whatever the expression's evaluation raises.
    """

    words: str
    refs: tuple[tuple[str, ...], ...]
    ask: Ask


class Not(NamedTuple):
    """The opposite."""

    part: "Formula"


class Both(NamedTuple):
    """`and`."""

    one: "Formula"
    other: "Formula"


class Either(NamedTuple):
    """`or`."""

    one: "Formula"
    other: "Formula"


Formula = Question | Not | Both | Either


class Read(NamedTuple):
    """A condition that was read: its truth, and the names and attributes that it uses, at their characters."""

    formula: Formula
    uses: Uses


def questions(formula: Formula) -> Iterator[Question]:
    """The questions of a formula, in the order of its text."""
    if isinstance(formula, Question):
        yield formula
    elif isinstance(formula, Not):
        yield from questions(formula.part)
    else:
        yield from questions(formula.one)
        yield from questions(formula.other)


def holds(formula: Formula, answer: Callable[[Question], bool]) -> bool:
    """The truth of a formula for the answers to its questions."""
    if isinstance(formula, Question):
        return answer(formula)
    if isinstance(formula, Not):
        return not holds(formula.part, answer)
    if isinstance(formula, Both):
        return holds(formula.one, answer) and holds(formula.other, answer)
    return holds(formula.one, answer) or holds(formula.other, answer)


def expression(text: str) -> Expression:
    """The one expression that a directive's text is, written with or without `{{ }}`.

    Characters count from the start of the text; without braces the expression's own are two before and after it.
    Raises ExpressionError.
    """
    if "{{" in text or "}}" in text:
        pieces = [one for one in split(text) if isinstance(one, Expression) or one.strip()]
        if len(pieces) != 1 or not isinstance(pieces[0], Expression):
            raise ExpressionError("a condition is one expression and nothing beside it", 0, len(text))
        return pieces[0]
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"an expression of {len(text):,} characters, limit {MAX_LENGTH:,}", 0, len(text))
    return Expression(f" {text} ", -3, len(text) + 3)  # a blank, for Jinja2 reads `{{-` as something else


def read(text: str) -> Read:
    """The truth of a condition, as it is written under `$if`. Raises ExpressionError, whose characters are the text's."""
    try:
        found = expression(text)
        simple = _simple(found)
        if simple is not None:
            return simple
        from pnpc.spec.language import uses  # Jinja2, for the unusual
        from pnpc.spec.structure.asking import truth

        used = uses(found)
        return Read(_in_words(truth(found), text), used)
    except ExpressionError as error:
        start, end = max(0, error.start), min(len(text), error.end)
        raise ExpressionError(error.message, start, end) from None


def _in_words(formula: Formula, text: str) -> Formula:
    """A condition of one question that has no short words goes by its own."""
    question = formula.part if isinstance(formula, Not) else formula
    if isinstance(question, Question) and "=" in question.words.replace("==", ""):
        said = " ".join(text.replace("{{", " ").replace("}}", " ").split())
        return question._replace(words=said) if question is formula else Not(question._replace(words=f"not ({said})"))
    return formula


def _simple(found: Expression) -> Read | None:
    """A condition of a common form, read without Jinja2: a name, `not` a name, a name compared with a literal."""
    match = _SIMPLE.fullmatch(found.source)
    if match is None or match["name"] in _WORDS:
        return None
    steps = (match["name"], *match["more"].split(".")[1:])
    base = found.start + 2
    name = Use(match["name"], base + match.start("name"), base + match.end("name"))
    first = base + match.start("more") + 1
    attributes = ((name.name, Use(steps[1], first, first + len(steps[1]))),) if len(steps) > 1 else ()
    question: Formula
    if match["sign"] is None:
        question = Question(".".join(steps), (steps,), lambda data: bool(_value(steps, data)))
    else:
        literal, words = _literal(match)
        question = Question(
            f"{'.'.join(steps)} == {words}", (steps,), lambda data: bool(_value(steps, data) == literal)
        )
    negative = bool(match["no"]) != (match["sign"] == "!=")
    return Read(Not(question) if negative else question, Uses((name,), attributes, ()))


def _literal(match: Any) -> tuple[Any, str]:
    if match["number"] is not None:
        return int(match["number"]), match["number"]
    if match["truth"] is not None:
        return match["truth"] == "true", match["truth"]
    text = match["single"] if match["single"] is not None else match["double"]
    return text, f"'{text}'"


def _value(steps: tuple[str, ...], data: Mapping[str, Any]) -> Any:
    value: Any = data
    for step in steps:
        value = value[step]
    return value
