"""PNP207 url-too-long."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP207",
    name="url-too-long",
    severity="error",
    summary="A button's url has at most 1,000 characters.",
    why="LINE answers 400.",
    source="https://developers.line.biz/en/reference/line-notification-messages/",
    tried_by="test_checker.py::test_urls",
)
