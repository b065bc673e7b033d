"""Rules of the parser about single keys and values."""

from pnpc.rules.rule import Rule

RULES = (
    Rule(
        code="PNP004",
        name="duplicate-key",
        severity="error",
        summary="A key stands twice in a mapping.",
        why=(
            "Most YAML readers use the last one without a word, others the first or none: what is sent may not be what a "
            "reviewer read."
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
        summary="A text that begins with an expression has no quotes.",
        why="Without quotes, YAML reads `{{ name }}` as a mapping in a mapping, and can't read `{{ name }}様` at all.",
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
        summary="Other YAML readers change a text without quotes.",
        why=(
            "pnpc reads `0312345670` without quotes as text. Editors, yq and most libraries read YAML 1.1, in which it is an "
            "octal number, `no` is a boolean, `12:30` is the number 750 and `2026-11-30` is a date."
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
