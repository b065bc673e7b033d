"""PNP004 duplicate-key."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP004",
    name="duplicate-key",
    severity="error",
    summary="A key may stand once in a mapping.",
    why=(
        "YAML readers differ on which of the two wins, most take the last in silence: what a reviewer read is "
        "not what is sent."
    ),
    source="https://yaml.org/spec/1.2.2/#3213-node-comparison",
    bad=(
        """\
body:
  items:
    - itemKey: time_range_001_ja
      content: 午前中
      «content»: 午後
""",
    ),
    good=(
        """\
body:
  items:
    - itemKey: time_range_001_ja
      content: 午前中
""",
    ),
)
