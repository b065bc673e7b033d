"""PNP502 undeclared-variable."""

from collections.abc import Iterator

from pnpc.rules.expressions import undeclared
from pnpc.rules.rule import Rule
from pnpc.spec.context import Context
from pnpc.spec.notice import Notice
from pnpc.text.finding import Finding


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    yield from undeclared(notice, context)


RULE = Rule(
    code="PNP502",
    name="undeclared-variable",
    severity="error",
    summary="An expression uses a variable that is not declared.",
    why="Compile would have no value for it. `recipient.index` and `recipient.to` are always there.",
    source="the spec format of pnpc",
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
      - {itemKey: time_range_001_ja, content: "{{ slot }} {{ «slto» }}"}
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
      - {itemKey: time_range_001_ja, content: "{{ slot }} {{ recipient.«phone» }}"}
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
      - {itemKey: time_range_001_ja, content: "{{ slot }} {{ recipient.index }}"}
""",
    ),
    check=check,
)
