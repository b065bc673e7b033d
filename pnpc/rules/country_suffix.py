"""PNP213 country-suffix."""

from pnpc.rules.keys import suffix
from pnpc.rules.rule import Rule

RULE = Rule(
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
)
