"""PNP413 link-preview."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.rules.rule import Rule
from pnpc.rules.shared.media import is_media_file, reader
from pnpc.text.finding import Finding
from pnpc.text.wording import says


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    for link in reader(notice, context).chats:
        if not is_media_file(link):  # media-link reports these
            message = says("a link in a text message: LINE may show a picture of the page with it")
            yield Finding(link.whole(), message, says("put the link on a button"))


RULE = Rule(
    code="PNP413",
    name="link-preview",
    severity="warning",
    summary="The text of a text message has a link.",
    why=(
        "A chat shows a preview card for a link, with the page's picture (og:image). The message object itself has no "
        "picture, so this is only a warning. A button has no preview."
    ),
    source=(
        "https://developers.line.biz/en/docs/partner-docs/line-notification-messages/technical-specs/#message-types-that-can-be-sent; "
        "https://developers.line.biz/en/faq/"
    ),
    bad=(
        """\
messages:
  - {type: text, text: "発送しました。 «https://shop.example.com/track»"}
""",
    ),
    good=(
        """\
messages:
  - type: template
    altText: 発送しました
    template:
      type: buttons
      text: 発送しました
      actions:
        - {type: uri, label: 追跡する, uri: "https://shop.example.com/track"}
""",
    ),
    check=check,
)
