"""PNP606 unlikely-year."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.language.variables.declared import declarations
from pnpc.line.years import doubts
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding, Place
from pnpc.text.wording import says

_HELP = says("write the year of the common era, as in 2026-12-01: the filter `date` shows it in the country's calendar")


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    for name, declared in context.once(notice, declarations).items():
        schema = declared.schema or {}
        for key in ("example", "default", "const"):
            for path, doubt in doubts(schema, schema.get(key), ("variables", name, key)):
                yield Finding(Place(path), says("`{key}` of `{name}` {doubt}", key=key, name=name, doubt=doubt), _HELP)
        listed = schema.get("enum")
        for index, value in enumerate(listed if isinstance(listed, list) else ()):
            for path, doubt in doubts(schema, value, ("variables", name, "enum", index)):
                yield Finding(Place(path), says("`enum` of `{name}` {doubt}", name=name, doubt=doubt), _HELP)


RULE = Rule(
    code="PNP606",
    name="unlikely-year",
    severity="warning",
    summary="A date has a year that no notification can mean.",
    why=(
        "A table from Thailand may have Buddhist years, and a table from Taiwan years of the republic: 2569-12-01 and "
        "0115-12-01 may mean 2026, but are read as other years, so people would see a wrong year. Values in rows are checked "
        "when they are compiled."
    ),
    source="https://www.rfc-editor.org/rfc/rfc3339; our own judgement",
    bad=(
        """\
pnpc: 1
name: example
country: JP
variables:
  day: {type: string, format: date, example: «"2569-12-01"»}
  other: {type: string, format: date, default: «"0115-12-01"», example: "2026-12-01"}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: date_002_ja, content: "{{ day | date }} {{ other | date }}"}
""",
    ),
    good=(
        """\
pnpc: 1
name: example
country: JP
variables:
  day: {type: string, format: date, example: "2026-12-01"}
message:
  templateKey: shipment_completed_ja
  body:
    emphasizedItem: {itemKey: date_002_ja, content: "{{ day | date('long') }}"}
""",
    ),
    check=check,
)
