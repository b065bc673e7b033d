"""PNP501 expression-syntax."""

from pnpc.rules.expressions import errors
from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP501",
    name="expression-syntax",
    severity="error",
    summary="An expression that can't be read.",
    why=(
        "Expressions are a small part of Jinja2: names, literals, arithmetic on numbers, comparisons, `if … "
        "else`, and the filters."
    ),
    source="the spec format of pnpc; https://jinja.palletsprojects.com/en/stable/templates/#expressions",
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
      - {itemKey: time_range_001_ja, content: "{{ slot }} «{{» slot"}
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
      - {itemKey: time_range_001_ja, content: "{{ slot }} {{ slot «+» }}"}
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
      - {itemKey: time_range_001_ja, content: "{{ slot | «upper» }}"}
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
    check=errors,
)
