"""Loops without a limit, and fragments."""

from pnpc.rules.rule import Rule

RULES = (
    Rule(
        code="PNP526",
        name="unbounded-loop",
        severity="warning",
        summary="A `$for` runs over an array without `maxItems`.",
        why="The number of objects is not known, so pnpc can't tell whether LINE accepts them; it checks the message with two.",
        source="the spec format of pnpc",
        bad=(
            """\
pnpc: 1
name: example
country: JP
variables:
  gift: {type: boolean, example: true}
  «lines»:
    type: array
    items: {type: object, properties: {name: {type: string, maxLength: 20}}, required: [name]}
    example: [{name: スープセット}]
message:
  messages:
    - type: flex
      altText: ご注文の品
      contents:
        type: bubble
        body:
          type: box
          layout: vertical
          contents:
            - {type: text, text: ご注文の品}
            - {$if: gift, type: text, text: 贈り物として包みました。}
            - $for: line in lines
              type: text
              text: "{{ line.name }}"
""",
        ),
        good=(
            """\
pnpc: 1
name: example
country: JP
variables:
  gift: {type: boolean, example: true}
  lines:
    type: array
    maxItems: 5
    items: {type: object, properties: {name: {type: string, maxLength: 20}}, required: [name]}
    example: [{name: スープセット}]
message:
  messages:
    - type: flex
      altText: ご注文の品
      contents:
        type: bubble
        body:
          type: box
          layout: vertical
          contents:
            - {type: text, text: ご注文の品}
            - $for: line in lines
              type: text
              text: "{{ loop.index }}. {{ line.name }}"
            - {$if: gift, type: text, text: 贈り物として包みました。}
""",
        ),
    ),
    Rule(
        code="PNP527",
        name="bad-include",
        severity="error",
        summary="A fragment can't be included.",
        why=(
            "The file must exist, be inside the project, and hold one YAML mapping. Otherwise its part of the message can't be "
            "checked."
        ),
        source="the spec format of pnpc",
        bad=(
            """\
pnpc: 1
name: example
country: JP
variables:
  gift: {type: boolean, example: true}
  lines:
    type: array
    maxItems: 5
    items: {type: object, properties: {name: {type: string, maxLength: 20}}, required: [name]}
    example: [{name: スープセット}]
message:
  messages:
    - type: flex
      altText: ご注文の品
      contents:
        type: bubble
        body:
          type: box
          layout: vertical
          contents:
            - {type: text, text: ご注文の品}
            - $for: line in lines
              type: text
              text: "{{ line.name }}"
            - {$if: gift, type: text, text: 贈り物として包みました。}
            - $include: «fragments/footer.yaml»
""",
        ),
        good=(
            """\
pnpc: 1
name: example
country: JP
variables:
  gift: {type: boolean, example: true}
  lines:
    type: array
    maxItems: 5
    items: {type: object, properties: {name: {type: string, maxLength: 20}}, required: [name]}
    example: [{name: スープセット}]
message:
  messages:
    - type: flex
      altText: ご注文の品
      contents:
        type: bubble
        body:
          type: box
          layout: vertical
          contents:
            - {type: text, text: ご注文の品}
            - $for: line in lines
              type: text
              text: "{{ loop.index }}. {{ line.name }}"
            - {$if: gift, type: text, text: 贈り物として包みました。}
""",
        ),
    ),
    Rule(
        code="PNP528",
        name="include-cycle",
        severity="error",
        summary="Fragments include each other in a circle.",
        why="The message would have no end.",
        source="the spec format of pnpc",
        tried_by="test_structure.py::test_a_circle_of_fragments",
    ),
    Rule(
        code="PNP529",
        name="beside-include",
        severity="error",
        summary="Other members stand beside `$include`.",
        why="The fragment is the whole object: a member in both would have two values.",
        source="the spec format of pnpc",
        tried_by="test_structure.py::test_members_beside_an_include",
    ),
)
