"""PNP405 template-image."""

from functools import partial

from pnpc.rules.media import found
from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP405",
    name="template-image",
    severity="error",
    summary="A picture in a template message.",
    why=(
        "LINE says: messages containing images, videos, or audio aren't permitted. Its API may answer 200 all "
        "the same, so nothing but this check stands between the message and the breach. An image carousel "
        "can't do without pictures; buttons and carousels can."
    ),
    source=(
        "https://developers.line.biz/en/docs/partner-docs/line-notification-messages/technical-specs/#message-types-that-can-be-sent; "
        "https://developers.line.biz/en/reference/messaging-api/#template-messages"
    ),
    bad=(
        """\
messages:
  - type: template
    altText: ご予約の確認
    template:
      type: buttons
      «thumbnailImageUrl»: https://shop.example.com/room.jpg
      text: ご予約を承りました
      actions:
        - {type: uri, label: 確認する, uri: "https://shop.example.com/bookings"}
""",
        """\
messages:
  - type: template
    altText: ご予約の確認
    template:
      type: carousel
      columns:
        - «thumbnailImageUrl»: https://shop.example.com/room.jpg
          text: 客室のご予約
          actions:
            - {type: uri, label: 確認する, uri: "https://shop.example.com/bookings"}
  - type: template
    altText: ご予約の確認
    template:
      type: image_carousel
      columns:
        - «imageUrl»: https://shop.example.com/room.jpg
          action: {type: uri, label: 確認する, uri: "https://shop.example.com/bookings"}
""",
    ),
    good=(
        """\
messages:
  - type: template
    altText: ご予約の確認
    template:
      type: buttons
      text: ご予約を承りました
      actions:
        - {type: uri, label: 確認する, uri: "https://shop.example.com/bookings"}
""",
    ),
    check=partial(found, "template-image"),
)
