"""PNP202 unknown-item."""

from functools import partial

from pnpc.rules.keys import unknown
from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP202",
    name="unknown-item",
    severity="error",
    summary="LINE has no item of this key.",
    why=(
        "LINE answers 400, “The specified item key does not exist”. An error where a known key is near or "
        "where LINE's docs say so; else see unlisted-key."
    ),
    source="https://developers.line.biz/en/reference/line-notification-messages/",
    bad=(
        """\
body:
  items:
    - {itemKey: «datetime_000», content: 午前中}
    - {itemKey: «nmae_010_ja», content: スープセット}
""",
    ),
    good=(
        """\
body:
  items:
    - {itemKey: name_010_ja, content: スープセット}
""",
    ),
    check=partial(unknown, kind="items"),
)
