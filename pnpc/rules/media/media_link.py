"""PNP414 media-link."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.links import ending
from pnpc.language.message.notice import Notice
from pnpc.rules.rule import Rule
from pnpc.rules.shared.content import looks_at_links
from pnpc.rules.shared.media import media_links
from pnpc.text.finding import Finding
from pnpc.text.wording import says


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    for link in media_links(notice, context):
        message = says("the link opens a media file (`.{ending}`)", ending=ending(link))
        yield Finding(link.whole(), message, says("link to a page that shows it"))


RULE = Rule(
    code="PNP414",
    name="media-link",
    severity="warning",
    summary="A link opens a picture, a video or a sound.",
    why=(
        "What opens after a tap is not in the message, so LINE's ban does not name it. But the page behind a button must "
        "inform the reader like the message, and a file alone hardly does."
    ),
    source=(
        "https://developers.line.biz/en/docs/partner-docs/line-notification-messages/technical-specs/#message-types-that-can-be-sent; "
        "https://www.infobip.com/docs/line/compliance-guidelines"
    ),
    bad=(
        """\
body:
  buttons:
    - {buttonKey: check_details_ja, url: «"https://shop.example.com/manual.mp4"»}
""",
        """\
messages:
  - type: template
    altText: 店舗のご案内
    template:
      type: buttons
      text: 店舗のご案内
      actions:
        - type: uri
          label: 地図を見る
          uri: «https://shop.example.com/map.PNG?v=2»
          altUri: {desktop: «https://shop.example.com/map-large.png»}
""",
    ),
    good=(
        """\
body:
  buttons:
    - {buttonKey: check_details_ja, url: "https://shop.example.com/manual"}
""",
    ),
    check=check,
    values=looks_at_links,
)
