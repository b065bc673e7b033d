"""PNP005 unquoted-expression."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP005",
    name="unquoted-expression",
    severity="error",
    summary="A text that begins with an expression must be quoted.",
    why="To YAML an unquoted `{{ name }}` is a mapping in a mapping, and `{{ name }}様` is no YAML at all.",
    source="https://yaml.org/spec/1.2.2/#742-flow-mappings",
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
      - itemKey: time_range_001_ja
        content: «{{ slot }}»
""",
        """\
pnpc: 1
name: example
country: JP
variables:
  who: {type: string, maxLength: 20, example: 山田}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - itemKey: name_010_ja
        content: «{{ who }}様»
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
      - itemKey: time_range_001_ja
        content: "{{ slot }}"
""",
    ),
    fixed=(
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
      - itemKey: time_range_001_ja
        content: "{{ slot }}"
""",
        """\
pnpc: 1
name: example
country: JP
variables:
  who: {type: string, maxLength: 20, example: 山田}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - itemKey: name_010_ja
        content: "{{ who }}様"
""",
    ),
)
