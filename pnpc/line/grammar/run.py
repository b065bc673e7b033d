"""One walk of the grammar over a document, the type of a check, and the tests for the types of nodes."""

import json as json_library
from collections.abc import Callable
from typing import Any, NamedTuple

from pnpc.line.grammar.schema import Schema
from pnpc.text.document import Mapping, Node, Scalar, Sequence
from pnpc.text.finding import Finding
from pnpc.text.path import Path
from pnpc.text.values import BOOLEANS, INTEGER, NULLS, NUMBER
from pnpc.text.wording import says


class Demand(NamedTuple):
    """A text with expressions, its path, and the schema that the filled text must satisfy."""

    path: Path
    text: str
    schema: Schema


class Run:
    """One walk over a document: its findings, and how scalars are to be read.

    `demands` is what the grammar asks of every value with an expression. With `keep`, `kept` has, by `id(node)`, each
    number, boolean and text with an expression: its type, and the check to run again on the filled value.
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
# Makes the check of a part of a schema that stands in the file of this name.
Compile = Callable[[Schema | bool, str], Check]


def is_expression(node: Node, run: Run) -> bool:
    """Whether a scalar contains an expression, so that its value is not known yet."""
    return run.expressions and "{{" in node.value


def is_number(node: Node, pattern: Any, run: Run) -> bool:
    """Whether a node is a number as `pattern` (INTEGER or NUMBER) says, or an expression that may become one."""
    if not isinstance(node, Scalar):
        return False
    if is_expression(node, run):
        return True
    if node.style:
        return False
    if pattern.fullmatch(node.value):
        return True
    # In JSON Schema a number with a zero fraction is an integer too.
    return pattern is INTEGER and NUMBER.fullmatch(node.value) is not None and float(node.value).is_integer()


def _is_boolean(node: Node, run: Run) -> bool:
    return isinstance(node, Scalar) and ((not node.style and node.value in BOOLEANS) or is_expression(node, run))


def _is_text(node: Node, run: Run) -> bool:
    return isinstance(node, Scalar) and (bool(node.style) or (not run.json and node.value not in NULLS))


# JSON Schema's types as messages name them.
TYPE_NOUNS = {
    "string": says("text"), "integer": says("a whole number"), "number": says("a number"),
    "boolean": says("true or false"), "array": says("a list"), "object": says("a mapping"), "null": says("empty"),
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


def same(left: object, right: object) -> bool:
    """Equality as in JSON Schema: 1 and 1.0 are the same, 1 and true are not."""
    if left.__class__ is right.__class__ and not isinstance(left, list | dict):
        return left == right
    return left == right and comparable(left) == comparable(right)


def comparable(value: object) -> str:
    """A text that is equal for two values exactly if they are the same (see `same`)."""
    return json_library.dumps(_whole(value), sort_keys=True, default=str)


def _whole(value: object) -> object:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_whole(part) for part in value]
    return {key: _whole(part) for key, part in value.items()} if isinstance(value, dict) else value
