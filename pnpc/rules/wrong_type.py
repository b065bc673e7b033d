"""PNP103 wrong-type."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP103",
    name="wrong-type",
    severity="error",
    summary="A value of the wrong type.",
    why=(
        "LINE answers 400 to a number where it wants text. In a spec an unquoted number is text where text is "
        "wanted; in a JSON request body it is a number."
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
)
