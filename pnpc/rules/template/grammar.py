"""Rules of the grammar of template messages: lengths and counts."""

from pnpc.rules.rule import Rule

RULES = (
    Rule(
        code="PNP206",
        name="content-too-long",
        severity="error",
        summary="The content of an item is too long.",
        why=(
            "LINE answers 400. The limit is 300 characters, and 15 for the emphasized item: “Saturday, August 10, 2024” from "
            "LINE's own English example has 25. Characters are UTF-16 units: an emoji counts two."
        ),
        source=(
            "https://developers.line.biz/en/reference/line-notification-messages/; "
            "https://developers.line.biz/en/docs/messaging-api/text-character-count/"
        ),
        bad=(
            """\
body:
  emphasizedItem: {itemKey: date_002_ja, content: «"Saturday, August 10, 2024"»}
""",
            """\
body:
  emphasizedItem: {itemKey: name_010_ja, content: «🍎🍎🍎🍎🍎🍎🍎🍎»}
""",
        ),
        good=(
            """\
body:
  emphasizedItem: {itemKey: date_002_ja, content: 2024年8月10日(土)}
""",
        ),
    ),
    Rule(
        code="PNP207",
        name="url-too-long",
        severity="error",
        summary="The url of a button is too long.",
        why="LINE answers 400. The limit is 1,000 characters.",
        source="https://developers.line.biz/en/reference/line-notification-messages/",
        tried_by="test_checker.py::test_urls",
    ),
    Rule(
        code="PNP208",
        name="too-many-items",
        severity="error",
        summary="A message has too many items.",
        why="LINE answers 400. The limit is 15 items.",
        source="https://developers.line.biz/en/reference/line-notification-messages/",
        tried_by="test_checker.py::test_counts",
    ),
    Rule(
        code="PNP209",
        name="too-many-buttons",
        severity="error",
        summary="A message has too many buttons.",
        why="LINE answers 400. The limit is 2 buttons.",
        source="https://developers.line.biz/en/reference/line-notification-messages/",
        bad=(
            """\
body:
  buttons:
    - {buttonKey: contact_ja, url: "https://example.com/1"}
    - {buttonKey: check_details_ja, url: "https://example.com/2"}
    - «{buttonKey: check_order_history_ja, url: "https://example.com/3"}»
""",
        ),
        good=(
            """\
body:
  buttons:
    - {buttonKey: contact_ja, url: "https://example.com/1"}
    - {buttonKey: check_details_ja, url: "https://example.com/2"}
""",
        ),
    ),
    Rule(
        code="PNP210",
        name="recipient-digest",
        severity="error",
        summary="`to` is not a SHA-256 digest.",
        why=(
            "LINE answers 400, “The value must be a valid SHA-256 digest.”, at `to`. A digest has 64 lower-case hex digits. It is "
            "made of the number in E.164 form, with + and without hyphens; `pnpc hash` makes it."
        ),
        source="https://developers.line.biz/en/docs/partner-docs/line-notification-messages/technical-specs/",
        bad=(
            """\
{"to": «"+818000001234"», "templateKey": "shipment_completed_ja"}
""",
        ),
        good=(
            """\
{"to": "d41e0ad70dddfeb68f149ad6fc61574b9c5780ab7bcb2fba5517771ffbb2409c", "templateKey": "shipment_completed_ja"}
""",
        ),
    ),
    Rule(
        code="PNP211",
        name="aggregation-unit",
        severity="error",
        summary="The aggregation units of a message are not valid.",
        why=(
            "LINE answers 400, “Invalid characters are included in custom aggregation unit”. A message has at most one unit, with "
            "1 to 30 characters of A-Z, a-z, 0-9 and _. LINE has this field since September 2026."
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
    ),
    Rule(
        code="PNP212",
        name="delivery-tag",
        severity="error",
        summary="The length of a delivery tag is wrong.",
        why="LINE accepts 16 to 100 characters in X-Line-Delivery-Tag.",
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
    ),
    Rule(
        code="PNP215",
        name="empty-content",
        severity="warning",
        summary="An item has no text.",
        why=(
            "LINE's docs do not say whether LINE accepts an empty content. People would see a label with nothing after it."
        ),
        source="https://developers.line.biz/en/reference/line-notification-messages/",
        bad=(
            """\
body:
  items:
    - {itemKey: name_010_ja, content: «""»}
""",
        ),
        good=(
            """\
body:
  items:
    - {itemKey: name_010_ja, content: スープセット}
""",
        ),
    ),
)
