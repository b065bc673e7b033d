"""Conditions that Jinja2 reads: taken apart into questions for the check, asked as a whole when rows are filled."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jinja2 import TemplateError, nodes
from jinja2.environment import TemplateExpression

from pnpc.spec.expression import Expression
from pnpc.spec.language import environment, parse, uses, worked_out
from pnpc.spec.structure.truth import Both, Either, Formula, Not, Question


class Condition:
    """An expression whose truth decides whether an object is there: asked as often as there are recipients."""

    def __init__(self, expression: Expression, country: str) -> None:
        """Raises ExpressionError where it is not of our language."""
        self.names = frozenset(use.name for use in uses(expression).names)
        self._expression = expression
        self._ask = _asked(parse(expression), country)

    def holds(self, data: Mapping[str, Any]) -> bool:
        """The truth for this data: a number but 0, a text or a list that is not empty, are true. Raises RenderError."""
        one = self._expression
        with worked_out(one):
            return self._ask(data)


def truth(expression: Expression) -> Formula:
    """The truth of an expression, taken apart at `and`, `or`, `not` and `!=`. Raises ExpressionError."""
    return _formula(parse(expression))


_OPPOSITES = {"ne": "eq", "gteq": "lt", "lteq": "gt", "notin": "in"}


def _formula(node: nodes.Expr) -> Formula:
    if isinstance(node, nodes.And | nodes.Or):
        kind = Both if isinstance(node, nodes.And) else Either
        return kind(_formula(node.left), _formula(node.right))
    if isinstance(node, nodes.Not):
        return Not(_formula(node.node))
    if isinstance(node, nodes.Compare) and len(node.ops) == 1 and node.ops[0].op in _OPPOSITES:
        operand = nodes.Operand(_OPPOSITES[node.ops[0].op], node.ops[0].expr)
        return Not(_formula(nodes.Compare(node.expr, [operand])))
    return Question(_words(node), tuple(dict.fromkeys(_references(node))), _quietly(_asked(node, "")))


def _asked(node: nodes.Expr, country: str) -> Callable[[Mapping[str, Any]], bool]:
    result = nodes.Assign(nodes.Name("result", "store", lineno=1), node, lineno=1)
    template = environment(country).from_string(nodes.Template([result], lineno=1))
    compiled = TemplateExpression(template, undefined_to_none=False)
    return lambda data: bool(compiled(**data))


def _quietly(ask: Callable[[Mapping[str, Any]], bool]) -> Callable[[Mapping[str, Any]], bool]:
    """A question that has no answer is not true: whoever has data that raise the error will be told."""

    def asked(data: Mapping[str, Any]) -> bool:
        try:
            return ask(data)
        except (TemplateError, TypeError, ArithmeticError, LookupError, AttributeError, ValueError):
            return False

    return asked


def _references(node: nodes.Node) -> Iterator[tuple[str, ...]]:
    """The values that an expression reads, as the steps to each from its name."""
    steps = _steps(node)
    if steps:
        yield steps
        return
    for child in node.iter_child_nodes():
        yield from _references(child)


def _steps(node: nodes.Node) -> tuple[str, ...]:
    if isinstance(node, nodes.Name):
        return (node.name,)
    if isinstance(node, nodes.Getattr):
        above = _steps(node.node)
        return (*above, node.attr) if above else ()
    return ()


_SIGNS = {"eq": "==", "lt": "<", "gt": ">", "in": "in"}


def _words(node: nodes.Expr) -> str:
    """A question in words, the same for questions that are the same."""
    if steps := _steps(node):
        return ".".join(steps)
    if isinstance(node, nodes.Const):
        return str(node.value).lower() if isinstance(node.value, bool) else repr(node.value)
    if isinstance(node, nodes.Compare):
        return " ".join((_words(node.expr), *(f"{_SIGNS[one.op]} {_words(one.expr)}" for one in node.ops)))
    return repr(node)
