"""PNP102 missing-key."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP102",
    name="missing-key",
    severity="error",
    summary="A required key is missing.",
    why="LINE answers 400 without it; a spec is not complete without it.",
    source="https://developers.line.biz/en/reference/line-notification-messages/",
    bad=(
        """\
body:
  items:
    - «itemKey: time_range_001_ja»
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
