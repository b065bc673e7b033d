"""PNP602 missing-column."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP602",
    name="missing-column",
    severity="error",
    summary="A column or a field that the spec needs is missing.",
    why="Each variable without a default needs a value in each row; the recipient needs `phone` or `to`.",
    source="the spec format of pnpc",
    tried_by="test_compile.py::test_a_variable_without_an_example_is_told_at_its_place",
)
