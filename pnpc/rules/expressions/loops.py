"""Conditions and loops."""

from pnpc.rules.rule import Rule

RULES = (
    Rule(
        code="PNP522",
        name="bad-condition",
        severity="error",
        summary="An `$if` has no condition.",
        why="`$if` takes one expression, with or without `{{ }}`; the object is sent if it is true.",
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
            - {$if: «[gift]», type: text, text: 贈り物として包みました。}
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
        code="PNP523",
        name="bad-loop",
        severity="error",
        summary="A `$for` can't be read.",
        why="`$for` takes a name of your own, the word `in`, and the name of an array variable: `$for: line in lines`.",
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
            - {$if: gift, type: text, text: 贈り物として包みました。}
            - $for: «lines»
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
        code="PNP524",
        name="loop-over-no-array",
        severity="error",
        summary="A `$for` runs over a variable that is not an array.",
        why="`$for` repeats an object for each entry of an array; a text or a number has no entries.",
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
            - {$if: gift, type: text, text: 贈り物として包みました。}
            - $for: line in lines
              type: text
              text: "{{ line.name }}"
            - $for: entry in «gift»
              type: text
              text: "{{ entry }}"
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
        code="PNP525",
        name="loop-variable-taken",
        severity="error",
        summary="The name in a `$for` already means something else.",
        why="Inside the loop the name could mean either.",
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
            - {$if: gift, type: text, text: 贈り物として包みました。}
            - $for: «gift» in lines
              type: text
              text: "{{ gift.name }}"
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
)
