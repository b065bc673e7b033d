"""PNP506 bad-declaration."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.language.variables.declared import declarations
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding, Place
from pnpc.text.wording import says


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    for name, declared in context.once(notice, declarations).items():
        for wrong in declared.wrong:
            path = ("variables", name, *wrong.path)
            related = (
                ((Place((*path[:-1], wrong.other)), says("`{key}` is here", key=wrong.other)),) if wrong.other else ()
            )
            place = Place(path) if wrong.path else Place(path, "key")
            if wrong.path:
                message = says("`{key}` of `{name}` {wrong}", key=path[-1], name=name, wrong=wrong.message)
            else:
                message = says("`{name}` {wrong}", name=name, wrong=wrong.message)
            yield Finding(place, message, related=related)


RULE = Rule(
    code="PNP506",
    name="bad-declaration",
    severity="error",
    summary="The declaration of a variable makes no sense.",
    why=(
        "A pattern that is not a regular expression, a `minLength` above `maxLength`, or a `minimum` above `maximum` would "
        "refuse every row. Numbers beyond 10^30 and patterns with very many groups inside each other can't be used."
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
