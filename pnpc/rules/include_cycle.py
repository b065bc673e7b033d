"""PNP528 include-cycle."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP528",
    name="include-cycle",
    severity="error",
    summary="Fragments that include each other.",
    why="There would be no end to it.",
    source="the spec format of pnpc",
    tried_by="test_structure.py::test_a_circle_of_fragments",
)
