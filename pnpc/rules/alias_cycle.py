"""PNP009 alias-cycle."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP009",
    name="alias-cycle",
    severity="error",
    summary="An alias can't stand inside the node that it names.",
    why="Written out it would never end.",
    source="https://yaml.org/spec/1.2.2/#71-alias-nodes",
    bad=(
        """\
templateKey: shipment_completed_ja
body: «&»again
  items: [*again]
""",
    ),
)
