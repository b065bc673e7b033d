"""PNP416 asks-for-media."""

from functools import partial

from pnpc.rules.media import found
from pnpc.rules.rule import Rule

RULE = Rule(
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
)
