"""PNP409 sender-icon."""

from functools import partial

from pnpc.rules.media import found
from pnpc.rules.rule import Rule

RULE = Rule(
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
)
