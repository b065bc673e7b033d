"""PNP337 layout-drift."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.language.review.approval import review
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding
from pnpc.text.wording import says


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    reviewed = review(notice, context)
    for change in reviewed.changes if reviewed is not None else ():
        if change.kind == "layout" and reviewed is not None:
            yield Finding(
                change.place,
                says("not what {review} approved: {change}", review=reviewed.words(), change=change.message),
            )


RULE = Rule(
    code="PNP337",
    name="layout-drift",
    severity="error",
    summary="The layout is not the approved one.",
    why=(
        "Only what passed the review may be sent. The fixed parts of the messages, and which places are filled, must stay as "
        "they were. A change needs a new review, and then `pnpc approve` again."
    ),
    source="https://developers.line.biz/en/docs/partner-docs/line-notification-messages/flow/",
    check=check,
    tried_by="test_approve.py::test_any_change_of_a_literal_is_told_at_its_place",
)
