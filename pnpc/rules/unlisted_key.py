"""PNP218 unlisted-key."""

from pnpc.rules.keys import unlisted
from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP218",
    name="unlisted-key",
    severity="warning",
    summary="A key that the catalog does not hold, whose list is not complete.",
    why=(
        "LINE publishes no machine-readable catalog: of 91 Japanese templates 11 are known here, of 204 items "
        "15, of Thailand and Taiwan none. So the key may be right. Compare it with LINE's page, and add it to "
        "a catalog of your own (`catalogs` in pnpc.toml)."
    ),
    source="https://developers.line.biz/en/reference/line-notification-messages/",
    bad=(
        """\
body:
  items:
    - {itemKey: «name_011_ja», content: スープセット}
""",
    ),
    good=(
        """\
body:
  items:
    - {itemKey: name_010_ja, content: スープセット}
""",
    ),
    check=unlisted,
)
