"""PNP317 emoji-index."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.language.message.objects import Object, objects
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding
from pnpc.text.values import INTEGER
from pnpc.text.wording import Said, says

_MOST_SHOWN = 5  # places that a message names


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    for emoji in objects(notice, context).of("emoji"):
        if emoji.parent is not None and emoji.parent.type == "text":
            yield from _index(emoji, emoji.parent)


def _index(emoji: Object, message: Object) -> Iterator[Finding]:
    text, written = message.fixed("text"), emoji.fixed("index")
    if text is None or written is None or INTEGER.fullmatch(written) is None or written.startswith("-"):
        return  # an expression moves what follows it; the grammar reports a wrong number
    units = text.encode("utf-16-le", "surrogatepass")
    index = int(written[:9])
    unit = units[2 * index : 2 * index + 2]
    if unit == "$".encode("utf-16-le"):
        return
    length = len(units) // 2
    if index < length:
        actual = says("`{character}`", character=unit.decode("utf-16-le", "replace"))
    else:
        actual = says("past the end, {length}", length=length)
    yield Finding(
        emoji.at("index"),
        says("the text's position {index} is {actual}, not a `$`", index=written, actual=actual),
        _dollars(units),
    )


def _dollars(units: bytes) -> Said:
    """Where each `$` stands in a text, given as UTF-16 (little-endian)."""
    positions = tuple(str(at // 2) for at in range(0, len(units), 2) if units[at : at + 2] == b"$\0")
    if not positions:
        return says("an emoji replaces a `$`, but the text has no `$`; positions count UTF-16 units from 0")
    shown = positions[:_MOST_SHOWN]
    if len(positions) > _MOST_SHOWN:
        return says("`$` stands at {positions}, …; positions count UTF-16 units from 0", positions=shown)
    return says("`$` stands at {positions}; positions count UTF-16 units from 0", positions=shown)


RULE = Rule(
    code="PNP317",
    name="emoji-index",
    severity="error",
    summary="The `index` of a LINE emoji is not the position of a `$` in the text.",
    why=(
        "LINE answers 400 to any other position. LINE counts UTF-16 units: an emoji such as 😀 before the `$` counts two. Texts "
        "with expressions are not checked, because their values move what follows."
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
