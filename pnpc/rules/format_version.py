"""PNP109 format-version."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP109",
    name="format-version",
    severity="error",
    summary="The format version is 1.",
    why="A later version may mean something else by the same keys.",
    source="the spec format of pnpc",
    bad=(
        """\
pnpc: «2»
name: example
country: JP
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
