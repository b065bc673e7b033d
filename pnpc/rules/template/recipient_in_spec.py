"""PNP217 recipient-in-spec."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding, Place
from pnpc.text.wording import says


def check(notice: Notice, _context: Context) -> Iterator[Finding]:
    if notice.is_spec and notice.to is not None:
        help = says("give recipients with `pnpc compile --recipients FILE`")
        yield Finding(Place((*notice.base, "to"), "key"), says("a spec can't name its recipient"), help)


RULE = Rule(
    code="PNP217",
    name="recipient-in-spec",
    severity="error",
    summary="A spec names a recipient.",
    why=(
        "`to` is the digest of one person. It comes from the table of recipients when the spec is compiled. In a spec it would "
        "notify the same person again and again."
    ),
    source="the spec format of pnpc",
    bad=(
        """\
templateKey: shipment_completed_ja
«to»: d41e0ad70dddfeb68f149ad6fc61574b9c5780ab7bcb2fba5517771ffbb2409c
""",
    ),
    good=(
        """\
templateKey: shipment_completed_ja
body: {}
""",
    ),
    check=check,
)
