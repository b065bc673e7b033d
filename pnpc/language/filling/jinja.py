"""The language of expressions, by Jinja2: what may stand in `{{ … }}`, and its value for a recipient's data.

A small part of Jinja2 that always ends: names, attributes, items, literals, comparisons, arithmetic on numbers, `if … else`,
and the filters below. No calls, no loops, nothing that could grow without a bound or call Python code.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from inspect import signature
from re import escape, search
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError, nodes
from jinja2.exceptions import SecurityError

from pnpc.language.expressions.expression import (
    FILTERS,
    FORMATS,
    MOST_OPERAND,
    Expression,
    ExpressionError,
    NoValue,
    Use,
    Uses,
    split,
)
from pnpc.language.expressions.misread import misread, said
from pnpc.language.extents.number import shown
from pnpc.language.filling.filters import MAKERS
from pnpc.language.filling.sandbox import environment, noun
from pnpc.text.suggest import did_you_mean, near
from pnpc.text.wording import Said, as_written, says

MAX_TEXT = 100_000  # characters that a text may be filled to
_REMEMBERED = 350  # characters of an expression whose nodes are kept

_ALLOWED: tuple[type[nodes.Node], ...] = (
    nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem, nodes.Filter, nodes.Keyword, nodes.CondExpr,
    nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Concat, nodes.Neg, nodes.Pos,
    nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.List, nodes.Tuple, nodes.Slice,
)  # fmt: skip
_WORDS = {"Call": says("a call"), "Pow": says("`**`"), "Test": says("`is`"), "Dict": says("a mapping")}


class RenderError(Exception):
    """An expression that has no value for this data: its characters (code points) in the text, and why."""

    def __init__(self, message: Said, start: int, end: int) -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end


def uses(expression: Expression) -> Uses:
    """The names and filters that an expression uses. Raises ExpressionError for what our expressions do not have."""
    used = _parsed_uses(expression)
    for use in used.filters:
        if use.name not in FILTERS:
            shown = did_you_mean(near(use.name, FILTERS)) or says("; there are {known}", known=tuple(sorted(FILTERS)))
            raise ExpressionError(
                says("unknown filter `{name}`{shown}", name=use.name, shown=shown), use.start, use.end
            )
    return used


def _parsed_uses(expression: Expression) -> Uses:
    parsed = parse(expression)
    names, attributes, filters = [], [], []
    for node in [parsed, *parsed.find_all(nodes.Node)]:
        if not isinstance(node, _ALLOWED):
            kind = type(node).__name__
            what = _WORDS.get(kind) or says("`{kind}`", kind=kind.lower())
            raise ExpressionError(
                says("{what} can't stand in an expression", what=what), expression.start, expression.end
            )
        if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
            raise ExpressionError(
                says("`.{member}` can't stand in an expression", member=node.attr), expression.start, expression.end
            )
        if (
            isinstance(node, nodes.Const)
            and isinstance(node.value, int | float)
            and not -MOST_OPERAND <= node.value <= MOST_OPERAND
        ):
            raise ExpressionError(says("a number beyond 10^30"), expression.start, expression.end)
        if isinstance(node, nodes.Name):
            names.append(_locate(expression, node.name))
        elif isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
            attributes.append((node.node.name, _locate(expression, node.attr)))
        elif isinstance(node, nodes.Filter):
            filters.append(_locate(expression, node.name))
            _refuse_format(expression, node)
            _refuse_arguments(expression, node)
    return Uses(tuple(names), tuple(attributes), tuple(filters))


def _refuse_format(expression: Expression, node: nodes.Filter) -> None:
    """A wrong name of a format is reported from the spec alone, before any data."""
    given = [*node.args, *(keyword.value for keyword in node.kwargs)]
    known = FORMATS.get(node.name)
    if known and given and isinstance(given[0], nodes.Const) and given[0].value not in known:
        shown = did_you_mean(near(str(given[0].value), known)) or says("; there are {known}", known=tuple(known))
        raise ExpressionError(
            says("no format `{value}`{shown}", value=given[0].value, shown=shown), expression.start, expression.end
        )


def _refuse_arguments(expression: Expression, node: nodes.Filter) -> None:
    """Arguments that a filter never takes, whatever the data are."""
    make = MAKERS.get(node.name)
    if make is None or node.dyn_args or node.dyn_kwargs:
        return
    try:
        signature(make("")).bind(None, *node.args, **{str(keyword.key): keyword.value for keyword in node.kwargs})
    except TypeError:
        wanted = tuple(signature(make("")).parameters)[1:] or says("nothing")
        message = says("`{name}` takes {wanted} in its parentheses", name=node.name, wanted=wanted)
        raise ExpressionError(message, expression.start, expression.end) from None


def _locate(expression: Expression, name: str) -> Use:
    """Jinja2's nodes know only their line: find the word by its text."""
    match = search(rf"(?<![\w'\"]){escape(name)}(?!\w)", expression.source)
    if match is None:
        return Use(name, expression.start, expression.end)
    base = expression.start + 2
    return Use(name, base + match.start(), base + match.end())


