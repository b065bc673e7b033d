"""PNP406 icon."""

from functools import partial

from pnpc.rules.media import found
from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP406",
    name="icon",
    severity="error",
    summary="An icon in a Flex Message: a small picture.",
    why=(
        "LINE says: messages containing images, videos, or audio aren't permitted. Its API may answer 200 all "
        "the same, so nothing but this check stands between the message and the breach. LINE's docs call an "
        "icon's `url` an image URL. Layouts that carry one use a picture of LINE's own: for those "
        "`media-hosts` in the config names the host."
    ),
    source=(
        "https://developers.line.biz/en/docs/partner-docs/line-notification-messages/technical-specs/#message-types-that-can-be-sent; "
        "https://developers.line.biz/en/reference/messaging-api/#icon"
    ),
    bad=(
        """\
messages:
  - type: flex
    altText: 評価のお知らせ
    contents:
      type: bubble
      body:
        type: box
        layout: baseline
        contents:
          - {type: «icon», url: "https://shop.example.com/star.png"}
          - {type: text, text: 評価を受け付けました}
""",
    ),
    check=partial(found, "icon"),
)
