"""Rules that ask the catalog about keys."""

from functools import partial

from pnpc.rules.rule import Rule
from pnpc.rules.template.keys import other_country, suffix, unknown, unlisted

RULES = (
    Rule(
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
    ),
    Rule(
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
    ),
    Rule(
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
    ),
    Rule(
        code="PNP213",
        name="country-suffix",
        severity="warning",
        summary="A key that ends like those of another country.",
        why=(
            "Japanese keys end in _ja, with two exceptions in LINE's own table: an ending is strong evidence, "
            "never proof. The endings of Thailand and Taiwan are assumed."
        ),
        source="https://developers.line.biz/en/reference/line-notification-messages/",
        bad=(
            """\
templateKey: «shipment_notice_th»
body: {}
""",
        ),
        good=(
            """\
templateKey: shipment_completed_ja
body: {}
""",
        ),
        check=suffix,
    ),
    Rule(
        code="PNP214",
        name="other-country",
        severity="error",
        summary="A key of another country.",
        why="Keys differ by country, and the account decides which apply: LINE answers 400.",
        source="https://developers.line.biz/en/reference/line-notification-messages/",
        bad=(
            """\
pnpc: 1
name: example
country: TH
message:
  templateKey: «shipment_completed_ja»
""",
        ),
        good=(
            """\
pnpc: 1
name: example
country: JP
message:
  templateKey: shipment_completed_ja
""",
        ),
        check=other_country,
    ),
    Rule(
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
    ),
)
