"""Rules of the grammar of message objects."""

from pnpc.rules.rule import Rule

RULES = (
    Rule(
        code="PNP301",
        name="unknown-type",
        severity="error",
        summary="LINE has no such `type` in this place.",
        why=(
            "LINE answers 400. The rest of the object can't be checked, because its type decides what it may have. Types are "
            "case-sensitive; camera, cameraRoll and location are for quick replies, richmenuswitch is for rich menus."
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
    ),
    Rule(
        code="PNP302",
        name="text-too-long",
        severity="error",
        summary="A text of a message object is too long.",
        why=(
            "LINE answers 400. The limit and its unit depend on the property and its place: labels, texts of templates and "
            "texts of actions are counted in visible characters (grapheme clusters), everything else in UTF-16 units, where "
            "an emoji counts two or more."
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
    ),
    Rule(
        code="PNP303",
        name="part-count",
        severity="error",
        summary="A list of messages, actions, columns, bubbles or quick replies has a wrong number of entries.",
        why=(
            "LINE answers 400. A request has one to five messages, a confirm template exactly two actions, a carousel at most "
            "twelve bubbles. `pnpc schema message` shows all these limits."
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
    ),
    Rule(
        code="PNP304",
        name="bad-value-format",
        severity="error",
        summary="The value of a property has a form that LINE does not accept.",
        why=(
            "LINE answers 400 (`invalid property`). This is about colours, sizes, ratios, links to files and the like. Which "
            "units and keywords a size may have depends on the property: a margin has no %, a picture has no `none`."
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
    ),
    Rule(
        code="PNP305",
        name="null-value",
        severity="warning",
        summary="An optional property has the value null.",
        why=(
            "LINE does not document null. It was seen to accept null for the title or picture of a template, but does not "
            "promise this. Leaving the key out has the same meaning."
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
    ),
    Rule(
        code="PNP306",
        name="empty-text",
        severity="error",
        summary="A text is empty.",
        why=(
            "LINE answers 400 (`May not be empty`, `must be non-empty text`), also for an optional text: an empty `title` is "
            "refused, a missing `title` is not."
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
    ),
)
