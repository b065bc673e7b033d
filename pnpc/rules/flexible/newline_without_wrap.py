"""PNP329 newline-without-wrap."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.language.message.objects import Object, objects
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding
from pnpc.text.wording import says


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    all_objects = objects(notice, context)
    for text in all_objects.of("component", "text"):
        spans = all_objects.below(text, "contents") if "contents" in text.members else []
        for shown in spans or (text,):
            if _is_broken(shown.text("text")) and not _wraps(text):
                yield Finding(shown.at("text"), says("a line break is not shown in a text without `wrap: true`"))


def _is_broken(text: str | None) -> bool:
    """Whether a text goes on after a line break; a block scalar of YAML ends with one, which shows nothing."""
    return text is not None and "\n" in text and "\n" in text.rstrip("\n")


def _wraps(text: Object) -> bool:
    """Whether a text wraps, or may wrap because an expression decides it."""
    return text.has("wrap") and text.fixed("wrap") != "false"


RULE = Rule(
    code="PNP329",
    name="newline-without-wrap",
    severity="warning",
    summary="A Flex text that does not wrap has a line break.",
    why="LINE breaks lines only in texts with `wrap: true`. Without it the text is one line and is cut.",
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
          - {type: text, text: «"発送しました\\nお受け取りください"»}
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
          - {type: text, wrap: true, text: "発送しました\\nお受け取りください"}
""",
    ),
    check=check,
)
