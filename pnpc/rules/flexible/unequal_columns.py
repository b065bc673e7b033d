"""PNP311 unequal-columns."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.language.message.objects import Object, objects
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding, Place
from pnpc.text.wording import Said, says


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    found = objects(notice, context)
    for template in found.of("template", "carousel"):
        columns = found.below(template, "columns")
        for column in columns[1:]:
            yield from _actions(columns[0], column)
            yield from _presence(columns[0], column, "thumbnailImageUrl", says("an image"))
            yield from _presence(columns[0], column, "title", says("a title"))


def _actions(first: Object, column: Object) -> Iterator[Finding]:
    one, other = first.nodes("actions"), column.nodes("actions")
    if one is not None and other is not None and len(one) != len(other):
        place = Place((*column.path, "actions"))
        message = says(
            "{count} {noun} here, {first} in the first column",
            count=len(other),
            noun=says("action") if len(other) == 1 else says("actions"),
            first=len(one),
        )
        yield Finding(
            place, message, says("give every column the same number"), related=((first.at("actions"), says("these")),)
        )


def _presence(first: Object, column: Object, name: str, noun: Said) -> Iterator[Finding]:
    if first.has(name) == column.has(name):
        return
    help = says("give `{name}` to all columns or to none", name=name)
    if column.has(name):
        yield Finding(column.key(name), says("{noun} here, none in the first column", noun=noun), help)
    else:
        yield Finding(column.at(), says("no `{name}`, which the first column has", name=name), help)


RULE = Rule(
    code="PNP311",
    name="unequal-columns",
    severity="error",
    summary="The columns of a carousel template must have the same number of actions, and all or none an image and a title.",
    why="LINE answers 400 to columns that differ in this.",
    source="https://developers.line.biz/en/reference/messaging-api/#carousel",
    bad=(
        """\
messages:
  - type: template
    altText: ご予約の確認
    template:
      type: carousel
      columns:
        - title: 本店
          text: 8月10日
          actions:
            - {type: uri, label: 地図, uri: "https://example.com/1"}
        - title: 支店
          text: 8月11日
          «actions»:
            - {type: uri, label: 地図, uri: "https://example.com/2"}
            - {type: uri, label: 連絡先, uri: "https://example.com/3"}
""",
        """\
messages:
  - type: template
    altText: ご予約の確認
    template:
      type: carousel
      columns:
        - text: 8月10日
          actions:
            - {type: uri, label: 地図, uri: "https://example.com/1"}
        - «title»: 支店
          text: 8月11日
          actions:
            - {type: uri, label: 地図, uri: "https://example.com/2"}
""",
    ),
    good=(
        """\
messages:
  - type: template
    altText: ご予約の確認
    template:
      type: carousel
      columns:
        - text: 8月10日
          actions:
            - {type: uri, label: 地図, uri: "https://example.com/1"}
        - text: 8月11日
          actions:
            - {type: uri, label: 地図, uri: "https://example.com/2"}
""",
    ),
    check=check,
)
