"""Conditions: `if`, `then`, `else`, with the few questions that an `if` may ask."""

from pnpc.line.grammar.run import TYPE_TESTS, Check, Compile, Run, Test, same
from pnpc.line.grammar.schema import Schema, listed
from pnpc.text.document import Mapping, Node
from pnpc.text.members import members
from pnpc.text.path import Path
from pnpc.text.values import construct


def conditional(schema: Schema, name: str, compile_: Compile) -> Check:
    """The schema `then` where `if` holds, else `else`."""
    holds = _predicate(schema["if"])
    branches: dict[bool, Check] = {}

    def check_conditional(node: Node, path: Path, run: Run) -> None:
        chosen = holds(node, run)
        if chosen not in branches:
            # A branch may be a whole grammar, which most files never enter: it is read when the first one does.
            keyword = "then" if chosen else "else"
            branches[chosen] = compile_(schema[keyword], name) if keyword in schema else _pass
        branches[chosen](node, path, run)

    return check_conditional


def _pass(_node: Node, _path: Path, _run: Run) -> None:
    """Nothing more is asked."""


def _predicate(schema: Schema) -> Test:
    """What an `if` may ask: is it of this type, are these keys there, has this key one of these values."""
    required = schema.get("required", [])
    fixed = {key: listed(one) or [] for key, one in schema.get("properties", {}).items()}
    kind = TYPE_TESTS[schema["type"]] if "type" in schema else None

    def holds(node: Node, run: Run) -> bool:
        if kind is not None and not kind(node, run):
            return False
        if node.__class__ is not Mapping:
            return True  # JSON Schema: `required` and `properties` say nothing of what is no object
        found = members(node)
        return all(key in found for key in required) and all(
            key not in found or any(same(construct(found[key]), one) for one in allowed)
            for key, allowed in fixed.items()
        )

    return holds
