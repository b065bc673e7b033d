"""PNP403 audio."""

from functools import partial

from pnpc.rules.media import found
from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP403",
    name="audio",
    severity="error",
    summary="A sound: an audio message.",
    why=(
        "LINE says: messages containing images, videos, or audio aren't permitted. Its API may answer 200 all "
        "the same, so nothing but this check stands between the message and the breach."
    ),
    source="https://developers.line.biz/en/docs/partner-docs/line-notification-messages/technical-specs/#message-types-that-can-be-sent",
    bad=(
        """\
messages:
  - type: «audio»
    originalContentUrl: https://shop.example.com/greeting.m4a
    duration: 3000
""",
    ),
    check=partial(found, "audio"),
)
