"""The keywords `if`, `then` and `else`; only a few kinds of conditions are allowed in an `if`."""

from pnpc.line.grammar.run import TYPE_TESTS, Check, Compile, Run, Test, same
from pnpc.line.grammar.schema import Schema, listed
from pnpc.text.document import Mapping, Node
from pnpc.text.members import members
from pnpc.text.path import Path
from pnpc.text.values import construct


def conditional(schema: Schema, name: str, compile_: Compile) -> Check:
    """The check of `then` for nodes that satisfy `if`, and of `else` for the others."""
    holds = _predicate(schema["if"])
    branches: dict[bool, Check] = {}

    def check_conditional(node: Node, path: Path, run: Run) -> None:
        chosen = holds(node, run)
        if chosen not in branches:
            # A branch may be a whole schema file that most documents never need: it is compiled at its first use.
            keyword = "then" if chosen else "else"
            branches[chosen] = compile_(schema[keyword], name) if keyword in schema else _pass
        branches[chosen](node, path, run)

    return check_conditional


def _pass(_node: Node, _path: Path, _run: Run) -> None:
    """The check of a branch that is not there: everything passes."""


def _predicate(schema: Schema) -> Test:
    """The test of an `if`, which may ask for a type, for keys that are there, and for fixed values of keys."""
    required = schema.get("required", [])
    fixed = {key: listed(value) or [] for key, value in schema.get("properties", {}).items()}
    kind = TYPE_TESTS[schema["type"]] if "type" in schema else None

    def holds(node: Node, run: Run) -> bool:
        if kind is not None and not kind(node, run):
            return False
        if node.__class__ is not Mapping:
            return True  # as in JSON Schema, where `required` and `properties` apply to objects only
        keys = members(node)
        return all(key in keys for key in required) and all(
            key not in keys or any(same(construct(keys[key]), value) for value in allowed)
            for key, allowed in fixed.items()
        )

    return holds
