"""PNP111 bad-name."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP111",
    name="bad-name",
    severity="error",
    summary="A name has a form of its own.",
    why=(
        "Spec names stand in ids, file names and reports: `[a-z0-9-]`. Variables are names in expressions: "
        "letters, digits and _."
    ),
    source="the spec format of pnpc",
    bad=(
        """\
pnpc: 1
name: «Shipment Completed»
country: JP
message:
  templateKey: shipment_completed_ja
""",
        """\
pnpc: 1
name: example
country: JP
variables:
  «order-id»: {type: string, example: A1}
message:
  templateKey: shipment_completed_ja
""",
    ),
    good=(
        """\
pnpc: 1
name: shipment-completed
country: JP
message:
  templateKey: shipment_completed_ja
""",
    ),
)
