"""PNP533 value-not-taken."""

from pnpc.rules.proof import telling
from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP533",
    name="value-not-taken",
    severity="warning",
    summary="An expression that fails for some of the data that the variables allow.",
    why=(
        "A row with such data passes the variables' declarations and gives no message. Declare the format or the type that "
        "the filter needs, and say which members of an object are required."
    ),
    source="the spec format of pnpc",
    bad=(
        """\
pnpc: 1
name: example
country: JP
variables:
  day: {type: string, maxLength: 10, example: "2024-08-10"}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: date_002_ja, content: "«{{ day | date }}»"}
""",
        """\
pnpc: 1
name: example
country: JP
variables:
  points: {type: integer, minimum: 0, maximum: 9999, example: 120}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: number_001_ja, content: "«{{ 100 // points }}»"}
""",
    ),
    good=(
        """\
pnpc: 1
name: example
country: JP
variables:
  day: {type: string, format: date, example: "2024-08-10"}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: date_002_ja, content: "{{ day | date }}"}
""",
    ),
    check=telling("value-not-taken"),
)
