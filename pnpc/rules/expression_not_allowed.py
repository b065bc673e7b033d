"""PNP504 expression-not-allowed."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP504",
    name="expression-not-allowed",
    severity="error",
    summary="An expression where the text must be fixed.",
    why=(
        "Which template, items and buttons are sent must be known when the spec is reviewed; only then can it "
        "be checked."
    ),
    source="the spec format of pnpc",
    bad=(
        """\
body:
  items:
    - {itemKey: «"{{ key }}"», content: 午前中}
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
