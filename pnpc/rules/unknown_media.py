"""PNP407 unknown-media."""

from collections.abc import Iterator

from pnpc.rules.media import found
from pnpc.rules.rule import Rule
from pnpc.spec.context import Context
from pnpc.spec.notice import Notice
from pnpc.text.finding import Finding


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    yield from found("unknown-media", notice, context)


RULE = Rule(
    code="PNP407",
    name="unknown-media",
    severity="error",
    summary="A URL where LINE's docs know none, in an object or under a key that may show a picture.",
    why=(
        "Only what is known to hold no media is let through: LINE may add keys and types at any time, and a "
        "URL that is neither a link nor a text has little else to be for. The grammar reports the unknown "
        "type or key itself; this rule points at the URL."
    ),
    source=(
        "https://developers.line.biz/en/docs/partner-docs/line-notification-messages/technical-specs/#message-types-that-can-be-sent; "
        "https://developers.line.biz/en/docs/messaging-api/development-guidelines/"
    ),
    check=check,
    tried_by="test_media.py",
)
