"""PNP322 flex-too-large."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.rules.flexible.sizes import large
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding
from pnpc.text.wording import says


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    for size in large(notice, context):
        if size.certain and size.bytes > size.limit:
            kind = size.container.type
            message = says(
                "the {kind} takes {bytes:,} bytes of JSON, limit {limit:,}",
                kind=kind,
                bytes=size.bytes,
                limit=size.limit,
            )
            yield Finding(size.container.at()._replace(part="key"), message)


RULE = Rule(
    code="PNP322",
    name="flex-too-large",
    severity="error",
    summary="A Flex container is too large.",
    why=(
        "LINE answers 400 (“Too large flex message”). A bubble may have 30 KB of JSON, a carousel 50 KB. pnpc counts compact "
        "JSON in UTF-8, where a kanji has three bytes. The values of expressions are not counted: they come on top."
    ),
    source="https://developers.line.biz/en/reference/messaging-api/#bubble",
    check=check,
    tried_by="test_flexible_rules.py::test_the_limits_of_a_container",
)
