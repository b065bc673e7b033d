"""PNP603 bad-value."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP603",
    name="bad-value",
    severity="error",
    summary="A value that the variable's declaration does not allow.",
    why="The declaration is what was reviewed: other data could make a text that nobody has seen.",
    source="the spec format of pnpc",
    tried_by="test_compile.py::test_a_library_call_gives_values",
)
