"""PNP521 unknown-directive."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP521",
    name="unknown-directive",
    severity="error",
    summary="A key with `$` that is no directive.",
    why="LINE has no key that begins with `$`; the directives are `$if`, `$for` and `$include`.",
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
            - {«$fi»: gift, type: text, text: 贈り物として包みました。}
""",
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
            - {$if: gift, «$else»: x, type: text, text: 贈り物として包みました。}
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
    fixed=(
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
""",
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
            - {$if: gift, $else: x, type: text, text: 贈り物として包みました。}
""",
    ),
)
