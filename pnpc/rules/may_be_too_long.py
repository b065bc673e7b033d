"""PNP530 may-be-too-long."""

from pnpc.rules.proof import telling
from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP530",
    name="may-be-too-long",
    severity="error",
    summary="A text that can become longer than LINE takes, for data that the variables allow.",
    why=(
        "What expressions become is bounded by the variables' declarations and the filters. The message names data that "
        "are allowed and make the text too long: for such a recipient nothing could be sent. An emoji counts two UTF-16 "
        "units, so 15 characters of free text can be 30."
    ),
    source="https://developers.line.biz/en/reference/line-notification-messages/; https://developers.line.biz/en/docs/messaging-api/text-character-count/",
    bad=(
        """\
pnpc: 1
name: example
country: JP
variables:
  order_id: {type: string, pattern: "^[A-Z0-9]{8,20}$", example: A1B2C3D4}
message:
  templateKey: shipment_completed_ja
  body:
    emphasizedItem: {itemKey: number_001_ja, content: "注文 «{{ order_id }}»"}
""",
        """\
pnpc: 1
name: example
country: JP
variables:
  name: {type: string, maxLength: 15, example: 山田 花子}
message:
  templateKey: shipment_completed_ja
  body:
    emphasizedItem: {itemKey: name_010_ja, content: "«{{ name }}»"}
""",
        """\
pnpc: 1
name: example
country: JP
variables:
  day: {type: string, format: date, example: "2024-08-10"}
message:
  templateKey: shipment_completed_ja
  body:
    emphasizedItem: {itemKey: date_002_ja, content: "お届け日 «{{ day | date('full') }}»"}
""",
    ),
    good=(
        """\
pnpc: 1
name: example
country: JP
variables:
  name: {type: string, maxLength: 7, example: 山田 花子}
message:
  templateKey: shipment_completed_ja
  body:
    emphasizedItem: {itemKey: name_010_ja, content: "{{ name }}"}
""",
        """\
pnpc: 1
name: example
country: JP
variables:
  name: {type: string, maxLength: 40, example: 山田 花子}
message:
  templateKey: shipment_completed_ja
  body:
    emphasizedItem: {itemKey: name_010_ja, content: "{{ name | truncate(15) }}"}
""",
        """\
pnpc: 1
name: example
country: JP
variables:
  day: {type: string, format: date, example: "2024-08-10"}
message:
  templateKey: shipment_completed_ja
  body:
    emphasizedItem: {itemKey: date_002_ja, content: "{{ day | date('long-weekday') }}"}
""",
    ),
    check=telling("may-be-too-long"),
)
