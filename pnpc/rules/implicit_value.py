"""PNP007 implicit-value."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP007",
    name="implicit-value",
    severity="warning",
    summary="A text that other YAML readers change should be quoted.",
    why=(
        "To pnpc an unquoted `0312345670` is text. Editors, yq and most libraries read YAML 1.1: an octal "
        "number there, as `no` is a boolean, `12:30` the number 750 and `2026-11-30` a date."
    ),
    source="https://yaml.org/type/",
    bad=(
        """\
body:
  items:
    - {itemKey: number_001_ja, content: «0312345670»}
    - {itemKey: time_range_001_ja, content: «12:30»}
    - {itemKey: name_010_ja, content: «no»}
""",
    ),
    good=(
        """\
body:
  items:
    - {itemKey: number_001_ja, content: "0312345670"}
    - {itemKey: name_010_ja, content: 12000}
""",
    ),
    fixed=(
        """\
body:
  items:
    - {itemKey: number_001_ja, content: "0312345670"}
    - {itemKey: time_range_001_ja, content: "12:30"}
    - {itemKey: name_010_ja, content: "no"}
""",
    ),
)
