"""PNP219 missing-recipient."""

from collections.abc import Iterator

from pnpc.rules.rule import Rule
from pnpc.spec.context import Context
from pnpc.spec.notice import Notice
from pnpc.text.finding import Finding, Place


def check(notice: Notice, _context: Context) -> Iterator[Finding]:
    if notice.form == "request" and notice.to is None:
        key = "templateKey" if notice.kind == "template" else "messages"
        yield Finding(Place((key,), "key"), "the request body lacks the required key `to`")


RULE = Rule(
    code="PNP219",
    name="missing-recipient",
    severity="error",
    summary="A request body needs `to`.",
    why="LINE answers 400 without it. (A spec has none: it comes from the table of recipients.)",
    source="https://developers.line.biz/en/reference/line-notification-messages/",
    bad=(
        """\
{«"templateKey"»: "shipment_completed_ja"}
""",
    ),
    good=(
        """\
{"templateKey": "shipment_completed_ja", "to": "d41e0ad70dddfeb68f149ad6fc61574b9c5780ab7bcb2fba5517771ffbb2409c"}
""",
    ),
    check=check,
)
