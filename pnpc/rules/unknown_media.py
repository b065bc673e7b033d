"""PNP407 unknown-media."""

from functools import partial

from pnpc.rules.media import found
from pnpc.rules.rule import Rule

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
    check=partial(found, "unknown-media"),
    tried_by="test_media.py::test_an_expression_in_a_spec_may_be_a_url",
)
