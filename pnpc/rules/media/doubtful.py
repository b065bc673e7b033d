"""Objects that a review may take for a picture or a sound."""

from functools import partial

from pnpc.rules.rule import Rule
from pnpc.rules.shared.media import found

RULES = (
    Rule(
        code="PNP412",
        name="line-emoji",
        severity="warning",
        summary="LINE's own emoji in a text.",
        why=(
            "LINE's docs treat them as part of the text, but they are drawn from pictures, and some move: the "
            "review may object. Unicode emoji are text. One warning a message."
        ),
        source=(
            "https://developers.line.biz/en/docs/partner-docs/line-notification-messages/technical-specs/#message-types-that-can-be-sent; "
            "https://developers.line.biz/en/docs/messaging-api/emoji-list/"
        ),
        bad=(
            """\
messages:
  - type: text
    text: $ 発送しました
    «emojis»:
      - {index: 0, productId: 5ac1bfd5040ab15980c9b435, emojiId: "001"}
  - type: textV2
    text: "{box} 発送しました"
    substitution:
      box: {type: «emoji», productId: 5ac1bfd5040ab15980c9b435, emojiId: "001"}
""",
        ),
        good=(
            """\
messages:
  - {type: text, text: 📦 発送しました}
""",
        ),
        check=partial(found, "line-emoji"),
    ),
    Rule(
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
    ),
    Rule(
        code="PNP416",
        name="asks-for-media",
        severity="warning",
        summary="An action that asks the reader for a picture or a sound.",
        why=(
            "Nothing is sent by us, so it is allowed; but a notification tells of something, and whoever answers "
            "it talks to an account that may not be listening."
        ),
        source=(
            "https://developers.line.biz/en/reference/messaging-api/#camera-action; "
            "https://developers.line.biz/en/docs/partner-docs/line-notification-messages/overview/"
        ),
        bad=(
            """\
messages:
  - type: text
    text: 本人確認書類をお送りください。
    quickReply:
      items:
        - {type: action, action: {type: «camera», label: 撮影する}}
        - {type: action, action: {type: postback, label: 話す, data: speak, inputOption: «openVoice»}}
""",
        ),
        check=partial(found, "asks-for-media"),
    ),
)
