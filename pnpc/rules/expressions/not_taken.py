"""Texts that may become what their place does not take."""

from pnpc.rules.expressions.lengths import telling
from pnpc.rules.rule import Rule

RULES = (
    Rule(
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
    ),
    Rule(
        code="PNP533",
        name="value-not-taken",
        severity="warning",
        summary="An expression that fails for some of the data that the variables allow.",
        why=(
            "A row with such data passes the variables' declarations and gives no message. Declare the format or the type that "
            "the filter needs, and say which members of an object are required."
        ),
        source="the spec format of pnpc",
        bad=(
            """\
pnpc: 1
name: example
country: JP
variables:
  day: {type: string, maxLength: 10, example: "2024-08-10"}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: date_002_ja, content: "«{{ day | date }}»"}
""",
            """\
pnpc: 1
name: example
country: JP
variables:
  points: {type: integer, minimum: 0, maximum: 9999, example: 120}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: number_001_ja, content: "«{{ 100 // points }}»"}
""",
        ),
        good=(
            """\
pnpc: 1
name: example
country: JP
variables:
  day: {type: string, format: date, example: "2024-08-10"}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: date_002_ja, content: "{{ day | date }}"}
""",
        ),
        check=telling("value-not-taken"),
    ),
    Rule(
        code="PNP534",
        name="may-be-too-short",
        severity="error",
        summary="A text that can become shorter than LINE takes, or empty, for data that the variables allow.",
        why=(
            "LINE takes a delivery tag of 16 to 100 characters, and no empty content. A text variable is taken to be empty only "
            "where its declaration says that it may be: with `minLength: 0`, an empty value, or a pattern that matches it."
        ),
        source="https://developers.line.biz/en/reference/line-notification-messages/; https://developers.line.biz/en/docs/partner-docs/line-notification-messages/message-sending-complete-webhook-event/",
        bad=(
            """\
pnpc: 1
name: example
country: JP
variables:
  order_id: {type: string, pattern: "^[A-Z0-9]{8,20}$", example: A1B2C3D4}
message:
  templateKey: shipment_completed_ja
deliveryTag: "order-«{{ order_id }}»"
""",
            """\
pnpc: 1
name: example
country: JP
variables:
  note: {type: string, minLength: 0, maxLength: 50, example: 玄関前}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: name_010_ja, content: "«{{ note }}»"}
""",
        ),
        good=(
            """\
pnpc: 1
name: example
country: JP
variables:
  order_id: {type: string, pattern: "^[A-Z0-9]{10,20}$", example: A1B2C3D4E5}
message:
  templateKey: shipment_completed_ja
deliveryTag: "order-{{ order_id }}"
""",
            """\
pnpc: 1
name: example
country: JP
variables:
  note: {type: string, minLength: 0, maxLength: 50, example: 玄関前}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: name_010_ja, content: "{{ note | default('なし') }}"}
""",
        ),
        check=telling("may-be-too-short"),
    ),
)
