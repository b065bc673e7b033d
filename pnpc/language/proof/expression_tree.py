"""Expressions as trees: those of the common form read here, the rest by Jinja2's parser."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from pnpc.language.expressions.expression import Expression, Simple, simple, split
from pnpc.line.grammar.units import utf16

_DEEPEST = 60  # levels; usual expressions have up to five
_WORDS = {"true": True, "false": False, "none": None}


class ExpressionTree(NamedTuple):
    """A part of an expression: what it is, the parts it is made of, and a word or value of its own (`own`).

    `name` (the name), `const` (the value), `member` (the key), `item` (the value, the index), `slice` (the value; where it
    begins and ends, None where that is not written as a number),
    `filter` (the value and its arguments; the filter, and the names of the last arguments), `if` (test, value, other
    value if there is one), `join`, `binary` (the operator), `compare` (the operators), `either` (`and`, `or`), `not`,
    `sign` (the operator), `list`.
    """

    kind: str
    parts: tuple["ExpressionTree", ...] = ()
    own: Any = None


class Literal(NamedTuple):
    """Fixed text, with its code points and UTF-16 units."""

    text: str
    points: int
    units: int


class Piece(NamedTuple):
    """An expression of a text: its tree, its characters (code points, braces included), and the names that it uses."""

    tree: ExpressionTree
    start: int
    end: int
    names: tuple[str, ...]


Written = tuple[Literal | Piece, ...]


@lru_cache(maxsize=2048)
def pieces(text: str) -> Written:
    """A text as literal pieces and expressions, in order. Raises ExpressionError."""
    expressions = simple(text)
    if expressions is None:
        return tuple(_literal(piece) if isinstance(piece, str) else _unusual(piece) for piece in split(text))
    result: list[Literal | Piece] = []
    at = 0
    for expression in expressions:
        if expression.start > at:
            result.append(_literal(text[at : expression.start]))
        result.append(Piece(_simple(expression), expression.start, expression.end, (expression.name,)))
        at = expression.end
    if at < len(text):
        result.append(_literal(text[at:]))
    return tuple(result)


def _literal(text: str) -> Literal:
    return Literal(text, len(text), utf16(text))


def _simple(expression: Simple) -> ExpressionTree:
    tree = ExpressionTree("name", (), expression.name)
    for key in expression.attributes:
        tree = ExpressionTree("member", (tree,), key)
    for name, arguments in expression.filters:
        tree = ExpressionTree(
            "filter", (tree, *(ExpressionTree("const", (), _constant(argument)) for argument in arguments)), (name, ())
        )
    return tree


def _constant(written: str) -> object:
    if written[0] in "'\"":
        return written[1:-1]
    if written in _WORDS:
        return _WORDS[written]
    return float(written) if "." in written else int(written)


def _unusual(expression: Expression) -> Piece:
    from pnpc.language.filling.jinja import parse  # one expression in a hundred: Jinja2 takes 60 ms to load

    node = parse(expression)
    tree = _read(node) if _is_walkable(node) else ExpressionTree("unknown")
    return Piece(tree, expression.start, expression.end, tuple(dict.fromkeys(_names(tree))))


def _is_walkable(node: Any) -> bool:
    """Whether an expression is not too deep for recursion."""
    level = [node]
    for _ in range(_DEEPEST):
        level = [below for node in level for below in node.iter_child_nodes()]
        if not level:
            return True
    return False


def _names(tree: ExpressionTree) -> Iterator[str]:
    if tree.kind == "name":
        yield tree.own
    for part in tree.parts:
        yield from _names(part)


def _read(node: Any) -> ExpressionTree:
    """Jinja2's node as a tree of ours; its classes are known by their names."""
    kind = type(node).__name__
    if kind in _MADE:
        return _MADE[kind](node)  # type: ignore[no-any-return]
    if kind in _OPERATORS:
        return ExpressionTree("binary", (_read(node.left), _read(node.right)), _OPERATORS[kind])
    if kind in ("List", "Tuple"):
        return ExpressionTree("list", _all(node.items))
    return ExpressionTree("unknown")


def _filter(node: Any) -> ExpressionTree:
    named = tuple(keyword.key for keyword in node.kwargs)
    return ExpressionTree(
        "filter",
        (_read(node.node), *_all(node.args), *(_read(keyword.value) for keyword in node.kwargs)),
        (node.name, named),
    )


def _item(node: Any) -> ExpressionTree:
    if type(node.arg).__name__ == "Slice":
        start, stop = (
            getattr(bound, "value", None) if bound is not None else bound for bound in (node.arg.start, node.arg.stop)
        )
        return ExpressionTree("slice", (_read(node.node),), (start or 0, stop) if node.arg.step is None else (0, None))
    return ExpressionTree("item", (_read(node.node), _read(node.arg)))


def _condition(node: Any) -> ExpressionTree:
    last = (_read(node.expr2),) if node.expr2 is not None else ()
    return ExpressionTree("if", (_read(node.test), _read(node.expr1), *last))


def _all(nodes: Any) -> tuple[ExpressionTree, ...]:
    return tuple(_read(node) for node in nodes)


_OPERATORS = {"Add": "+", "Sub": "-", "Mul": "*", "Div": "/", "FloorDiv": "//", "Mod": "%"}
_MADE: dict[str, Any] = {
    "Name": lambda node: ExpressionTree("name", (), node.name),
    "Const": lambda node: ExpressionTree("const", (), node.value),
    "Getattr": lambda node: ExpressionTree("member", (_read(node.node),), node.attr),
    "Getitem": _item,
    "Filter": _filter,
    "CondExpr": _condition,
    "Concat": lambda node: ExpressionTree("join", _all(node.nodes)),
    "Compare": lambda node: ExpressionTree("compare", (_read(node.expr), *(_read(operand.expr) for operand in node.ops)),
                                 tuple(operand.op for operand in node.ops)),
    "And": lambda node: ExpressionTree("either", (_read(node.left), _read(node.right)), "and"),
    "Or": lambda node: ExpressionTree("either", (_read(node.left), _read(node.right)), "or"),
    "Not": lambda node: ExpressionTree("not", (_read(node.node),)),
    "Neg": lambda node: ExpressionTree("sign", (_read(node.node),), "-"),
    "Pos": lambda node: ExpressionTree("sign", (_read(node.node),), "+"),
}  # fmt: skip


def shown(tree: ExpressionTree) -> str:
    """A name with its members, as the expression writes it; empty for anything else."""
    if tree.kind == "name":
        return str(tree.own)
    if tree.kind == "member":
        base = shown(tree.parts[0])
        return f"{base}.{tree.own}" if base else ""
    if tree.kind == "item" and tree.parts[1].kind == "const":
        base = shown(tree.parts[0])
        return f"{base}[{tree.parts[1].own!r}]" if base else ""
    return ""


def references(tree: ExpressionTree) -> Iterator[tuple[str, ...]]:
    """The values that a tree reads, as the steps to each from its name."""
    steps = _steps(tree)
    if steps:
        yield steps
        return
    for part in tree.parts:
        yield from references(part)


def _steps(tree: ExpressionTree) -> tuple[str, ...]:
    if tree.kind == "name":
        return (tree.own,)
    if tree.kind == "member":
        above = _steps(tree.parts[0])
        return (*above, tree.own) if above else ()
    return ()
