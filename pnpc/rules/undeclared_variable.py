"""PNP502 undeclared-variable."""

from pnpc.rules.expressions import undeclared
from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP502",
    name="undeclared-variable",
    severity="error",
    summary="An expression uses a variable that is not declared.",
    why="Compile would have no value for it. `recipient.index` and `recipient.to` are always there.",
    source="the spec format of pnpc",
    bad=(
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
      - {itemKey: time_range_001_ja, content: "{{ slot }} {{ «slto» }}"}
""",
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
      - {itemKey: time_range_001_ja, content: "{{ slot }} {{ recipient.«phone» }}"}
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
      - {itemKey: time_range_001_ja, content: "{{ slot }} {{ recipient.index }}"}
""",
    ),
    check=undeclared,
)
