"""PNP532 type-not-taken."""

from pnpc.rules.proof import telling
from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP532",
    name="type-not-taken",
    severity="error",
    summary="A filter or operator is given a type that it can't take, or a text a value that can't be shown.",
    why=(
        "Whatever the data are, the expression would fail: a date is read from text, money from numbers, and a list or "
        "true and false can't stand in a text."
    ),
    source="the spec format of pnpc",
    bad=(
        """\
pnpc: 1
name: example
country: JP
variables:
  total: {type: integer, minimum: 0, maximum: 9999, example: 120}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: date_002_ja, content: "«{{ total | date }}»"}
""",
        """\
pnpc: 1
name: example
country: JP
variables:
  gift: {type: boolean, example: true}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: name_010_ja, content: "«{{ gift }}»"}
""",
    ),
    good=(
        """\
pnpc: 1
name: example
country: JP
variables:
  gift: {type: boolean, example: true}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: name_010_ja, content: "{{ '贈り物' if gift else 'ご自宅用' }}"}
""",
    ),
    check=telling("type-not-taken"),
)
