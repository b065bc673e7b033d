"""PNP112 json-syntax."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP112",
    name="json-syntax",
    severity="error",
    summary="A file named .json must be JSON.",
    why=(
        "LINE, and every program that sends the file, reads it as JSON, and refuses what YAML would let pass: a comma "
        "too many, single quotes, comments, a line break inside a text, `False` for `false`."
    ),
    source="https://www.rfc-editor.org/rfc/rfc8259",
    tried_by="test_json.py::test_what_json_refuses_is_told_at_its_place",
)
