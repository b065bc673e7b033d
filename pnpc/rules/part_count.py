"""PNP303 part-count."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP303",
    name="part-count",
    severity="error",
    summary="Too many parts, or too few: messages, actions, columns, bubbles, quick replies.",
    why=(
        "LINE answers 400. A request has one to five messages, a confirm template exactly two actions, a carousel at "
        "most twelve bubbles; `pnpc schema message` has all of them."
    ),
    source="https://developers.line.biz/en/reference/messaging-api/",
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
        «actions»:
          - {type: message, label: はい, text: はい}
""",
        """\
pnpc: 1
name: example
country: JP
message:
  messages:
    - {type: text, text: 一}
    - {type: text, text: 二}
    - {type: text, text: 三}
    - {type: text, text: 四}
    - {type: text, text: 五}
    - «{type: text, text: 六}»
""",
    ),
    good=(
        """\
pnpc: 1
name: example
country: JP
message:
  messages:
    - {type: text, text: 一}
    - {type: text, text: 二}
""",
    ),
)
