"""Rules of the parser: texts that can't be read, or that can be read in two ways."""

from pnpc.rules.rule import Rule

RULES = (
    Rule(
        code="PNP001",
        name="not-utf-8",
        severity="error",
        summary="A file is not UTF-8.",
        why="In another encoding the same bytes are other letters. LINE accepts only UTF-8.",
        source="https://yaml.org/spec/1.2.2/#52-character-encodings",
        tried_by="test_text.py::test_other_encodings_are_named_with_file_and_offset",
    ),
    Rule(
        code="PNP002",
        name="yaml-syntax",
        severity="error",
        summary="A file is not valid YAML.",
        why="A file that can't be read can't be checked or sent.",
        source="https://yaml.org/spec/1.2.2/",
        bad=(
            """\
body:
  items:
    - {itemKey: time_range_001_ja, content: «"»午前中}
""",
            """\
templateKey: shipment_completed_ja
body:
  items:
    - itemKey: name_010_ja
      content: 時間«:» 10時
""",
        ),
        good=(
            """\
body:
  items:
    - {itemKey: name_010_ja, content: "時間: 10時"}
""",
        ),
    ),
    Rule(
        code="PNP003",
        name="tab",
        severity="error",
        summary="A line is indented with a tab.",
        why="YAML allows only spaces: a tab has no fixed width, so two readers could see two structures.",
        source="https://yaml.org/spec/1.2.2/#61-indentation-spaces",
        bad=(
            """\
body:
  items:
«	»- {itemKey: time_range_001_ja, content: 午前中}
""",
        ),
        good=(
            """\
body:
  items:
    - {itemKey: time_range_001_ja, content: 午前中}
""",
        ),
    ),
    Rule(
        code="PNP008",
        name="input-too-large",
        severity="error",
        summary="A file is too large.",
        why="The limits are 2 million characters, 200 levels, and 200,000 values with aliases written out. No LINE message is so large: such a file is an accident or an attack.",
        source="the spec format of pnpc",
        tried_by="test_hostile.py::test_a_folder_of_them_gives_one_report",
    ),
    Rule(
        code="PNP009",
        name="alias-cycle",
        severity="error",
        summary="An alias stands inside the node that it names.",
        why="Written out, it would never end.",
        source="https://yaml.org/spec/1.2.2/#71-alias-nodes",
        bad=(
            """\
templateKey: shipment_completed_ja
body: «&»again
  items: [*again]
""",
        ),
    ),
    Rule(
        code="PNP010",
        name="control-character",
        severity="error",
        summary="A text has a control character.",
        why="YAML and LINE refuse control characters, and a reviewer can't see them.",
        source="https://yaml.org/spec/1.2.2/#51-character-set",
        tried_by="test_text.py::test_an_unreadable_text_gets_one_finding",
    ),
    Rule(
        code="PNP011",
        name="yaml-tag",
        severity="error",
        summary="A value has a tag such as `!!binary`.",
        why="Tags are not supported: they ask for something other than text, numbers, lists and mappings.",
        source="https://yaml.org/spec/1.2.2/#691-node-tags",
        bad=(
            """\
body:
  items:
    - {itemKey: name_010_ja, content: «!»!binary aGVsbG8=}
""",
        ),
        good=(
            """\
body:
  items:
    - {itemKey: name_010_ja, content: "!!binary"}
""",
        ),
    ),
)
