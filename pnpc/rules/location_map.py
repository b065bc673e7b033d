"""PNP415 location-map."""

from functools import partial

from pnpc.rules.media import found
from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP415",
    name="location-map",
    severity="warning",
    summary="A location message.",
    why=(
        "LINE draws a map with it. No file of the sender's is shown, so LINE's sentence hardly covers it; the "
        "review decides."
    ),
    source=(
        "https://developers.line.biz/en/docs/partner-docs/line-notification-messages/technical-specs/#message-types-that-can-be-sent; "
        "https://developers.line.biz/en/reference/messaging-api/#location-message"
    ),
    bad=(
        """\
messages:
  - {type: «location», title: 店舗, address: 東京都千代田区紀尾井町1-3, latitude: 35.67966, longitude: 139.73669}
""",
    ),
    check=partial(found, "location-map"),
)
