"""Rules that look up keys in the catalog."""

from functools import partial

from pnpc.rules.rule import Rule
from pnpc.rules.template.keys import other_country, suffix, unknown, unlisted

RULES = (
    Rule(
        code="PNP201",
        name="unknown-template",
        severity="error",
        summary="LINE has no template with this key.",
        why=(
            "LINE answers 400, “The specified template doesn't exist, or you don't have the permission”. This is reported if a "
            "known key is similar, if the list is complete, if LINE's docs say so, or if LINE refused it when it was asked (the "
            "message names the day and the account); otherwise see unlisted-key."
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
        summary="LINE has no item with this key.",
        why=(
            "LINE answers 400, “The specified item key does not exist”. This is reported if a known key is similar, or if "
            "LINE's docs say so; otherwise see unlisted-key."
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
        summary="LINE has no button with this key.",
        why="LINE answers 400 to an unknown button. The list of the eight buttons for Japan is complete.",
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
        summary="A key ends like the keys of another country.",
        why=(
            "Japanese keys end in _ja, but LINE's own table has two exceptions: the ending is strong evidence, not proof. The "
            "endings for Thailand and Taiwan are assumptions."
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
        summary="A key belongs to another country.",
        why="Each country has its own keys, and the account's country decides. LINE answers 400 to others.",
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
        summary="A key is not in the catalog, whose list is not complete.",
        why=(
            "LINE does not publish a machine-readable catalog: pnpc knows 11 of 91 Japanese templates and 15 of 204 items, and "
            "none for Thailand and Taiwan. So the key may be right. Compare it with LINE's page, and add it to your own catalog "
            "(`catalogs` in pnpc.toml), or ask LINE: `pnpc verify --learn FILE`. A key that LINE took is no longer reported."
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
