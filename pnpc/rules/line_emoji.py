"""PNP412 line-emoji."""

from functools import partial

from pnpc.rules.media import found
from pnpc.rules.rule import Rule

RULE = Rule(
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
)
