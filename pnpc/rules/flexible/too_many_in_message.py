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
    found, most = objects(notice, context), limits()["inOneMessage"]
    animated = [one for one in found.of("component", "image") if one.is_true("animated")]
    yield from _above(animated, most["animatedImages"], says("animated images"), "animated")
    yield from _above(found.of("substitution", "emoji"), most["emojis"], says("emoji"), "type")


def _above(counted: list[Object], limit: int, noun: Said, name: str) -> Iterator[Finding]:
    """A finding at the first one too many of each message."""
    if len(counted) <= limit:
        return
    seen: dict[int, int] = {}
    for one in counted:
        message = one.ancestor("message")
        number = seen[id(message)] = seen.get(id(message), 0) + 1
        if number == limit + 1:
            total = sum(1 for other in counted if other.ancestor("message") is message)
            yield Finding(
                one.at(name),
                says("{count} {noun} in one message, limit {limit}", count=total, noun=noun, limit=limit),
            )


RULE = Rule(
    code="PNP332",
    name="too-many-in-message",
    severity="error",
    summary="A message may hold 10 animated images in all, and 20 LINE emoji.",
    why="LINE counts them over the whole message, every bubble of a carousel included, and refuses more.",
    source=(
        "https://developers.line.biz/en/reference/messaging-api/#f-image; "
        "https://developers.line.biz/en/reference/messaging-api/#text-message-v2"
    ),
    check=check,
    tried_by="test_flexible_rules.py::test_counts_over_a_whole_message",
)
