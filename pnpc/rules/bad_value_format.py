"""PNP304 bad-value-format."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP304",
    name="bad-value-format",
    severity="error",
    summary="A colour, size, ratio, link to a file or the like in a form that LINE does not take.",
    why=(
        "LINE answers 400 (`invalid property`). Which units and keywords a size takes depends on the property: a margin "
        "has no %, a picture has no `none`."
    ),
    source="https://developers.line.biz/en/docs/messaging-api/flex-message-layout/",
    bad=(
        """\
pnpc: 1
name: example
country: JP
message:
  messages:
    - type: flex
      altText: ご注文の品を発送しました。
      contents:
        type: bubble
        body:
          type: box
          layout: vertical
          spacing: «10%»
          contents:
            - {type: text, text: ご注文の品を発送しました。, color: «"#1DB"», size: «medium»}
""",
    ),
    good=(
        """\
pnpc: 1
name: example
country: JP
message:
  messages:
    - type: flex
      altText: ご注文の品を発送しました。
      contents:
        type: bubble
        body:
          type: box
          layout: vertical
          spacing: 10px
          contents:
            - {type: text, text: ご注文の品を発送しました。, color: "#1DB446", size: md}
""",
    ),
)
