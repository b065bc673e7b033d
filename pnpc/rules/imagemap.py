"""PNP404 imagemap."""

from functools import partial

from pnpc.rules.media import found
from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP404",
    name="imagemap",
    severity="error",
    summary="An imagemap: a picture that is a message, and the video that may lie on it.",
    why=(
        "LINE says: messages containing images, videos, or audio aren't permitted. Its API may answer 200 all "
        "the same, so nothing but this check stands between the message and the breach."
    ),
    source=(
        "https://developers.line.biz/en/docs/partner-docs/line-notification-messages/technical-specs/#message-types-that-can-be-sent; "
        "https://developers.line.biz/en/reference/messaging-api/#imagemap-message"
    ),
    bad=(
        """\
messages:
  - type: «imagemap»
    baseUrl: https://shop.example.com/map
    altText: 店舗のご案内
    baseSize: {width: 1040, height: 1040}
    video:
      «originalContentUrl»: https://shop.example.com/way.mp4
      previewImageUrl: https://shop.example.com/way.jpg
      area: {x: 0, y: 0, width: 1040, height: 585}
    actions:
      - {type: uri, linkUri: "https://shop.example.com/way", area: {x: 0, y: 586, width: 1040, height: 454}}
""",
    ),
    check=partial(found, "imagemap"),
)
