"""PNP402 video."""

from functools import partial

from pnpc.rules.media import found
from pnpc.rules.rule import Rule

RULE = Rule(
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
)
