"""PNP329 newline-without-wrap."""

from collections.abc import Iterator

from pnpc.rules.rule import Rule
from pnpc.spec.context import Context
from pnpc.spec.notice import Notice
from pnpc.spec.objects import Object, objects
from pnpc.text.finding import Finding


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    found = objects(notice, context)
    for one in found.of("component", "text"):
        if not one.has("wrap") or one.fixed("wrap") == "false":
            spans = found.below(one, "contents")
            for text in spans or [one]:
                yield from _newline(text)


def _newline(one: Object) -> Iterator[Finding]:
    # One at the end is a block scalar's, and shows nothing.
    if "\n" in (one.text("text") or "").rstrip("\n"):
        yield Finding(one.at("text"), "a line break in a text without `wrap: true` is not shown as one")


RULE = Rule(
    code="PNP329",
    name="newline-without-wrap",
    severity="warning",
    summary="A line break in a Flex text that does not wrap.",
    why="LINE breaks lines only in texts with `wrap: true`; else the text stays in one line and is cut.",
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
