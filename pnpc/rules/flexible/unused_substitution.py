"""PNP316 unused-substitution."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.language.message.objects import objects
from pnpc.rules.flexible.braces import read
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding, Place
from pnpc.text.members import members
from pnpc.text.wording import says


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    for message in objects(notice, context).of("message", "textV2"):
        if message.filled and "{{" in (message.text("text") or ""):
            continue  # an expression may contain the key
        used = {brace.key for brace in read(message)}
        for name in members(message.members.get("substitution")):
            if name not in used:
                place = Place((*message.path, "substitution", name), "key")
                yield Finding(place, says("the text does not contain `{{{name}}}`", name=name))


RULE = Rule(
    code="PNP316",
    name="unused-substitution",
    severity="warning",
    summary="The text does not use an entry of `substitution`.",
    why="LINE does not show it: either the key is missing in the text, or the entry is left over.",
    source="https://developers.line.biz/en/reference/messaging-api/#text-message-v2",
    bad=(
        """\
messages:
  - type: textV2
    text: 発送しました
    substitution:
      «smile»: {type: emoji, productId: 5ac1bfd5040ab15980c9b435, emojiId: "001"}  # pnpc: ignore[PNP412] the review took it
""",
    ),
    check=check,
)
