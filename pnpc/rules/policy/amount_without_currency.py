"""PNP706 amount-without-currency."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.rules.rule import Rule
from pnpc.rules.shared.content import amounts_at, bare_amounts
from pnpc.text.finding import Finding, Place
from pnpc.text.wording import says


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    for item in bare_amounts(notice, context):
        assert item.content is not None
        help = says("`{{{{ total | currency }}}}` writes the currency of the spec's country")
        yield Finding(Place(item.content.path), says("an amount without its currency"), help)


RULE = Rule(
    code="PNP706",
    name="amount-without-currency",
    severity="warning",
    summary="An amount has no currency.",
    why=(
        "Guidelines for LINE's official notifications require amounts in local currency or US dollars. With a number alone "
        "the reader must guess: 1,000 yen and 1,000 dollars are very different."
    ),
    source="https://www.infobip.com/docs/line/compliance-guidelines",
    bad=(
        """\
body:
  items:
    - {itemKey: price_001_ja, content: «"12,000"»}
""",
        """\
pnpc: 1
name: example
country: JP
variables:
  total: {type: integer, minimum: 0, maximum: 9999999, example: 12000}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: price_001_ja, content: «"{{ total | number }}"»}
""",
    ),
    good=(
        """\
pnpc: 1
name: example
country: JP
variables:
  total: {type: integer, minimum: 0, maximum: 9999999, example: 12000}
message:
  templateKey: shipment_completed_ja
  body:
    emphasizedItem: {itemKey: price_001_ja, content: "{{ total }}円"}
""",
        """\
pnpc: 1
name: example
country: JP
variables:
  total: {type: integer, minimum: 0, maximum: 9999999, example: 12000}
message:
  templateKey: shipment_completed_ja
  body:
    emphasizedItem: {itemKey: price_001_ja, content: "{{ total | currency }}"}
""",
    ),
    check=check,
    values=amounts_at,
)
