"""PNP104 value-not-allowed."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP104",
    name="value-not-allowed",
    severity="error",
    summary="A value outside the list of allowed ones.",
    why="Only the listed values mean something.",
    source="the spec format of pnpc",
    bad=(
        """\
pnpc: 1
name: example
country: «JPN»
message:
  templateKey: shipment_completed_ja
""",
    ),
    good=(
        """\
pnpc: 1
name: example
country: JP
message:
  templateKey: shipment_completed_ja
""",
    ),
)
