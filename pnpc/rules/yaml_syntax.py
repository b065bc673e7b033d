"""PNP002 yaml-syntax."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP002",
    name="yaml-syntax",
    severity="error",
    summary="The file must be YAML.",
    why="What cannot be read cannot be checked or sent.",
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
)
