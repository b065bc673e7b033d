"""PNP215 empty-content."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP215",
    name="empty-content",
    severity="warning",
    summary="An item without text.",
    why=(
        "LINE's docs do not say whether an empty content is accepted; a person would see a label with nothing "
        "behind it."
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
)