@lru_cache(maxsize=512)
def _parsed(source: str) -> nodes.Template:
    """The nodes of an expression, which must not be changed: rules, the proof and fixes share them."""
    return environment("").parse("{{" + source + "}}")


def parse(expression: Expression) -> nodes.Expr:
    """An expression as Jinja2's nodes. Raises ExpressionError."""
    read = _parsed if len(expression.source) <= _REMEMBERED else _parsed.__wrapped__
    try:
        template = read(expression.source)
    except TemplateSyntaxError as error:
        place = misread(environment(""), "{{" + expression.source + "}}")
        start, end = place or (0, len(expression.source) + 4)
        message = says("not a valid expression: {problem}", problem=said(error))
        raise ExpressionError(message, expression.start + start, expression.start + end) from None
    except (RecursionError, ValueError, OverflowError):
        raise ExpressionError(says("an expression too deep to read"), expression.start, expression.end) from None
    output = template.body[0] if len(template.body) == 1 else None
    if not isinstance(output, nodes.Output) or len(output.nodes) != 1:
        raise ExpressionError(says("not one expression"), expression.start, expression.end)
    return output.nodes[0]


class CompiledText:
    """A text with its expressions compiled, to be filled once for each recipient."""

    def __init__(self, text: str, country: str) -> None:
        """Raises ExpressionError for `{{ … }}` that is not an expression."""
        self.source = text
        self.country = country
        self._pieces: list[str | tuple[Expression, Callable[..., Any]]] = []
        self.names: frozenset[str] = frozenset()
        jinja = environment(country)
        for piece in split(text):
            if isinstance(piece, str):
                self._pieces.append(piece)
                continue
            self.names |= {use.name for use in uses(piece).names}
            try:
                compiled = jinja.compile_expression(piece.source, undefined_to_none=False)
            except (TemplateSyntaxError, RecursionError, SyntaxError, MemoryError, ValueError) as error:
                message = says("not a valid expression: {problem}", problem=as_written(str(error)) or says("too deep"))
                raise ExpressionError(message, piece.start, piece.end) from None
            self._pieces.append((piece, compiled))

    def fill(self, data: Mapping[str, Any]) -> str:
        """The text for this data. Raises RenderError for a missing value or one that a filter can't take."""
        filled: list[str] = []
        for piece in self._pieces:
            filled.append(piece if isinstance(piece, str) else _value(*piece, data))
        return "".join(filled)

    def value(self, data: Mapping[str, Any]) -> Any:
        """The value of a text that is one expression and nothing else, of its own type; else as `fill`, a text."""
        if len(self._pieces) == 1 and not isinstance(self._pieces[0], str):
            return _value(*self._pieces[0], data, as_text=False)
        return self.fill(data)


def _value(expression: Expression, compiled: Callable[..., Any], data: Mapping[str, Any], as_text: bool = True) -> Any:
    with worked_out(expression):
        value = compiled(**data)
        if not as_text and isinstance(value, bool):
            return value
        text = show(value)
    if len(text) > MAX_TEXT:
        raise RenderError(says("a text of {length:,} characters", length=len(text)), expression.start, expression.end)
    return text


@contextmanager
def worked_out(expression: Expression) -> Iterator[None]:
    """A context in which an expression is evaluated: whatever goes wrong is a RenderError at the expression's characters."""
    try:
        yield
    except UndefinedError as error:
        raise RenderError(as_written(str(error.message)), expression.start, expression.end) from None
    except NoValue as error:
        raise RenderError(error.message, expression.start, expression.end) from None
    except (SecurityError, TemplateSyntaxError, ValueError) as error:
        raise RenderError(as_written(f"{error}" or type(error).__name__), expression.start, expression.end) from None
    except (TypeError, ArithmeticError, LookupError, AttributeError):
        message = says("`{expression}` can't be worked out for these values", expression=expression.source.strip())
        raise RenderError(message, expression.start, expression.end) from None


def there(value: Any) -> Any:
    """A value of an expression. Raises UndefinedError, whose message names the variable, where there is none."""
    if isinstance(value, StrictUndefined):
        str(value)
    return value


def show(value: Any) -> str:
    """A value as people read it in a message: whole numbers without a fraction; true, false and lists are refused."""
    there(value)
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise NoValue(says("{noun} can't stand in a text", noun=noun(value)))
    return shown(value)
