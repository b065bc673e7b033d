"""PNP317 emoji-index."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.language.message.objects import Object, objects
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding
from pnpc.text.values import INTEGER
from pnpc.text.wording import Said, says

_MOST_SHOWN = 5


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    for emoji in objects(notice, context).of("emoji"):
        if emoji.parent is not None and emoji.parent.type == "text":
            yield from _index(emoji, emoji.parent)


def _index(emoji: Object, message: Object) -> Iterator[Finding]:
    text, written = message.fixed("text"), emoji.fixed("index")
    if text is None or written is None or INTEGER.fullmatch(written) is None or written.startswith("-"):
        return  # what an expression becomes moves all that follows; a wrong number is the grammar's affair
    units = text.encode("utf-16-le", "surrogatepass")
    index = int(written[:9])
    unit = units[2 * index : 2 * index + 2]
    if unit == "$".encode("utf-16-le"):
        return
    length = len(units) // 2
    if index < length:
        found = says("`{character}`", character=unit.decode("utf-16-le", "replace"))
    else:
        found = says("past the end, {length}", length=length)
    yield Finding(
        emoji.at("index"),
        says("the text's position {index} is {found}, not a `$`", index=written, found=found),
        _dollars(units),
    )


def _dollars(units: bytes) -> Said:
    """Where each `$` stands in a text, given as UTF-16 (little-endian)."""
    positions = tuple(str(at // 2) for at in range(0, len(units), 2) if units[at : at + 2] == b"$\0")
    if not positions:
        return says("an emoji takes the place of a `$`, and the text has none; positions count UTF-16 units from 0")
    shown = positions[:_MOST_SHOWN]
    if len(positions) > _MOST_SHOWN:
        return says("`$` stands at {positions}, …; positions count UTF-16 units from 0", positions=shown)
    return says("`$` stands at {positions}; positions count UTF-16 units from 0", positions=shown)


RULE = Rule(
    code="PNP317",
    name="emoji-index",
    severity="error",
    summary="The `index` of a LINE emoji must be the position of a `$` in the text.",
    why=(
        "LINE answers 400 to any other position. It counts UTF-16 units: an emoji such as 😀 before the `$` counts "
        "two. A text with expressions is not looked at, for they move what follows."
    ),
    source="https://developers.line.biz/en/reference/messaging-api/#text-message",
    bad=(
        """\
messages:
  - type: text
    text: 😀 発送しました $
    emojis:  # pnpc: ignore[PNP412] the review took it
      - {index: «9», productId: 5ac1bfd5040ab15980c9b435, emojiId: "001"}
""",
    ),
    check=check,
)
