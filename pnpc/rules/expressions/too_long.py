"""Texts that may become too long."""

from pnpc.rules.expressions.lengths import check_of
from pnpc.rules.rule import Rule

RULES = (
    Rule(
        code="PNP530",
        name="may-be-too-long",
        severity="error",
        summary="A text can become too long for LINE with data that the variables allow.",
        why=(
            "The declarations of the variables and the filters limit what an expression can become. The message shows allowed "
            "data that make the text too long: LINE would refuse the message for such a recipient. An emoji counts as two "
            "UTF-16 units, so 15 characters of free text can be 30 units."
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
        check=check_of("may-be-too-long"),
    ),
    Rule(
        code="PNP531",
        name="length-not-bounded",
        severity="warning",
        summary="The length of a text has no limit.",
        why=(
            "LINE refuses a text above its limit, so a long value in a row stops its message. With `maxLength`, `enum`, a "
            "`pattern` with ^ and $, or `minimum` and `maximum` for a number, pnpc proves that every text fits. `truncate` "
            "cuts a text."
        ),
        source="https://developers.line.biz/en/reference/line-notification-messages/; https://developers.line.biz/en/docs/messaging-api/text-character-count/",
        bad=(
            """\
pnpc: 1
name: example
country: JP
variables:
  name: {type: string, example: 山田 花子}
message:
  templateKey: shipment_completed_ja
  body:
    emphasizedItem: {itemKey: name_010_ja, content: "«{{ name }}»"}
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
        ),
        check=check_of("length-not-bounded"),
    ),
    Rule(
        code="PNP535",
        name="not-worked-out",
        severity="warning",
        summary="pnpc could not check something within the work that one run may do.",
        why=(
            "A short pattern or declaration can need hours of work, for example a repeated group inside a repeated group, or "
            "loops inside loops. A run does a limited amount of work, and reports here what it did not check. `pnpc compile` "
            "checks each row again."
        ),
        source="the spec format of pnpc",
        good=(
            """\
pnpc: 1
name: example
country: JP
variables:
  slot: {type: string, pattern: "^[a-z]+$", maxLength: 40, example: morning}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: time_range_001_ja, content: "{{ slot }}"}
""",
        ),
        tried_by="test_allowance.py::test_what_the_allowance_leaves_open_is_told",
    ),
)
