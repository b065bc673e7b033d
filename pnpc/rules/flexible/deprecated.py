"""PNP327 deprecated."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.language.message.objects import objects
from pnpc.rules.rule import Rule
from pnpc.rules.shared.urls import PROPERTIES
from pnpc.text.finding import Finding
from pnpc.text.wording import says


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    found = objects(notice, context)
    for one in found.of("component", "filler"):
        yield Finding(
            one.at("type"), says("`filler` is deprecated"), says("use margin, padding, flex or justifyContent instead")
        )
    for one in found.of("action", "postback"):
        # Beside displayText it is a mistake, in a quick reply too: other rules tell of those.
        if one.has("text") and not one.has("displayText") and one.place != "quickReply":
            yield Finding(one.key("text"), says("a postback's `text` is deprecated"), says("use `displayText`"))
    for role, name in PROPERTIES:
        for one in found.of(role):
            written = one.text(name)
            if written is not None and written.startswith("line://"):
                yield Finding(
                    one.at(name), says("the scheme `line://` is deprecated"), says("use https://line.me/R/ instead")
                )


RULE = Rule(
    code="PNP327",
    name="deprecated",
    severity="warning",
    summary="Something that LINE has deprecated: filler components, line:// links, a postback's text.",
    why="It works today; LINE names no date for its end, and an approved layout is meant to live for years.",
    source=(
        "https://developers.line.biz/en/reference/messaging-api/#filler; "
        "https://developers.line.biz/en/docs/messaging-api/using-line-url-scheme/"
    ),
    bad=(
        """\
messages:
  - type: flex
    altText: ご注文の品を発送しました
    contents:
      type: bubble
      body:
        type: box
        layout: vertical
        contents:
          - {type: «filler»}
          - {type: button, action: {type: postback, label: 受け取る, data: a=1, «text»: 受け取ります}}
          - {type: button, action: {type: uri, label: 店を見る, uri: «"line://ti/p/@linedevelopers"»}}
""",
    ),
    good=(
        """\
messages:
  - type: flex
    altText: ご注文の品を発送しました
    contents:
      type: bubble
      body:
        type: box
        layout: vertical
        contents:
          - {type: button, action: {type: postback, label: 受け取る, data: a=1, displayText: 受け取ります}}
""",
    ),
    check=check,
    most=3,
)
