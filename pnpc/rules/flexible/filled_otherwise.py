"""PNP338 filled-otherwise."""

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
        if change.kind == "expression" and reviewed is not None:
            yield Finding(
                change.place,
                says("not as in {review}: {change}", review=reviewed.words(), change=change.message),
            )


RULE = Rule(
    code="PNP338",
    name="filled-otherwise",
    severity="warning",
    summary="Another expression fills a place of the approved layout.",
    why=(
        "The same place is filled, so the layout is still the reviewed one, but other data can make it another message. If a "
        "variable has only been renamed, run `pnpc approve` with the same review."
    ),
    source="https://developers.line.biz/en/docs/partner-docs/line-notification-messages/flow/",
    check=check,
    tried_by="test_approve.py::test_what_changed_and_where",
)
