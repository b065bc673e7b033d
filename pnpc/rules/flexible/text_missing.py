"""PNP313 text-missing."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.language.message.objects import objects
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding
from pnpc.text.wording import says


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    for one in objects(notice, context).of("component", "text"):
        if one.text("text") or (one.has("text") and one.text("text") is None):
            continue  # it says something, or is a list or mapping, which the grammar reports
        if one.nodes("contents") == [] or not one.has("contents"):
            what = says("an empty `text`") if one.has("text") else says("neither `text` nor `contents`")
            place = one.at("text") if one.has("text") else one.at("type")
            yield Finding(
                place,
                says("{what}: a text component must say something", what=what),
                says("remove it, or give it a text"),
            )


RULE = Rule(
    code="PNP313",
    name="text-missing",
    severity="error",
    summary="A Flex text needs `text` or `contents` that is not empty.",
    why="LINE answers 400 (“must be non-empty text”).",
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
