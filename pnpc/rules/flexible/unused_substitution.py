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
    for one in objects(notice, context).of("message", "textV2"):
        if one.filled and "{{" in (one.text("text") or ""):
            continue  # an expression may bring the key
        used = {brace.key for brace in read(one)}
        for name in members(one.members.get("substitution")):
            if name not in used:
                place = Place((*one.path, "substitution", name), "key")
                yield Finding(place, says("`{{{name}}}` does not stand in the text", name=name))


RULE = Rule(
    code="PNP316",
    name="unused-substitution",
    severity="warning",
    summary="An entry of `substitution` that the text does not use.",
    why="Nothing is shown of it: the text lacks the key, or the entry was left behind.",
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
