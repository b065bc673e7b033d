"""PNP401 image."""

from functools import partial

from pnpc.rules.media import found
from pnpc.rules.rule import Rule

RULE = Rule(
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
)
