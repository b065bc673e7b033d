"""PNP107 duplicate-name."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP107",
    name="duplicate-name",
    severity="error",
    summary="Two specs of a project can't have one name.",
    why="Payload ids and journals tell notifications apart by their names.",
    source="the spec format of pnpc",
    tried_by="test_check.py::test_two_specs_with_one_name",
)
