"""PNP106 out-of-range."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP106",
    name="out-of-range",
    severity="error",
    summary="A number, a length or a count outside its bounds.",
    why="The bounds are part of the format.",
    source="the spec format of pnpc",
    bad=(
        """\
pnpc: 1
name: example
country: JP
variables:
  slot: {type: string, maxLength: «-1», example: 午前中}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: time_range_001_ja, content: "{{ slot }}"}
""",
    ),
    good=(
        """\
pnpc: 1
name: example
country: JP
variables:
  slot: {type: string, maxLength: 20, example: 午前中}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: time_range_001_ja, content: "{{ slot }}"}
""",
    ),
)
