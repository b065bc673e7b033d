"""Rules about expressions and the variables that they use."""

from pnpc.rules.expressions.usage import errors, undeclared, unused
from pnpc.rules.rule import Rule

RULES = (
    Rule(
        code="PNP501",
        name="expression-syntax",
        severity="error",
        summary="An expression can't be read.",
        why=(
            "Expressions are a small part of Jinja2: names, literals, arithmetic on numbers, comparisons, `if … "
            "else`, and the filters."
        ),
        source="the spec format of pnpc; https://jinja.palletsprojects.com/en/stable/templates/#expressions",
        bad=(
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
      - {itemKey: time_range_001_ja, content: "{{ slot }} «{{» slot"}
""",
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
      - {itemKey: time_range_001_ja, content: "{{ slot }} {{ slot «+» }}"}
""",
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
      - {itemKey: time_range_001_ja, content: "{{ slot | «upper» }}"}
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
        check=errors,
    ),
    Rule(
        code="PNP502",
        name="undeclared-variable",
        severity="error",
        summary="An expression uses a variable that is not declared.",
        why="`pnpc compile` would have no value for it. `recipient.index` and `recipient.to` need no declaration.",
        source="the spec format of pnpc",
        bad=(
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
      - {itemKey: time_range_001_ja, content: "{{ slot }} {{ «slto» }}"}
""",
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
      - {itemKey: time_range_001_ja, content: "{{ slot }} {{ recipient.«phone» }}"}
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
      - {itemKey: time_range_001_ja, content: "{{ slot }} {{ recipient.index }}"}
""",
        ),
        check=undeclared,
    ),
    Rule(
        code="PNP503",
        name="unused-variable",
        severity="warning",
        summary="No expression uses this variable.",
        why="Either an expression is missing, or every table needs a column that is never used.",
        source="the spec format of pnpc",
        bad=(
            """\
pnpc: 1
name: example
country: JP
variables:
  «slot»: {type: string, maxLength: 20, example: 午前中}
message:
  templateKey: shipment_completed_ja
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
        check=unused,
    ),
    Rule(
        code="PNP504",
        name="expression-not-allowed",
        severity="error",
        summary="An expression stands where the text must be fixed.",
        why=("A review must show which template, items and buttons are sent, and only then can pnpc check them."),
        source="the spec format of pnpc",
        bad=(
            """\
body:
  items:
    - {itemKey: «"{{ key }}"», content: 午前中}
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
    ),
    Rule(
        code="PNP507",
        name="expression-failed",
        severity="error",
        summary="An expression has no value for this data.",
        why=("The text can't be made, for example because the filter `date` gets a text that is not a date."),
        source="the spec format of pnpc",
        tried_by="test_compile.py::test_a_value_that_a_filter_cant_take_is_told_at_the_expression",
    ),
)
