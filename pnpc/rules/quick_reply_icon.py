"""PNP408 quick-reply-icon."""

from functools import partial

from pnpc.rules.media import found
from pnpc.rules.rule import Rule

RULE = Rule(
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
)
