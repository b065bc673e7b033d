"""PNP214 other-country."""

from pnpc.rules.keys import other_country
from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP214",
    name="other-country",
    severity="error",
    summary="A key of another country.",
    why="Keys differ by country, and the account decides which apply: LINE answers 400.",
    source="https://developers.line.biz/en/reference/line-notification-messages/",
    bad=(
        """\
pnpc: 1
name: example
country: TH
message:
  templateKey: «shipment_completed_ja»
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
    check=other_country,
)
