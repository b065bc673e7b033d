"""PNP609 row-number-in-tag."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Field, Notice
from pnpc.language.variables.used_names import read_uses
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding, Place
from pnpc.text.wording import says

_HELP = says("use a value that belongs to the message, such as an order number")


def check(notice: Notice, context: Context) -> Iterator[Finding]:  # noqa: ARG001
    if notice.delivery_tag is not None:
        yield from _numbered(notice.delivery_tag, "a delivery tag")
    for unit in notice.units:
        yield from _numbered(unit, "an aggregation unit")


def _numbered(field: Field, what: str) -> Iterator[Finding]:
    if "{{" not in field.text or "index" not in field.text:
        return
    for uses in read_uses(field).uses:
        for name, attribute in uses.attributes:
            if name == "recipient" and attribute.name == "index":
                message = says(
                    "{what} with the row's number: in another order of rows it is another message", what=what
                )
                yield Finding(Place(field.path, "value", (attribute.start, attribute.end)), message, _HELP)


RULE = Rule(
    code="PNP609",
    name="row-number-in-tag",
    severity="warning",
    summary="A delivery tag or an aggregation unit contains the number of the row.",
    why=(
        "pnpc knows by its content that a message was sent, and never sends it twice. A row number changes when a table "
        "is sorted, or when a row is added: then the same notification is another message, and is sent again."
    ),
    source="our own judgement",
    bad=(
        """\
pnpc: 1
name: example
country: JP
message:
  templateKey: shipment_completed_ja
  body:
    emphasizedItem: {itemKey: date_002_ja, content: 8月10日}
deliveryTag: "summer-campaign-{{ recipient.«index» }}"
""",
        """\
pnpc: 1
name: example
country: JP
message:
  templateKey: shipment_completed_ja
  body:
    emphasizedItem: {itemKey: date_002_ja, content: 8月10日}
  customAggregationUnits: ["row_{{ recipient.«index» }}"]
""",
    ),
    good=(
        """\
pnpc: 1
name: example
country: JP
variables:
  order_id: {type: string, pattern: "^[A-Z0-9]{8,20}$", example: A1B2C3D4}
message:
  templateKey: shipment_completed_ja
  body:
    emphasizedItem: {itemKey: date_002_ja, content: 8月10日}
deliveryTag: "shipment-{{ order_id }}"
""",
    ),
    check=check,
)
