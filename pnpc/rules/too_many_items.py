"""PNP208 too-many-items."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP208",
    name="too-many-items",
    severity="error",
    summary="A message has at most 15 items.",
    why="LINE answers 400.",
    source="https://developers.line.biz/en/reference/line-notification-messages/",
    tried_by="test_checker.py::test_counts",
)
