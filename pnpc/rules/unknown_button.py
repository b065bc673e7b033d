"""PNP203 unknown-button."""

from functools import partial

from pnpc.rules.keys import unknown
from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP203",
    name="unknown-button",
    severity="error",
    summary="LINE has no button of this key.",
    why="LINE answers 400 to a button that it does not have. The list of Japan's eight buttons is complete.",
    source="https://developers.line.biz/en/reference/line-notification-messages/",
    bad=(
        """\
body:
  buttons:
    - {buttonKey: «check_detail_ja», url: "https://example.com/"}
    - {buttonKey: «Check_Contact», url: "https://example.com/"}
""",
    ),
    good=(
        """\
body:
  buttons:
    - {buttonKey: check_details_ja, url: "https://example.com/"}
""",
    ),
    check=partial(unknown, kind="buttons"),
)
