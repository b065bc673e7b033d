"""PNP001 not-utf-8."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP001",
    name="not-utf-8",
    severity="error",
    summary="A file must be UTF-8.",
    why="In another encoding the same bytes are other letters; LINE takes UTF-8 only.",
    source="https://yaml.org/spec/1.2.2/#52-character-encodings",
    tried_by="test_text.py::test_other_encodings_are_named_with_file_and_offset",
)
