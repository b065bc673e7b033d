"""Conditions that Jinja2 reads, taken apart into questions."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from jinja2 import TemplateSyntaxError, nodes
from jinja2.environment import TemplateExpression

from pnpc.language.cases.truth import Ask, Both, Either, Formula, Not, Question, Steps, compared, in_words, is_true
from pnpc.language.expressions.expression import Expression, ExpressionError, NoValue
from pnpc.language.filling.jinja import parse
from pnpc.language.filling.sandbox import environment
from pnpc.text.wording import says

_OPPOSITES = {"ne": "eq", "gteq": "lt", "lteq": "gt", "notin": "in"}
_TURNED = {"eq": "eq", "lt": "gt", "gt": "lt"}
_SIGNS = {
    "eq": "==", "ne": "!=", "lt": "<", "lteq": "<=", "gt": ">", "gteq": ">=", "in": "in", "notin": "not in",
}  # fmt: skip


def truth(expression: Expression, country: str) -> Formula:
    """The truth of an expression, taken apart at `and`, `or`, `not` and `!=`. Raises ExpressionError."""
    try:
        return _formula(parse(expression), country)
    except RecursionError:
        raise ExpressionError(says("an expression too deep to read"), expression.start, expression.end) from None


def _formula(node: nodes.Expr, country: str) -> Formula:
    if isinstance(node, nodes.And | nodes.Or):
        kind = Both if isinstance(node, nodes.And) else Either
        return kind(_formula(node.left, country), _formula(node.right, country))
    if isinstance(node, nodes.Not):
        return Not(_formula(node.node, country))
    if isinstance(node, nodes.Compare) and len(node.ops) > 1:
        return _chain(node, country)
    if isinstance(node, nodes.Compare):
        sign, other = node.ops[0].op, node.ops[0].expr
        if sign in _OPPOSITES:
            return Not(_formula(nodes.Compare(node.expr, [nodes.Operand(_OPPOSITES[sign], other)]), country))
        comparison = _comparison(node.expr, sign, other)
        if comparison is not None:
            return comparison
    if steps := _steps(node):
        return is_true(steps)
    return Question(_words(node), tuple(dict.fromkeys(_references(node))), _asked(node, country))


def _chain(node: nodes.Compare, country: str) -> Formula:
    """`0 < a < 5`: both comparisons."""
    first, *rest = node.ops
    left = _formula(nodes.Compare(node.expr, [first]), country)
    return Both(left, _formula(nodes.Compare(first.expr, rest), country))


def _comparison(value: nodes.Expr, sign: str, other: nodes.Expr) -> Question | None:
    """A value compared with constants; None for any other comparison."""
    constant = _constant(value)
    if constant is not None and sign in _TURNED:
        value, sign, other = other, _TURNED[sign], value
    steps = _steps(value)
    if not steps:
        return None
    if sign == "in":
        items = other.items if isinstance(other, nodes.List | nodes.Tuple) else []
        among = [constant_ for item in items if (constant_ := _constant(item)) is not None]
        return compared(steps, sign, tuple(member[0] for member in among)) if len(among) == len(items) > 0 else None
    constant = _constant(other)
    return compared(steps, sign, constant[0]) if constant is not None else None


def _constant(node: nodes.Expr) -> tuple[Any] | None:
    """The value of a literal, signed or not; None for anything else."""
    if isinstance(node, nodes.Const):
        return (node.value,)
    if isinstance(node, nodes.Neg | nodes.Pos):
        below = _constant(node.node)
        if below is not None and isinstance(below[0], int | float) and not isinstance(below[0], bool):
            return (-below[0] if isinstance(node, nodes.Neg) else below[0],)
    return None


def _asked(node: nodes.Expr, country: str) -> Ask:
    @cache
    def compiled() -> Callable[..., Any]:
        """Compiled when it is first asked: check never asks most questions."""
        result = nodes.Assign(nodes.Name("result", "store", lineno=1), node, lineno=1)
        try:
            template = environment(country).from_string(nodes.Template([result], lineno=1))
        except (TemplateSyntaxError, RecursionError, SyntaxError, MemoryError):
            raise NoValue(says("an expression too deep to be worked out")) from None
        return TemplateExpression(template, undefined_to_none=False)

    def ask(data: Mapping[str, Any]) -> bool:
        return bool(compiled()(**data))

    return ask


def _references(node: nodes.Node) -> Iterator[Steps]:
    """The values that an expression reads, as the steps to each from its name."""
    steps = _steps(node)
    if steps:
        yield steps
        return
    for child in node.iter_child_nodes():
        yield from _references(child)


def _steps(node: nodes.Node) -> Steps:
    if isinstance(node, nodes.Name):
        return (node.name,)
    if isinstance(node, nodes.Getattr):
        above = _steps(node.node)
        return (*above, node.attr) if above else ()
    return ()


def _words(node: nodes.Node | None) -> str:
    """An expression in words: equal expressions have equal words, however they are spaced."""
    if isinstance(node, nodes.Const):
        return in_words(node.value)
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{_words(node.node)}.{node.attr}"
    if isinstance(node, nodes.Getitem):
        return f"{_words(node.node)}[{_words(node.arg)}]"
    if isinstance(node, nodes.BinExpr):
        return f"({_words(node.left)} {node.operator} {_words(node.right)})"
    if isinstance(node, nodes.UnaryExpr):
        return f"{node.operator} {_words(node.node)}"
    if isinstance(node, nodes.Compare):
        return " ".join((_words(node.expr), *(f"{_SIGNS[operand.op]} {_words(operand.expr)}" for operand in node.ops)))
    return _words_of_many(node)


def _words_of_many(node: nodes.Node | None) -> str:
    if isinstance(node, nodes.Filter):
        given = [*map(_words, node.args), *(f"{keyword.key}={_words(keyword.value)}" for keyword in node.kwargs)]
        return f"{_words(node.node)} | {node.name}" + (f"({', '.join(given)})" if given else "")
    if isinstance(node, nodes.Concat):
        return f"({' ~ '.join(map(_words, node.nodes))})"
    if isinstance(node, nodes.List | nodes.Tuple):
        return f"[{', '.join(map(_words, node.items))}]"
    if isinstance(node, nodes.CondExpr):
        return f"({_words(node.expr1)} if {_words(node.test)} else {_words(node.expr2)})"
    return repr(node)  # slices
