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
    summary="An amount that does not say its currency.",
    why=(
        "Guidelines for LINE's official notifications want amounts in local currency or US dollars; a bare "
        "number leaves the reader to guess, and 1,000 of what is a large difference."
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
