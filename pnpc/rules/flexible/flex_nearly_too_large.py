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
        help = says("LINE does not say how it counts a KB: stay below {near:,} bytes", near=size.near)
        yield Finding(size.container.at()._replace(part="key"), message, help)


RULE = Rule(
    code="PNP323",
    name="flex-nearly-too-large",
    severity="warning",
    summary="A Flex container is almost too large.",
    why=(
        "The limit is 30 KB for a bubble and 50 KB for a carousel. LINE does not say whether a KB is 1,000 or 1,024 bytes, or "
        "whether a bubble in a carousel has its own limit. The values of expressions are not counted: they come on top."
    ),
    source="https://developers.line.biz/en/reference/messaging-api/#bubble",
    check=check,
    tried_by="test_flexible_rules.py::test_the_limits_of_a_container",
)
