"""PNP209 too-many-buttons."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP209",
    name="too-many-buttons",
    severity="error",
    summary="A message has at most 2 buttons.",
    why="LINE answers 400.",
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
)
