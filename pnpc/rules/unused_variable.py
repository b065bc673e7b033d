"""PNP503 unused-variable."""

from pnpc.rules.expressions import unused
from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP503",
    name="unused-variable",
    severity="warning",
    summary="A variable that no expression uses.",
    why="Either an expression is missing, or every caller must supply data that nobody reads.",
    source="the spec format of pnpc",
    bad=(
        """\
pnpc: 1
name: example
country: JP
variables:
  «slot»: {type: string, maxLength: 20, example: 午前中}
message:
  templateKey: shipment_completed_ja
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
    check=unused,
)
