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
    all_objects = objects(notice, context)
    for filler in all_objects.of("component", "filler"):
        yield Finding(
            filler.at("type"),
            says("`filler` is deprecated"),
            says("use margin, padding, flex or justifyContent instead"),
        )
    for holder in all_objects.of("action", "postback"):
        # Other rules report it beside displayText and in a quick reply.
        if holder.has("text") and not holder.has("displayText") and holder.place != "quickReply":
            yield Finding(holder.key("text"), says("a postback's `text` is deprecated"), says("use `displayText`"))
    for role, name in PROPERTIES:
        for holder in all_objects.of(role):
            written = holder.text(name)
            if written is not None and written.startswith("line://"):
                yield Finding(
                    holder.at(name), says("the scheme `line://` is deprecated"), says("use https://line.me/R/ instead")
                )


RULE = Rule(
    code="PNP327",
    name="deprecated",
    severity="warning",
    summary="LINE has deprecated this.",
    why=(
        "This is about `filler` components, `line://` links and the `text` of a postback. They work today. LINE gives no date "
        "for their end, but an approved layout is used for years."
    ),
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
