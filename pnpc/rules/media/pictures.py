"""Pictures that belong to another object."""

from functools import partial

from pnpc.rules.rule import Rule
from pnpc.rules.shared.media import found

RULES = (
    Rule(
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
    ),
    Rule(
        code="PNP406",
        name="icon",
        severity="error",
        summary="An icon in a Flex Message: a small picture.",
        why=(
            "LINE says: messages containing images, videos, or audio aren't permitted. Its API may answer 200 all "
            "the same, so nothing but this check stands between the message and the breach. LINE's docs call an "
            "icon's `url` an image URL. Layouts that carry one use a picture of LINE's own: for those "
            "`media-hosts` in the config names the host."
        ),
        source=(
            "https://developers.line.biz/en/docs/partner-docs/line-notification-messages/technical-specs/#message-types-that-can-be-sent; "
            "https://developers.line.biz/en/reference/messaging-api/#icon"
        ),
        bad=(
            """\
messages:
  - type: flex
    altText: 評価のお知らせ
    contents:
      type: bubble
      body:
        type: box
        layout: baseline
        contents:
          - {type: «icon», url: "https://shop.example.com/star.png"}
          - {type: text, text: 評価を受け付けました}
""",
        ),
        check=partial(found, "icon"),
    ),
    Rule(
        code="PNP408",
        name="quick-reply-icon",
        severity="error",
        summary="A picture on a quick reply button.",
        why=(
            "It is an image inside the message object, so LINE's sentence most likely covers it, though it is "
            "shown on a button: the config can lower this one."
        ),
        source=(
            "https://developers.line.biz/en/docs/partner-docs/line-notification-messages/technical-specs/#message-types-that-can-be-sent; "
            "https://developers.line.biz/en/reference/messaging-api/#quick-reply"
        ),
        bad=(
            """\
messages:
  - type: text
    text: 受け取り方法をお選びください。
    quickReply:
      items:
        - type: action
          «imageUrl»: https://shop.example.com/box.png
          action: {type: message, label: 宅配, text: 宅配}
""",
        ),
        good=(
            """\
messages:
  - type: text
    text: 受け取り方法をお選びください。
    quickReply:
      items:
        - {type: action, action: {type: message, label: 宅配, text: 宅配}}
""",
        ),
        check=partial(found, "quick-reply-icon"),
    ),
    Rule(
        code="PNP409",
        name="sender-icon",
        severity="error",
        summary="A picture of its own for the sender.",
        why=(
            "It is an image URL inside the message object, so LINE's sentence most likely covers it; the page "
            "about icons and names does not list notification messages, and the person must see whose account "
            "writes. The config can lower this one."
        ),
        source=(
            "https://developers.line.biz/en/docs/partner-docs/line-notification-messages/technical-specs/#message-types-that-can-be-sent; "
            "https://developers.line.biz/en/docs/messaging-api/icon-nickname-switch/"
        ),
        bad=(
            """\
messages:
  - type: text
    text: ご注文の品を発送しました。
    sender: {«iconUrl»: "https://shop.example.com/clerk.png"}
""",
        ),
        check=partial(found, "sender-icon"),
    ),
)
