"""PNP105 bad-format."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP105",
    name="bad-format",
    severity="error",
    summary="A text of the wrong form.",
    why="The text is read by a program, which expects one form.",
    source="the spec format of pnpc",
    tried_by="test_checker.py::test_the_tag_of_a_spec",
)
