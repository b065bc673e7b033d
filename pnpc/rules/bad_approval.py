"""PNP335 bad-approval."""

from collections.abc import Iterator

from pnpc.rules.rule import Rule
from pnpc.spec.context import Context
from pnpc.spec.notice import Notice
from pnpc.text.finding import Finding


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    review = context.review(notice)
    if review is not None and review.wrong:
        help = "restore the file, or write it anew with `pnpc approve` if the layout is the one that was reviewed"
        yield Finding(notice.at("messages")._replace(part="key"), f"can't read {review.file}: {review.wrong}", help)


RULE = Rule(
    code="PNP335",
    name="bad-approval",
    severity="error",
    summary="The file with the approved layout can't be read.",
    why="Without it nobody can tell whether this is the layout that LINE has reviewed.",
    source="https://developers.line.biz/en/docs/partner-docs/line-notification-messages/flow/",
    check=check,
    tried_by="test_approve.py::test_an_approval_that_is_none",
)
