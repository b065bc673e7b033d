"""PNP605 reserved-variable."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.language.variables.declared import RESERVED
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding, Place
from pnpc.text.wording import says


def check(notice: Notice, _context: Context) -> Iterator[Finding]:
    for name in notice.variables:
        if name in RESERVED:
            yield Finding(
                Place(("variables", name), "key"),
                says("no variable can be named `{name}`: {reason}", name=name, reason=RESERVED[name]),
            )


RULE = Rule(
    code="PNP605",
    name="reserved-variable",
    severity="error",
    summary="A variable has one of the names `phone`, `to`, `recipient` and `loop`.",
    why=(
        "In a table of recipients, the columns with these names say who gets a message, so a variable can't have the same "
        "column. `loop` is the number of an entry in a `$for`."
    ),
    source="the spec format of pnpc",
    bad=(
        """\
pnpc: 1
name: example
country: JP
variables:
  «phone»: {type: string, maxLength: 20, example: 03-0000-0000}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: number_001_ja, content: "{{ phone }}"}
""",
    ),
    good=(
        """\
pnpc: 1
name: example
country: JP
variables:
  shop_phone: {type: string, maxLength: 20, example: 03-0000-0000}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: number_001_ja, content: "{{ shop_phone }}"}
""",
    ),
    check=check,
)
