"""Pictures that belong to another object."""

from functools import partial

from pnpc.rules.rule import Rule
from pnpc.rules.shared.media import media_findings

RULES = (
    Rule(
        code="PNP405",
        name="template-image",
        severity="error",
        summary="A template message has a picture.",
        why=(
            "LINE says: messages containing images, videos, or audio aren't permitted. LINE's API may still answer 200, so only "
            "this check can find the mistake. An image carousel needs pictures; buttons and "
            "carousels do not."
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
        check=partial(media_findings, "template-image"),
    ),
    Rule(
        code="PNP406",
        name="icon",
        severity="error",
        summary="A Flex Message has an icon, which is a small picture.",
        why=(
            "LINE says: messages containing images, videos, or audio aren't permitted. LINE's API may still answer 200, so only "
            "this check can find the mistake. LINE's docs call the `url` of an icon an image "
            "URL. Some approved layouts use a picture from LINE itself: name its host in `media-hosts` in the config."
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
        check=partial(media_findings, "icon"),
    ),
    Rule(
        code="PNP408",
        name="quick-reply-icon",
        severity="error",
        summary="A quick reply button has a picture.",
        why=(
            "It is an image in the message object, so LINE's ban of images most likely covers it, although it is shown on a "
            "button. The config can lower the severity."
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
        check=partial(media_findings, "quick-reply-icon"),
    ),
    Rule(
        code="PNP409",
        name="sender-icon",
        severity="error",
        summary="The sender of a message has its own picture.",
        why=(
            "It is an image URL in the message object, so LINE's ban of images most likely covers it. LINE's page about icons "
            "and names does not list notification messages, and the reader must see which account sends the message. The "
            "config can lower the severity."
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
        check=partial(media_findings, "sender-icon"),
    ),
)
