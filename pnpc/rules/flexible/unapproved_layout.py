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
        help = says("once it has passed: `pnpc approve SPEC --review-id ID --date YYYY-MM-DD`")
        what = says("no review of this layout is on record: {file} is not there", file=reviewed.file)
        yield Finding(notice.at("messages")._replace(part="key"), what, help)


RULE = Rule(
    code="PNP336",
    name="unapproved-layout",
    severity="warning",
    summary="A flexible message whose layout has no approval beside the spec.",
    why=(
        "LINE reviews every flexible message before it may be sent (through Sinch, the account manager does). "
        "`pnpc approve` keeps what was reviewed beside the spec; `require-approval = true` in the config makes its "
        "lack an error."
    ),
    source="https://developers.line.biz/en/docs/partner-docs/line-notification-messages/flow/",
    check=check,
    tried_by="test_approve.py::test_approve_then_check_is_clean",
)
