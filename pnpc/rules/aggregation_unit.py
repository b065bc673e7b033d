"""PNP211 aggregation-unit."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP211",
    name="aggregation-unit",
    severity="error",
    summary="At most one aggregation unit, 1 to 30 of A-Z, a-z, 0-9 and _.",
    why=(
        "LINE answers 400, “Invalid characters are included in custom aggregation unit”. LINE takes the field "
        "since September 2026."
    ),
    source="https://developers.line.biz/en/reference/line-notification-messages/",
    bad=(
        """\
templateKey: shipment_completed_ja
customAggregationUnits: [«shipment-2026»]
""",
        """\
templateKey: shipment_completed_ja
customAggregationUnits: [shipment, «autumn»]
""",
    ),
    good=(
        """\
templateKey: shipment_completed_ja
customAggregationUnits: [shipment_2026]
""",
    ),
)
