"""PNP332 too-many-in-message."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.language.message.objects import Object, objects
from pnpc.line.limits import limits
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding
from pnpc.text.wording import Said, says


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    all_objects, most = objects(notice, context), limits()["inOneMessage"]
    animated = [image for image in all_objects.of("component", "image") if image.is_true("animated")]
    yield from _above(animated, most["animatedImages"], says("animated images"), "animated")
    yield from _above(all_objects.of("substitution", "emoji"), most["emojis"], says("emoji"), "type")


def _above(counted: list[Object], limit: int, noun: Said, name: str) -> Iterator[Finding]:
    """A finding for each message that has too many, at the first object above the limit."""
    if len(counted) <= limit:
        return
    seen: dict[int, int] = {}
    for part in counted:
        message = part.ancestor("message")
        number = seen[id(message)] = seen.get(id(message), 0) + 1
        if number == limit + 1:
            total = sum(1 for other in counted if other.ancestor("message") is message)
            yield Finding(
                part.at(name),
                says("{count} {noun} in one message, limit {limit}", count=total, noun=noun, limit=limit),
            )


RULE = Rule(
    code="PNP332",
    name="too-many-in-message",
    severity="error",
    summary="A message has too many animated images or LINE emoji.",
    why="LINE accepts 10 animated images and 20 LINE emoji in a message. It counts the whole message, with every bubble of a carousel.",
    source=(
        "https://developers.line.biz/en/reference/messaging-api/#f-image; "
        "https://developers.line.biz/en/reference/messaging-api/#text-message-v2"
    ),
    check=check,
    tried_by="test_flexible_rules.py::test_counts_over_a_whole_message",
)
