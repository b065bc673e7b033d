"""PNP214 other-country."""

from collections.abc import Iterator

from pnpc.rules.keys import other_country
from pnpc.rules.rule import Rule
from pnpc.spec.context import Context
from pnpc.spec.notice import Notice
from pnpc.text.finding import Finding


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    yield from other_country(notice, context)


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
    check=check,
)
