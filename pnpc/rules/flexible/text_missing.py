"""PNP313 text-missing."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.language.message.objects import objects
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding
from pnpc.text.wording import says


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    for text in objects(notice, context).of("component", "text"):
        if text.text("text") or (text.has("text") and text.text("text") is None):
            continue  # it has a text, or is a list or mapping, which the grammar reports
        if text.nodes("contents") == [] or not text.has("contents"):
            what = says("an empty `text`") if text.has("text") else says("neither `text` nor `contents`")
            place = text.at("text") if text.has("text") else text.at("type")
            yield Finding(
                place,
                says("{what}: a text component needs a text", what=what),
                says("remove the component, or give it a text"),
            )


RULE = Rule(
    code="PNP313",
    name="text-missing",
    severity="error",
    summary="A Flex text has neither `text` nor `contents`.",
    why="LINE answers 400 (“must be non-empty text”). An empty `text` or `contents` does not count.",
    source="https://developers.line.biz/en/reference/messaging-api/#f-text",
    bad=(
        """\
messages:
  - type: flex
    altText: ご注文の品を発送しました
    contents:
      type: bubble
      body:
        type: box
        layout: vertical
        contents:
          - {type: «text», weight: bold}
""",
        """\
messages:
  - type: flex
    altText: ご注文の品を発送しました
    contents:
      type: bubble
      body:
        type: box
        layout: vertical
        contents:
          - {type: text, text: «""»}
""",
    ),
    good=(
        """\
messages:
  - type: flex
    altText: ご注文の品を発送しました
    contents:
      type: bubble
      body:
        type: box
        layout: vertical
        contents:
          - type: text
            contents:
              - {type: span, text: 発送しました, weight: bold}
""",
    ),
    check=check,
)
