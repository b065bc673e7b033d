"""PNP534 may-be-too-short."""

from pnpc.rules.proof import telling
from pnpc.rules.rule import Rule

RULE = Rule(
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
)
