"""PNP305 null-value."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP305",
    name="null-value",
    severity="warning",
    summary="A property that may be left out has the value null.",
    why=(
        "LINE documents no null. It was seen to take null for a missing title or picture of a template, but does not "
        "promise to; leaving the key out says the same."
    ),
    source="https://developers.line.biz/en/reference/messaging-api/#template-messages; https://github.com/line/line-bot-sdk-python/issues/38",
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
        type: buttons
        «title»: null
        text: ご注文の品を発送しました。
        actions:
          - {type: message, label: はい, text: はい}
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
        type: buttons
        text: ご注文の品を発送しました。
        actions:
          - {type: message, label: はい, text: はい}
""",
    ),
)
