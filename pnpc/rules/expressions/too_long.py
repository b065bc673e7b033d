"""Texts that may become too long."""

from pnpc.rules.expressions.lengths import telling
from pnpc.rules.rule import Rule

RULES = (
    Rule(
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
    ),
    Rule(
        code="PNP531",
        name="length-not-bounded",
        severity="warning",
        summary="A text of which nothing says how long it can become.",
        why=(
            "LINE refuses a text above its limit, so a single long value in a table stops a message. With `maxLength`, `enum`, "
            "a `pattern` with ^ and $, or `minimum` and `maximum` for a number, pnpc proves that every text fits; "
            "`truncate` cuts it."
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
        check=telling("length-not-bounded"),
    ),
    Rule(
        code="PNP535",
        name="not-worked-out",
        severity="warning",
        summary="Something that pnpc could not judge within the work that one run may do.",
        why=(
            "A short pattern or declaration can ask for hours of work, such as a repeated group inside a repeated group, or "
            "loops inside loops. A run does a bounded amount of it, and says here what it has not judged; a compile judges "
            "each row again."
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
