"""PNP306 empty-text."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP306",
    name="empty-text",
    severity="error",
    summary="A text is empty.",
    why=(
        "LINE answers 400 (`May not be empty`, `must be non-empty text`), for a text that may be left out as well: "
        "an empty `title` is refused, no `title` is not."
    ),
    source="https://developers.line.biz/en/reference/messaging-api/#text-message",
    bad=(
        """\
pnpc: 1
name: example
country: JP
message:
  messages:
    - type: text
      text: «""»
""",
    ),
    good=(
        """\
pnpc: 1
name: example
country: JP
message:
  messages:
    - type: text
      text: ご注文の品を発送しました。
""",
    ),
)
