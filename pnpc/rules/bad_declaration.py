"""PNP506 bad-declaration."""

from collections.abc import Iterator

from pnpc.rules.rule import Rule
from pnpc.spec.context import Context
from pnpc.spec.notice import Notice
from pnpc.spec.variables import declarations
from pnpc.text.finding import Finding, Place


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    for name, declared in context.once(notice, declarations).items():
        for key, message, other in declared.wrong:
            place = Place(("variables", name, key))
            related = ((Place(("variables", name, other)), f"`{other}` stands here"),) if other else ()
            yield Finding(place, f"`{key}` of `{name}` {message}", related=related)


RULE = Rule(
    code="PNP506",
    name="bad-declaration",
    severity="error",
    summary="A variable's declaration that can't be meant.",
    why=(
        "A pattern that is no regular expression, a least length above the greatest, or a minimum above the "
        "maximum, would refuse every row."
    ),
    source="the spec format of pnpc; https://json-schema.org/draft/2020-12",
    bad=(
        """\
pnpc: 1
name: example
country: JP
variables:
  slot: {type: string, pattern: «"[A-Z"»}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: time_range_001_ja, content: "{{ slot }}"}
""",
    ),
    good=(
        """\
pnpc: 1
name: example
country: JP
variables:
  slot: {type: string, maxLength: 20, example: 午前中}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: time_range_001_ja, content: "{{ slot }}"}
""",
    ),
    check=check,
)
