"""PNP206 content-too-long."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP206",
    name="content-too-long",
    severity="error",
    summary="An item's content has at most 300 characters, the emphasized item's 15.",
    why=(
        "LINE answers 400. Its own English example, “Saturday, August 10, 2024”, has 25. Characters are "
        "UTF-16 units: an emoji counts two."
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
)
