"""Loops without an end, and fragments."""

from pnpc.rules.rule import Rule

RULES = (
    Rule(
        code="PNP526",
        name="unbounded-loop",
        severity="warning",
        summary="A `$for` over an array without `maxItems`.",
        why="How many objects there will be is not known, so nobody can say whether LINE takes them; they are tried with two.",
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
        summary="A fragment that can't be included.",
        why=(
            "The file must be there, inside the project, and hold one YAML mapping; of what it would hold nothing can be "
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
        summary="Fragments that include each other.",
        why="There would be no end to it.",
        source="the spec format of pnpc",
        tried_by="test_structure.py::test_a_circle_of_fragments",
    ),
    Rule(
        code="PNP529",
        name="beside-include",
        severity="error",
        summary="Members beside `$include`.",
        why="The fragment stands for the whole object; a member that stood in both would have two values.",
        source="the spec format of pnpc",
        tried_by="test_structure.py::test_members_beside_an_include",
    ),
)
