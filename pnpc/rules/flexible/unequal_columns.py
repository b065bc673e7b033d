"""PNP311 unequal-columns."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.language.message.objects import Object, objects
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding, Place
from pnpc.text.wording import Said, says


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    all_objects = objects(notice, context)
    for template in all_objects.of("template", "carousel"):
        columns = all_objects.below(template, "columns")
        for column in columns[1:]:
            yield from _actions(columns[0], column)
            yield from _presence(columns[0], column, "thumbnailImageUrl", says("an image"))
            yield from _presence(columns[0], column, "title", says("a title"))


def _actions(first: Object, column: Object) -> Iterator[Finding]:
    wanted, actions = first.nodes("actions"), column.nodes("actions")
    if wanted is not None and actions is not None and len(wanted) != len(actions):
        place = Place((*column.path, "actions"))
        message = says(
            "{count} {noun} here, {first} in the first column",
            count=len(actions),
            noun=says("action") if len(actions) == 1 else says("actions"),
            first=len(wanted),
        )
        yield Finding(
            place,
            message,
            says("give all columns the same number of actions"),
            related=((first.at("actions"), says("the first column's actions")),),
        )


def _presence(first: Object, column: Object, name: str, noun: Said) -> Iterator[Finding]:
    if first.has(name) == column.has(name):
        return
    help = says("give `{name}` to all columns or to none", name=name)
    if column.has(name):
        yield Finding(column.key(name), says("{noun} here, but not in the first column", noun=noun), help)
    else:
        yield Finding(column.at(), says("no `{name}`, which the first column has", name=name), help)


RULE = Rule(
    code="PNP311",
    name="unequal-columns",
    severity="error",
    summary="The columns of a carousel template are not alike.",
    why="LINE answers 400. All columns need the same number of actions; either all or none have an image, and either all or none have a title.",
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
