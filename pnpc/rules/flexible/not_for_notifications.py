"""PNP326 not-for-notifications."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.language.message.objects import objects
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding
from pnpc.text.wording import says


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    all_objects = objects(notice, context)
    for message in all_objects.of("message"):
        if message.has("quoteToken"):
            what = says("a notification message can't quote: `quoteToken` works with reply and push only")
            yield Finding(message.key("quoteToken"), what)
    for mention in all_objects.of("substitution", "mention"):
        what = says("a notification message can't mention anyone: it goes to one person, never to a group")
        yield Finding(mention.at("type"), what)


RULE = Rule(
    code="PNP326",
    name="not-for-notifications",
    severity="error",
    summary="A message has a mention or a quote, which notification messages can't have.",
    why=(
        "Mentions work only in groups and multi-person chats, quote tokens only with the reply and push endpoints. A "
        "notification message goes to one person, by phone number."
    ),
    source=(
        "https://developers.line.biz/en/reference/messaging-api/#text-message-v2; "
        "https://developers.line.biz/en/docs/messaging-api/sending-messages/"
    ),
    bad=(
        """\
messages:
  - type: textV2
    text: "{you} 様、発送しました"
    substitution:
      you: {type: «mention», mentionee: {type: all}}
  - type: text
    text: 発送しました
    «quoteToken»: yHAz4Ua2wx7
""",
    ),
    check=check,
)
