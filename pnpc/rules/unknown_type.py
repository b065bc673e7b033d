"""PNP301 unknown-type."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP301",
    name="unknown-type",
    severity="error",
    summary="A `type` that LINE does not have, or not at this place.",
    why=(
        "LINE answers 400. What else the object holds can't be checked, for its type decides what may stand in it. "
        "Types are case-sensitive; camera, cameraRoll and location are for quick replies, richmenuswitch for rich menus."
    ),
    source="https://developers.line.biz/en/reference/messaging-api/#message-objects; https://developers.line.biz/en/reference/messaging-api/#action-objects",
    bad=(
        """\
pnpc: 1
name: example
country: JP
message:
  messages:
    - type: «txet»
      text: ご注文の品を発送しました。
""",
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
          contents:
            - {type: text, text: ご注文の品を発送しました。}
            - {type: «spacer», size: md}
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
