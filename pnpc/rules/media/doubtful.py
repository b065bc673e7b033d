"""Objects that a review may take for a picture or a sound."""

from functools import partial

from pnpc.rules.rule import Rule
from pnpc.rules.shared.media import media_findings

RULES = (
    Rule(
        code="PNP412",
        name="line-emoji",
        severity="warning",
        summary="A text has LINE emoji.",
        why=(
            "LINE's docs treat LINE emoji as a part of the text, but they are pictures, and some move: the review may object. "
            "Unicode emoji are text. There is one warning for each message."
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
        check=partial(media_findings, "line-emoji"),
    ),
    Rule(
        code="PNP415",
        name="location-map",
        severity="warning",
        summary="A message shows a location.",
        why=(
            "LINE shows a map. It shows no file of the sender, so the ban of images hardly covers it; the review decides."
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
        check=partial(media_findings, "location-map"),
    ),
    Rule(
        code="PNP416",
        name="asks-for-media",
        severity="warning",
        summary="An action asks the reader for a picture or a sound.",
        why=(
            "The message itself has no picture or sound, so it is allowed. But a notification informs: people who answer it may "
            "write to an account that does not read answers."
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
        check=partial(media_findings, "asks-for-media"),
    ),
)
