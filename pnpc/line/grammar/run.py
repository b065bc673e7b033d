"""One walk over a document, what a check is, and how a node shows its type."""

import json as json_library
from collections.abc import Callable
from typing import Any, NamedTuple

from pnpc.line.grammar.schema import Schema
from pnpc.text.document import Mapping, Node, Scalar, Sequence
from pnpc.text.finding import Finding
from pnpc.text.path import Path
from pnpc.text.values import BOOLEANS, INTEGER, NULLS, NUMBER


class Demand(NamedTuple):
    """A text with expressions, where it stands, and the schema that what it becomes must satisfy."""

    path: Path
    text: str
    schema: Schema


class Run:
    """One walk over a document: what was found, and how scalars are to be read.

    With `keep`, `kept` holds by the node's id what the grammar asks of each number, each boolean, and each text that
    an expression fills in: its type, and the check to run again on what it becomes. `demands` is what the grammar asks
    of every value that an expression fills in.
    """

    __slots__ = ("demands", "expressions", "findings", "json", "kept")

    def __init__(self, *, json: bool, expressions: bool, keep: bool = False) -> None:
        self.findings: list[Finding] = []
        self.demands: list[Demand] = []
        self.json = json
        self.expressions = expressions
        self.kept: dict[int, tuple[str, Check]] | None = {} if keep else None


Check = Callable[[Node, Path, Run], None]
Test = Callable[[Node, Run], bool]
# How a part of a schema, which stands in the file of this name, becomes a check.
Compile = Callable[[Schema | bool, str], Check]


def is_expression(node: Node, run: Run) -> bool:
    """Whether a value is only known once an expression in it is filled in."""
    return run.expressions and "{{" in node.value


def is_number(node: Node, pattern: Any, run: Run) -> bool:
    """Whether a node is a number of this spelling (INTEGER or NUMBER), or an expression that may become one."""
    if not isinstance(node, Scalar):
        return False
    if is_expression(node, run):
        return True
    if node.style:
        return False
    if pattern.fullmatch(node.value):
        return True
    # JSON Schema: a number with a zero fraction is an integer too.
    return pattern is INTEGER and NUMBER.fullmatch(node.value) is not None and float(node.value).is_integer()


def _is_boolean(node: Node, run: Run) -> bool:
    return isinstance(node, Scalar) and ((not node.style and node.value in BOOLEANS) or is_expression(node, run))


def _is_text(node: Node, run: Run) -> bool:
    return isinstance(node, Scalar) and (bool(node.style) or (not run.json and node.value not in NULLS))


# JSON Schema's types as messages name them.
TYPE_NOUNS = {
    "string": "text", "integer": "a whole number", "number": "a number", "boolean": "true or false",
    "array": "a list", "object": "a mapping", "null": "empty",
}  # fmt: skip
TYPE_TESTS: dict[str, Test] = {
    "string": _is_text,
    "integer": lambda node, run: is_number(node, INTEGER, run),
    "number": lambda node, run: is_number(node, NUMBER, run),
    "boolean": _is_boolean,
    "null": lambda node, _run: isinstance(node, Scalar) and not node.style and node.value in NULLS,
    "array": lambda node, _run: isinstance(node, Sequence),
    "object": lambda node, _run: isinstance(node, Mapping),
}


def same(one: object, other: object) -> bool:
    """Equality as JSON Schema means it: 1 and 1.0 are the same, 1 and true are not."""
    if one.__class__ is other.__class__ and not isinstance(one, list | dict):
        return one == other
    return one == other and comparable(one) == comparable(other)


def comparable(value: object) -> str:
    """One text for all values that are the same."""
    return json_library.dumps(_whole(value), sort_keys=True, default=str)


def _whole(value: object) -> object:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_whole(one) for one in value]
    return {key: _whole(one) for key, one in value.items()} if isinstance(value, dict) else value
