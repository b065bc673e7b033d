"""PNP302 text-too-long."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP302",
    name="text-too-long",
    severity="error",
    summary="A text of a message object is longer than LINE takes.",
    why=(
        "LINE answers 400. The limit depends on the property and its place, and so does the unit: labels, texts of "
        "templates and texts of actions are counted in characters as people see them (grapheme clusters), all else in "
        "UTF-16 units, where an emoji counts two or more."
    ),
    source="https://developers.line.biz/en/docs/messaging-api/text-character-count/",
    bad=(
        """\
pnpc: 1
name: example
country: JP
message:
  messages:
    - type: template
      altText: ご注文の品を発送しました。
      template:
        type: confirm
        text: お受け取りになれますか?
        actions:
          - {type: message, label: はい, text: はい}
          - {type: message, label: «いいえ、その日は受け取ることができません。», text: いいえ}
""",
    ),
    good=(
        """\
pnpc: 1
name: example
country: JP
message:
  messages:
    - type: template
      altText: ご注文の品を発送しました。
      template:
        type: confirm
        text: お受け取りになれますか?
        actions:
          - {type: message, label: はい, text: はい}
          - {type: message, label: いいえ, text: いいえ}
""",
    ),
)
