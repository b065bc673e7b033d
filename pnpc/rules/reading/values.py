"""Rules of the parser about single keys and values."""

from pnpc.rules.rule import Rule

RULES = (
    Rule(
        code="PNP004",
        name="duplicate-key",
        severity="error",
        summary="A key may stand once in a mapping.",
        why=(
            "YAML readers differ on which of the two wins, most take the last in silence: what a reviewer read is "
            "not what is sent."
        ),
        source="https://yaml.org/spec/1.2.2/#3213-node-comparison",
        bad=(
            """\
body:
  items:
    - itemKey: time_range_001_ja
      content: 午前中
      «content»: 午後
""",
        ),
        good=(
            """\
body:
  items:
    - itemKey: time_range_001_ja
      content: 午前中
""",
        ),
    ),
    Rule(
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
    ),
    Rule(
        code="PNP007",
        name="implicit-value",
        severity="warning",
        summary="A text that other YAML readers change should be quoted.",
        why=(
            "To pnpc an unquoted `0312345670` is text. Editors, yq and most libraries read YAML 1.1: an octal "
            "number there, as `no` is a boolean, `12:30` the number 750 and `2026-11-30` a date."
        ),
        source="https://yaml.org/type/",
        bad=(
            """\
body:
  items:
    - {itemKey: number_001_ja, content: «0312345670»}
    - {itemKey: time_range_001_ja, content: «12:30»}
    - {itemKey: name_010_ja, content: «no»}
""",
        ),
        good=(
            """\
body:
  items:
    - {itemKey: number_001_ja, content: "0312345670"}
    - {itemKey: name_010_ja, content: 12000}
""",
        ),
        fixed=(
            """\
body:
  items:
    - {itemKey: number_001_ja, content: "0312345670"}
    - {itemKey: time_range_001_ja, content: "12:30"}
    - {itemKey: name_010_ja, content: "no"}
""",
        ),
    ),
)
