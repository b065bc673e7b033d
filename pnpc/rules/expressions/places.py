"""Directives that do not exist, or stand in a wrong place."""

from pnpc.rules.rule import Rule

RULES = (
    Rule(
        code="PNP520",
        name="misplaced-directive",
        severity="error",
        summary="A directive stands in a wrong place.",
        why=(
            "`$if` and `$for` say how often an object is sent, so they stand on objects in a list of the message. `$include` "
            "stands in place of an object of the message. A request body can't have directives: it is sent as it is."
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
        «$if»: gift
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
templateKey: shipment_completed_ja
body:
  emphasizedItem: {itemKey: date_002_ja, content: 8月10日(土), «$if»: 'true'}
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
        code="PNP521",
        name="unknown-directive",
        severity="error",
        summary="A key with `$` is not a directive.",
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
    ),
)
