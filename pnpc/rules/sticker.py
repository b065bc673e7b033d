"""PNP410 sticker."""

from functools import partial

from pnpc.rules.media import found
from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP410",
    name="sticker",
    severity="error",
    summary="A sticker.",
    why=(
        "LINE's docs do not call it an image, but it is one to the reader, and many stickers move or sound. "
        "The config can lower this one."
    ),
    source=(
        "https://developers.line.biz/en/docs/partner-docs/line-notification-messages/technical-specs/#message-types-that-can-be-sent; "
        "https://developers.line.biz/en/reference/messaging-api/#sticker-message"
    ),
    bad=(
        """\
messages:
  - {type: «sticker», packageId: "446", stickerId: "1988"}
""",
    ),
    check=partial(found, "sticker"),
)
