"""Rules of the grammar: keys, types and values that it does not allow."""

from pnpc.rules.rule import Rule

RULES = (
    Rule(
        code="PNP101",
        name="unknown-key",
        severity="error",
        summary="LINE and pnpc do not know this key.",
        why=(
            "LINE answers 400 to an unknown property; in a spec it would have no effect. In a body for Sinch, the part for LINE "
            "has Sinch's names (`item_key`), not LINE's (`itemKey`)."
        ),
        source="https://developers.line.biz/en/reference/line-notification-messages/",
        bad=(
            """\
body:
  items:
    - itemKey: time_range_001_ja
      «contents»: 午前中
      content: 午前中
""",
            """\
pnpc: 1
name: example
country: JP
message:
  templateKey: shipment_completed_ja
«delivryTag»: shipment-0123456789
""",
            """\
{"message": {"channel_specific_message": {"LINE": {
   "message_type": "NOTIFICATION_MESSAGE_TEMPLATE",
   "message": {"template_key": "shipment_completed_ja",
     "body": {"items": [{«"itemKey"»: "number_001_ja", "content": "A1B2C3D4"}]}}}}}}
""",
        ),
        good=(
            """\
pnpc: 1
name: example
country: JP
message:
  templateKey: shipment_completed_ja
deliveryTag: shipment-0123456789
""",
        ),
        fixed=(
            """\
body:
  items:
    - itemKey: time_range_001_ja
      contents: 午前中
      content: 午前中
""",
            """\
pnpc: 1
name: example
country: JP
message:
  templateKey: shipment_completed_ja
deliveryTag: shipment-0123456789
""",
            """\
{"message": {"channel_specific_message": {"LINE": {
   "message_type": "NOTIFICATION_MESSAGE_TEMPLATE",
   "message": {"template_key": "shipment_completed_ja",
     "body": {"items": [{"item_key": "number_001_ja", "content": "A1B2C3D4"}]}}}}}}
""",
        ),
    ),
    Rule(
        code="PNP102",
        name="missing-key",
        severity="error",
        summary="A required key is missing.",
        why="LINE answers 400 without the key; a spec is not complete without it.",
        source="https://developers.line.biz/en/reference/line-notification-messages/",
        bad=(
            """\
body:
  items:
    - «itemKey: time_range_001_ja»
""",
        ),
        good=(
            """\
body:
  items:
    - {itemKey: time_range_001_ja, content: 午前中}
""",
        ),
    ),
    Rule(
        code="PNP103",
        name="wrong-type",
        severity="error",
        summary="A value has a wrong type.",
        why=(
            "LINE answers 400 to a number where it needs text. In a spec, a number without quotes is text where text is needed; "
            "in a JSON request body it is a number."
        ),
        source="https://developers.line.biz/en/reference/line-notification-messages/",
        bad=(
            """\
body:
  items: «{itemKey: time_range_001_ja, content: 午前中}»
""",
            """\
{"templateKey": "shipment_completed_ja",
 "to": "d41e0ad70dddfeb68f149ad6fc61574b9c5780ab7bcb2fba5517771ffbb2409c",
 "body": {"items": [{"itemKey": "number_001_ja", "content": «12000»}]}}
""",
        ),
        good=(
            """\
body:
  items:
    - {itemKey: number_001_ja, content: 12000}
""",
        ),
        fixed=(
            """\
body:
  items: {itemKey: time_range_001_ja, content: 午前中}
""",
            """\
{"templateKey": "shipment_completed_ja",
 "to": "d41e0ad70dddfeb68f149ad6fc61574b9c5780ab7bcb2fba5517771ffbb2409c",
 "body": {"items": [{"itemKey": "number_001_ja", "content": "12000"}]}}
""",
        ),
    ),
    Rule(
        code="PNP104",
        name="value-not-allowed",
        severity="error",
        summary="A value is not one of the allowed values.",
        why="Only the allowed values have a meaning.",
        source="the spec format of pnpc",
        bad=(
            """\
pnpc: 1
name: example
country: «JPN»
message:
  templateKey: shipment_completed_ja
""",
        ),
        good=(
            """\
pnpc: 1
name: example
country: JP
message:
  templateKey: shipment_completed_ja
""",
        ),
    ),
    Rule(
        code="PNP105",
        name="bad-format",
        severity="error",
        summary="A text has a wrong form.",
        why="A program reads the text, and expects one form.",
        source="the spec format of pnpc",
        tried_by="test_checker.py::test_the_tag_of_a_spec",
    ),
    Rule(
        code="PNP106",
        name="out-of-range",
        severity="error",
        summary="A number, a length or a count is outside its limits.",
        why="The limits are part of the format.",
        source="the spec format of pnpc",
        bad=(
            """\
pnpc: 1
name: example
country: JP
variables:
  slot: {type: string, maxLength: «-1», example: 午前中}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: time_range_001_ja, content: "{{ slot }}"}
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
      - {itemKey: time_range_001_ja, content: "{{ slot }}"}
""",
        ),
    ),
)
