"""PNP323 flex-nearly-too-large."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.rules.flexible.sizes import large
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding
from pnpc.text.wording import NOTHING, says


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    for size in large(notice, context):
        if size.bytes > size.limit and size.certain:
            continue
        where = NOTHING if size.certain else says(" in a carousel")
        message = says(
            "the {type}{where} takes {bytes:,} bytes of JSON, limit {limit:,}",
            type=size.container.type,
            where=where,
            bytes=size.bytes,
            limit=size.limit,
        )
        help = says("LINE does not say how it counts a KB: stay below {near:,}", near=size.near)
        yield Finding(size.container.at()._replace(part="key"), message, help)


RULE = Rule(
    code="PNP323",
    name="flex-nearly-too-large",
    severity="warning",
    summary="A Flex container so near its 30 KB or 50 KB that LINE may refuse it.",
    why=(
        "LINE does not say whether a KB is 1,000 or 1,024 bytes, nor whether a bubble in a carousel has a limit of "
        "its own; what expressions become comes on top."
    ),
    source="https://developers.line.biz/en/reference/messaging-api/#bubble",
    check=check,
    tried_by="test_flexible_rules.py::test_the_limits_of_a_container",
)
