"""Objects that are a picture, a video or a sound."""

from functools import partial

from pnpc.rules.rule import Rule
from pnpc.rules.shared.media import found

RULES = (
    Rule(
        code="PNP401",
        name="image",
        severity="error",
        summary="A picture: an image message, or an image anywhere in a Flex Message.",
        why=(
            "LINE says: messages containing images, videos, or audio aren't permitted. Its API may answer 200 all "
            "the same, so nothing but this check stands between the message and the breach. In a Flex Message it "
            "makes no difference where the image stands: as hero, in a box at any depth, animated, or as the "
            "fallback of a video. `media-hosts` in the config lets pictures through that LINE itself supplies."
        ),
        source=(
            "https://developers.line.biz/en/docs/partner-docs/line-notification-messages/technical-specs/#message-types-that-can-be-sent; "
            "https://developers.line.biz/en/reference/messaging-api/#f-image"
        ),
        bad=(
            """\
messages:
  - type: «image»
    originalContentUrl: https://shop.example.com/parcel.jpg
    previewImageUrl: https://shop.example.com/parcel-small.jpg
""",
            """\
messages:
  - type: flex
    altText: ご注文の品を発送しました
    contents:
      type: bubble
      hero: {type: «image», url: "https://shop.example.com/parcel.jpg"}
      body:
        type: box
        layout: vertical
        contents:
          - {type: text, text: ご注文の品を発送しました}
          - type: box
            layout: vertical
            contents:
              - {type: «image», url: "https://shop.example.com/{{ recipient.index }}.png", animated: true}
""",
        ),
        good=(
            """\
messages:
  - type: flex
    altText: ご注文の品を発送しました
    contents:
      type: bubble
      body:
        type: box
        layout: vertical
        contents:
          - {type: text, text: ご注文の品を発送しました📦}
          - type: box
            layout: vertical
            height: 6px
            background: {type: linearGradient, angle: 90deg, startColor: "#06C755", endColor: "#EEEEEE"}
            contents: []
""",
        ),
        check=partial(found, "image"),
    ),
    Rule(
        code="PNP402",
        name="video",
        severity="error",
        summary="A video message, or the video hero of a Flex Message.",
        why=(
            "LINE says: messages containing images, videos, or audio aren't permitted. Its API may answer 200 all "
            "the same, so nothing but this check stands between the message and the breach. A video hero also "
            "shows a preview and, on older versions of LINE, its `altContent`: a picture there is one more."
        ),
        source=(
            "https://developers.line.biz/en/docs/partner-docs/line-notification-messages/technical-specs/#message-types-that-can-be-sent; "
            "https://developers.line.biz/en/docs/messaging-api/create-flex-message-including-video/"
        ),
        bad=(
            """\
messages:
  - type: «video»
    originalContentUrl: https://shop.example.com/parcel.mp4
    previewImageUrl: https://shop.example.com/parcel-small.jpg
  - type: flex
    altText: ご注文の品を発送しました
    contents:
      type: bubble
      hero:
        type: «video»
        url: https://shop.example.com/parcel.mp4
        previewUrl: https://shop.example.com/parcel-small.jpg
        altContent:
          type: box
          layout: vertical
          contents:
            - {type: text, text: ご注文の品を発送しました}
""",
        ),
        check=partial(found, "video"),
    ),
    Rule(
        code="PNP403",
        name="audio",
        severity="error",
        summary="A sound: an audio message.",
        why=(
            "LINE says: messages containing images, videos, or audio aren't permitted. Its API may answer 200 all "
            "the same, so nothing but this check stands between the message and the breach."
        ),
        source="https://developers.line.biz/en/docs/partner-docs/line-notification-messages/technical-specs/#message-types-that-can-be-sent",
        bad=(
            """\
messages:
  - type: «audio»
    originalContentUrl: https://shop.example.com/greeting.m4a
    duration: 3000
""",
        ),
        check=partial(found, "audio"),
    ),
    Rule(
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
    ),
    Rule(
        code="PNP407",
        name="unknown-media",
        severity="error",
        summary="A URL where LINE's docs know none, in an object or under a key that may show a picture.",
        why=(
            "Only what is known to hold no media is let through: LINE may add keys and types at any time, and a "
            "URL that is neither a link nor a text has little else to be for. The grammar reports the unknown "
            "type or key itself; this rule points at the URL."
        ),
        source=(
            "https://developers.line.biz/en/docs/partner-docs/line-notification-messages/technical-specs/#message-types-that-can-be-sent; "
            "https://developers.line.biz/en/docs/messaging-api/development-guidelines/"
        ),
        check=partial(found, "unknown-media"),
        tried_by="test_media.py::test_an_expression_in_a_spec_may_be_a_url",
    ),
    Rule(
        code="PNP410",
        name="sticker",
        severity="error",
        summary="A sticker.",
        why=(
            "LINE's docs do not call it an image, but it is one to the reader, and many stickers move or sound. "
            "The config can lower this one."
        ),
        source=(
            "https://developers.line.biz/en/docs/partner-docs/line-notification-messages/technical-specs/#message-types-that-can-be-sent; "
            "https://developers.line.biz/en/reference/messaging-api/#sticker-message"
        ),
        bad=(
            """\
messages:
  - {type: «sticker», packageId: "446", stickerId: "1988"}
""",
        ),
        check=partial(found, "sticker"),
    ),
    Rule(
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
    ),
)
