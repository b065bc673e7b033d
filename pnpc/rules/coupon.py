"""PNP411 coupon."""

from functools import partial

from pnpc.rules.media import found
from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP411",
    name="coupon",
    severity="error",
    summary="A coupon message.",
    why=(
        "The coupon behind the ID may hold pictures that nobody sees here, and a coupon is an offer, which "
        "LINE does not allow in notifications. The config can lower this one."
    ),
    source=(
        "https://developers.line.biz/en/docs/partner-docs/line-notification-messages/technical-specs/#message-types-that-can-be-sent; "
        "https://developers.line.biz/en/docs/partner-docs/line-notification-messages/overview/"
    ),
    bad=(
        """\
messages:
  - {type: «coupon», couponId: 01JYNW8JMQVFBNWF1APF8Z3FS7}
""",
    ),
    check=partial(found, "coupon"),
)
