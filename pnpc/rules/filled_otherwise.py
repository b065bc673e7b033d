"""PNP338 filled-otherwise."""

from collections.abc import Iterator

from pnpc.rules.rule import Rule
from pnpc.spec.context import Context
from pnpc.spec.notice import Notice
from pnpc.text.finding import Finding


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    review = context.review(notice)
    for change in review.changes if review is not None else ():
        if change.kind == "expression" and review is not None:
            yield Finding(change.place, f"not as in {review.words()}: {change.message}")


RULE = Rule(
    code="PNP338",
    name="filled-otherwise",
    severity="warning",
    summary="A place of the approved layout is filled by another expression.",
    why=(
        "The same place is filled, so the layout is the one that was reviewed; but other data in it can make another "
        "message of it. After a mere renaming, `pnpc approve` with the same review."
    ),
    source="https://developers.line.biz/en/docs/partner-docs/line-notification-messages/flow/",
    check=check,
    tried_by="test_approve.py::test_what_changed_and_where",
)
