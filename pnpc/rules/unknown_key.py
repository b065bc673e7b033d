"""PNP101 unknown-key."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP101",
    name="unknown-key",
    severity="error",
    summary="A key that LINE and pnpc do not know.",
    why=(
        "LINE answers 400 to an unknown property; in a spec it would have no effect. In a body of Sinch's the part for "
        "LINE has Sinch's names (`item_key`), not LINE's (`itemKey`)."
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
)
