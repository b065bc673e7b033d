"""Objects that are a picture, a video or a sound."""

from functools import partial

from pnpc.rules.rule import Rule
from pnpc.rules.shared.media import media_findings

RULES = (
    Rule(
        code="PNP401",
        name="image",
        severity="error",
        summary="A message has a picture.",
        why=(
            "LINE says: messages containing images, videos, or audio aren't permitted. LINE's API may still answer 200, so only "
            "this check can find the mistake. This is about image messages and about "
            "images anywhere in a Flex Message: as hero, in a box at any depth, animated, or as the fallback of a video. "
            "`media-hosts` in the config allows pictures that LINE itself supplies."
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
        check=partial(media_findings, "image"),
    ),
    Rule(
        code="PNP402",
        name="video",
        severity="error",
        summary="A message has a video.",
        why=(
            "LINE says: messages containing images, videos, or audio aren't permitted. LINE's API may still answer 200, so only "
            "this check can find the mistake. This is about video messages and about the "
            "video hero of a Flex Message, which also shows a preview picture and, on older versions of LINE, its `altContent`."
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
        check=partial(media_findings, "video"),
    ),
    Rule(
        code="PNP403",
        name="audio",
        severity="error",
        summary="A message has a sound.",
        why=(
            "LINE says: messages containing images, videos, or audio aren't permitted. LINE's API may still answer 200, so only "
            "this check can find the mistake."
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
        check=partial(media_findings, "audio"),
    ),
    Rule(
        code="PNP404",
        name="imagemap",
        severity="error",
        summary="A message is an imagemap: a picture, maybe with a video on it.",
        why=(
            "LINE says: messages containing images, videos, or audio aren't permitted. LINE's API may still answer 200, so only "
            "this check can find the mistake."
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
        check=partial(media_findings, "imagemap"),
    ),
    Rule(
        code="PNP407",
        name="unknown-media",
        severity="error",
        summary="A URL stands where LINE's docs have no URL, and may show a picture.",
        why=(
            "pnpc accepts only what is known to have no media: LINE may add keys and types at any time, and a URL that is "
            "neither a link nor a text is most likely a picture. The grammar reports the unknown type or key; this rule "
            "reports the URL."
        ),
        source=(
            "https://developers.line.biz/en/docs/partner-docs/line-notification-messages/technical-specs/#message-types-that-can-be-sent; "
            "https://developers.line.biz/en/docs/messaging-api/development-guidelines/"
        ),
        check=partial(media_findings, "unknown-media"),
        tried_by="test_media.py::test_an_expression_in_a_spec_may_be_a_url",
    ),
    Rule(
        code="PNP410",
        name="sticker",
        severity="error",
        summary="A message is a sticker.",
        why=(
            "LINE's docs do not call a sticker an image, but readers see one, and many stickers move or have sound. The config "
            "can lower the severity."
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
        check=partial(media_findings, "sticker"),
    ),
    Rule(
        code="PNP411",
        name="coupon",
        severity="error",
        summary="A message is a coupon.",
        why=(
            "The coupon behind the ID may have pictures that pnpc can't see, and a coupon is an offer, which LINE does not "
            "allow in notifications. The config can lower the severity."
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
        check=partial(media_findings, "coupon"),
    ),
)
