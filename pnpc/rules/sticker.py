"""PNP410 sticker."""

from collections.abc import Iterator

from pnpc.rules.media import found
from pnpc.rules.rule import Rule
from pnpc.spec.context import Context
from pnpc.spec.notice import Notice
from pnpc.text.finding import Finding


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    yield from found("sticker", notice, context)


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
    check=check,
)
