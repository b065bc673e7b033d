"""PNP003 tab."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP003",
    name="tab",
    severity="error",
    summary="Tabs can't indent.",
    why="YAML allows spaces only: a tab has no agreed width, so two readers could see two structures.",
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
)
