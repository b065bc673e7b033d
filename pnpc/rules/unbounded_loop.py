"""PNP526 unbounded-loop."""

from pnpc.rules.rule import Rule

RULE = Rule(
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
)
