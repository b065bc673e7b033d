"""PNP601 bad-table."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP601",
    name="bad-table",
    severity="error",
    summary="A table of recipients that can't be read.",
    why=(
        "A table needs a row of column names, each once, and as many fields in each row; a JSONL file needs "
        "one object a line."
    ),
    source="https://www.rfc-editor.org/rfc/rfc4180",
    tried_by="test_rules.py::test_a_table_that_is_none",
)
