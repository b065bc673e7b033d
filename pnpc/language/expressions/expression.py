"""Expressions in a text, found without Jinja2: where each `{{ … }}` stands, and the names that simple ones use.

Only `{{ … }}` is syntax; everything else in a text, `{%` and `{#` too, is what people will read.
"""

from re import DOTALL, Match
from typing import NamedTuple

from pnpc.text.lazy import regex
from pnpc.text.wording import Said, says

MAX_LENGTH = 1_000  # characters of one expression
MOST_OPERAND = 1e30  # a larger number is refused; `schemas/variable.schema.json` says the same of bounds
FILTERS = ("currency", "date", "default", "number", "time", "truncate", "urlencode")
# What `date` and `time` may be given.
FORMATS = {
    "date": ("short", "medium", "long", "full", "month-day", "weekday", "long-weekday"),
    "time": ("short", "medium", "long", "full", "hm"),
}
DEFAULT_FORMATS = {"date": "long", "time": "short"}
GROUP = 3  # digits between two commas, in all three countries
# How Python writes floats: the most characters that one takes, with its minus, and the number from which on it is written
# with an exponent.
LONGEST_FLOAT = len(repr(-2.2250738585072014e-308))
EXPONENTS_FROM = 10**15
# Stands for each character of an expression, so that offsets stay. No text holds it: YAML can't.
MASK = "\0"

