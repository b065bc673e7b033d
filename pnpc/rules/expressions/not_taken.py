"""Expressions with a wrong type or value, and texts that may become too short."""

from pnpc.rules.expressions.lengths import check_of
from pnpc.rules.rule import Rule

RULES = (
    Rule(
        code="PNP532",
        name="type-not-taken",
        severity="error",
        summary="A filter, an operator or a text gets a value of a wrong type.",
        why=(
            "The expression would fail for all data: `date` needs a text, `currency` a number, and a text can't show a list, or "
            "true and false."
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
        check=check_of("type-not-taken"),
    ),
    Rule(
        code="PNP533",
        name="value-not-taken",
        severity="warning",
        summary="An expression fails for some data that the variables allow.",
        why=(
            "The declarations allow a row with such data, but no message can be made of it. Declare the format or the type that "
            "the filter needs, and which members of an object are required."
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
        check=check_of("value-not-taken"),
    ),
    Rule(
        code="PNP534",
        name="may-be-too-short",
        severity="error",
        summary="A text can become too short or empty for data that the variables allow.",
        why=(
            "A delivery tag needs 16 to 100 characters, and content must not be empty. pnpc assumes that a text variable may be "
            "empty only if its declaration says so: with `minLength: 0`, an empty value, or a pattern that matches an empty text."
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
        check=check_of("may-be-too-short"),
    ),
)
