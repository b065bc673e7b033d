"""PNP507 expression-failed."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP507",
    name="expression-failed",
    severity="error",
    summary="An expression that has no value for this data.",
    why=("The text can't be made: a filter was given something that it can't show, such as text that is not a date."),
    source="the spec format of pnpc",
    tried_by="test_compile.py::test_a_value_that_a_filter_cant_take_is_told_at_the_expression",
)