_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_ATTRIBUTE = r"[A-Za-z][A-Za-z0-9_]*"  # not with `_` at its start: those are Python's own
_NUMBER = r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?"  # Jinja2 reads a longer one, and refuses it
_LITERAL = rf"(?:'[^'\\{{}}]*'|\"[^\"\\{{}}]*\"|{_NUMBER}|true|false|none)"
_CALL = rf"{_NAME}(?:\(\s*(?:{_LITERAL}(?:\s*,\s*{_LITERAL})*)?\s*\))?"
_SIMPLE = regex(rf"(?<!\{{)\{{\{{\s*({_NAME})((?:\.{_ATTRIBUTE})*)((?:\s*\|\s*{_CALL})*)\s*\}}\}}")
# An expression that holds no quotes and no braces of its own.
_UNQUOTED = regex(r"(?<!\{)\{\{[^{}'\"]*\S[^{}'\"]*\}\}")
_FILTER = regex(rf"\|\s*({_NAME})")
_CALLED = regex(rf"\|\s*({_NAME})(?:\(((?:[^'\")]|'[^']*'|\"[^\"]*\")*)\))?")
_ARGUMENT = regex(_LITERAL)
_TOKEN = regex(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\}\}|\{\{|.""", DOTALL)


class Expression(NamedTuple):
    """The inside of one `{{ … }}`, and its characters (code points) in the decoded text, braces included."""

    source: str
    start: int
    end: int


class Use(NamedTuple):
    """A name or a filter that an expression uses, with its characters (code points) in the decoded text."""

    name: str
    start: int
    end: int


class Uses(NamedTuple):
    """What an expression needs: variables (with the attributes that follow a name) and filters."""

    names: tuple[Use, ...]
    attributes: tuple[tuple[str, Use], ...]
    filters: tuple[Use, ...]


class ExpressionError(Exception):
    """An expression that can't be read: its characters (code points) `start` to `end` in the text, and why."""

    def __init__(self, message: Said, start: int, end: int) -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end


class NoValue(ValueError):
    """Data of which a filter, an operator or a text makes nothing: why."""

    def __init__(self, message: Said) -> None:
        super().__init__(message)
        self.message = message


def split(text: str) -> list[str | Expression]:
    """A text as literal pieces and expressions, in order. Raises ExpressionError for braces that do not pair."""
    pieces: list[str | Expression] = []
    at = 0
    while (opened := text.find("{{", at)) >= 0:
        if opened > at:
            pieces.append(text[at:opened])
        expression = _close(text, opened)
        pieces.append(expression)
        at = expression.end
    if at < len(text):
        pieces.append(text[at:])
    return pieces


def _close(text: str, opened: int) -> Expression:
    """The expression that opens at `opened`; braces inside quotes do not close it."""
    for token in _TOKEN.finditer(text, opened + 2):
        if token[0] == "}}":
            end = token.end()
            while text.startswith("}", end) and _depth(text[opened + 2 : end - 2]) > 0:
                end += 1
            source = text[opened + 2 : end - 2]
            if not source.strip():
                raise ExpressionError(says("an empty expression"), opened, end)
            if source[0] in "-+" or source[-1] in "-+":
                sign = source[0] if source[0] in "-+" else source[-1]
                message = says(
                    "`{{{{{sign}` and `{sign}}}}}` are not supported: write `{{{{ {expression} }}}}`",
                    sign=sign,
                    expression=source.strip("-+ "),
                )
                raise ExpressionError(message, opened, end)
            if len(source) > MAX_LENGTH:
                raise ExpressionError(
                    says(
                        "an expression of {length:,} characters, limit {limit:,}",
                        length=len(source),
                        limit=MAX_LENGTH,
                    ),
                    opened,
                    end,
                )
            return Expression(source, opened, end)
        if token[0] == "{{":
            break
    raise ExpressionError(says("`{{{{` is never closed by `}}}}`"), opened, opened + 2)


def _depth(source: str) -> int:
    return source.count("{") - source.count("}")


def masked(text: str, *, filled: bool) -> str:
    """A text with MASK for each character of an expression; from braces that do not pair on, all of it.

    If not `filled`, braces are plain text, and the text stays as it is.
    """
    if not filled or "{{" not in text:
        return text
    simple, count = _UNQUOTED.subn(lambda match: MASK * len(match[0]), text)
    if count == text.count("{{"):
        return simple
    return "".join(piece if isinstance(piece, str) else MASK * (piece.end - piece.start) for piece in _pieces(text))


def blotted(text: str, filler: str = "") -> str:
    """A text with `filler` for each expression, and for all of it from braces that do not pair on."""
    return "".join(piece if isinstance(piece, str) else filler for piece in _pieces(text))


def _pieces(text: str) -> list[str | Expression]:
    """`split`, with what begins with braces that do not pair as the last expression; expression-syntax reports it."""
    try:
        return split(text)
    except ExpressionError as error:
        return [*split(text[: error.start]), Expression(text[error.start :], error.start, len(text))]


def simple_names(text: str) -> list[tuple[str, str, str]] | None:
    """The names of a text whose expressions are all of the common form: (name, attributes, filters), as written.

    None for a text with any other expression.
    """
    names: list[tuple[str, str, str]] = _SIMPLE.findall(text)
    return names if len(names) == text.count("{{") else None


def simple_parts(text: str) -> list[str] | None:
    """A text whose expressions are all of the common form, as literal, name, attributes, filters, literal, …, literal.

    None for a text with any other expression.
    """
    parts: list[str] = _SIMPLE.split(text)
    return parts if len(parts) == (_SIMPLE.groups + 1) * text.count("{{") + 1 else None


def simple_uses(text: str) -> list[Uses] | None:
    """The names and filters of a text whose expressions are all of the common form `name.attribute | filter(…)`.

    None for any other text: `split` and `pnpc.language.filling.jinja` read those.
    """
    uses = [_uses(match) for match in _SIMPLE.finditer(text)]
    return uses if len(uses) == text.count("{{") else None


class Simple(NamedTuple):
    """An expression of the common form: its name, the attributes behind it, its filters with their literals as written,
    and its characters in the text, braces included."""

    name: str
    attributes: tuple[str, ...]
    filters: tuple[tuple[str, tuple[str, ...]], ...]
    start: int
    end: int


def simple(text: str) -> list[Simple] | None:
    """The expressions of a text that are all of the common form `name.attribute | filter(…)`; None for any other text."""
    expressions = [
        Simple(
            match[1],
            tuple(match[2].split(".")[1:]) if match[2] else (),
            _filters(match[3]) if match[3] else (),
            match.start(),
            match.end(),
        )
        for match in _SIMPLE.finditer(text)
    ]
    return expressions if len(expressions) == text.count("{{") else None


def _filters(written: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((match[1], tuple(_ARGUMENT.findall(match[2] or ""))) for match in _CALLED.finditer(written))


def _uses(match: Match[str]) -> Uses:
    name = Use(match[1], match.start(1), match.end(1))
    filters: tuple[Use, ...] = ()
    attributes: tuple[tuple[str, Use], ...] = ()
    if match[2]:
        first = match[2].split(".")[1]
        attributes = ((name.name, Use(first, match.start(2) + 1, match.start(2) + 1 + len(first))),)
    if match[3]:
        base = match.start(3)
        filters = tuple(
            Use(called[1], base + called.start(1), base + called.end(1)) for called in _FILTER.finditer(match[3])
        )
    return Uses((name,), attributes, filters)
