"""PNP212 delivery-tag."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP212",
    name="delivery-tag",
    severity="error",
    summary="A delivery tag has 16 to 100 characters.",
    why="LINE takes no other length in X-Line-Delivery-Tag.",
    source=(
        "https://developers.line.biz/en/docs/partner-docs/line-notification-messages/message-sending-"
        "complete-webhook-event/"
    ),
    bad=(
        """\
pnpc: 1
name: example
country: JP
message:
  templateKey: shipment_completed_ja
deliveryTag: «shipment»
""",
    ),
    good=(
        """\
pnpc: 1
name: example
country: JP
message:
  templateKey: shipment_completed_ja
deliveryTag: shipment-2026-0001
""",
    ),
)
