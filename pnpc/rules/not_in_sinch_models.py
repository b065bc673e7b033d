"""PNP116 not-in-sinch-models."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP116",
    name="not-in-sinch-models",
    severity="warning",
    summary="A key that the models of Sinch's SDK do not have.",
    why=(
        "pnpc knows the body around a LINE message from the models of Sinch's SDK for Python 2.3.0. Another key may be "
        "newer than they are, or a mistake. In the part for LINE, which LINE documents, an unknown key is an error."
    ),
    source="https://github.com/sinch/sinch-sdk-python",
    bad=(
        """\
{"app_id": "01EXAMPLEAPP", "recipient": {"contact_id": "01EXAMPLECONTACT"}, «"retry_strategy"»: "TWICE",
 "message": {"channel_specific_message": {"LINE": {
   "message_type": "NOTIFICATION_MESSAGE_TEMPLATE",
   "message": {"template_key": "shipment_completed_ja"}}}}}
""",
    ),
    good=(
        """\
{"app_id": "01EXAMPLEAPP", "recipient": {"contact_id": "01EXAMPLECONTACT"}, "ttl": "3600s",
 "message": {"channel_specific_message": {"LINE": {
   "message_type": "NOTIFICATION_MESSAGE_TEMPLATE",
   "message": {"template_key": "shipment_completed_ja"}}}},
 "channel_priority_order": ["LINE"]}
""",
    ),
)
