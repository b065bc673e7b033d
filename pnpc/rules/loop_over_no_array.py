"""PNP524 loop-over-no-array."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP524",
    name="loop-over-no-array",
    severity="error",
    summary="A `$for` over a variable that is no array.",
    why="An object is repeated for each entry of an array; a text or a number has none.",
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
            - $for: one in «gift»
              type: text
              text: "{{ one }}"
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
)
