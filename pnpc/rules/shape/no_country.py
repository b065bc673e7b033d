"""PNP110 no-country."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.rules.rule import Rule, looks_at_nothing
from pnpc.text.finding import Finding, Place
from pnpc.text.wording import says


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    if notice.is_spec and notice.country is None and context.country(notice) is None:
        yield Finding(Place((), "key"), says("no country: add `country: JP`, `TH` or `TW` here or in pnpc.toml"))


RULE = Rule(
    code="PNP110",
    name="no-country",
    severity="error",
    summary="A spec has no country.",
    why="Keys, phone numbers, dates and amounts depend on the country of the LINE account. The spec or the config must name it.",
    source="the spec format of pnpc",
    bad=(
        """\
«pnpc: 1»
name: example
message:
  templateKey: shipment_completed_ja
""",
    ),
    good=(
        """\
pnpc: 1
name: example
country: JP
message:
  templateKey: shipment_completed_ja
""",
    ),
    check=check,
    values=looks_at_nothing,
)
