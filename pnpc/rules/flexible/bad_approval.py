"""PNP335 bad-approval."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.language.review.approval import review
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding
from pnpc.text.wording import says


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    reviewed = review(notice, context)
    if reviewed is not None and reviewed.wrong:
        help = says("restore the file, or write it again with `pnpc approve` if this is the reviewed layout")
        yield Finding(
            notice.at("messages")._replace(part="key"),
            says("can't read {file}: {problem}", file=reviewed.file, problem=reviewed.wrong),
            help,
        )


RULE = Rule(
    code="PNP335",
    name="bad-approval",
    severity="error",
    summary="The file with the approved layout can't be read.",
    why="Without the file pnpc can't tell whether this is the layout that LINE has reviewed.",
    source="https://developers.line.biz/en/docs/partner-docs/line-notification-messages/flow/",
    check=check,
    tried_by="test_approve.py::test_an_approval_that_is_none",
)
