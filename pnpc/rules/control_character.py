"""PNP010 control-character."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP010",
    name="control-character",
    severity="error",
    summary="Control characters can't stand in a text.",
    why="YAML and LINE refuse them; they are invisible in a review.",
    source="https://yaml.org/spec/1.2.2/#51-character-set",
    tried_by="test_text.py::test_an_unreadable_text_gets_one_finding",
)
