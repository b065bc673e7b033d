"""PNP201 unknown-template."""

from functools import partial

from pnpc.rules.keys import unknown
from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP201",
    name="unknown-template",
    severity="error",
    summary="LINE has no template of this key.",
    why=(
        "LINE answers 400, “The specified template doesn't exist, or you don't have the permission”. An error "
        "where a known key is near, where the list is complete, or where LINE's docs say so; else see "
        "unlisted-key."
    ),
    source="https://developers.line.biz/en/reference/line-notification-messages/",
    bad=(
        """\
templateKey: «shipment_complete_ja»
body: {}
""",
        """\
templateKey: «reserve_004»
body: {}
""",
    ),
    good=(
        """\
templateKey: shipment_completed_ja
body: {}
""",
    ),
    check=partial(unknown, kind="templates"),
)
