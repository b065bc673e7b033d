"""PNP529 beside-include."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP529",
    name="beside-include",
    severity="error",
    summary="Members beside `$include`.",
    why="The fragment stands for the whole object; a member that stood in both would have two values.",
    source="the spec format of pnpc",
    tried_by="test_structure.py::test_members_beside_an_include",
)
