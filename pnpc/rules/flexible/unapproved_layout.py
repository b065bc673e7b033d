"""PNP336 unapproved-layout."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.language.review.approval import review
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding
from pnpc.text.wording import says


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    reviewed = review(notice, context)
    if reviewed is not None and reviewed.approval is None and not reviewed.wrong:
        help = says("after the review, run `pnpc approve SPEC --review-id ID --date YYYY-MM-DD`")
        what = says("no review of this layout is recorded: there is no file {file}", file=reviewed.file)
        yield Finding(notice.at("messages")._replace(part="key"), what, help)


RULE = Rule(
    code="PNP336",
    name="unapproved-layout",
    severity="warning",
    summary="The layout of a flexible message has no approval.",
    why=(
        "LINE reviews every flexible message before it may be sent (for Sinch, the account manager does). `pnpc approve` "
        "saves the reviewed layout in a file next to the spec. With `require-approval = true` in the config, a missing "
        "approval is an error."
    ),
    source="https://developers.line.biz/en/docs/partner-docs/line-notification-messages/flow/",
    check=check,
    tried_by="test_approve.py::test_approve_then_check_is_clean",
)
