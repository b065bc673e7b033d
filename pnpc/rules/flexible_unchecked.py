"""PNP300 flexible-unchecked."""

from collections.abc import Iterator

from pnpc.rules.rule import Rule
from pnpc.spec.context import Context
from pnpc.spec.notice import Notice
from pnpc.text.finding import Finding


def check(notice: Notice, _context: Context) -> Iterator[Finding]:
    if notice.kind == "flexible":
        yield Finding(
            notice.at("messages")._replace(part="key"), "message objects are not checked by this version of pnpc"
        )


RULE = Rule(
    code="PNP300",
    name="flexible-unchecked",
    severity="warning",
    summary="The message objects of the flexible kind are not checked yet.",
    why=(
        "This version knows the envelope of a flexible message (one to five objects with a type), not the "
        "objects. Silence about them would look like approval."
    ),
    source="the spec format of pnpc",
    bad=(
        """\
pnpc: 1
name: example
country: JP
message:
  «messages»:
    - {type: text, text: ご注文の品を発送しました。}
""",
    ),
    check=check,
)
