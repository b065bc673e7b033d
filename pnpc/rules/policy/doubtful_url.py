"""PNP707 doubtful-url."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.rules.rule import Rule, looks_at
from pnpc.rules.shared.content import OF_LINKS
from pnpc.rules.shared.urls import of_kind
from pnpc.text.finding import Finding


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    for doubt in of_kind("doubtful", notice, context):
        yield doubt.finding()


RULE = Rule(
    code="PNP707",
    name="doubtful-url",
    severity="warning",
    summary="Phones and servers may read a URL differently.",
    why=(
        "LINE requires URLs that are percent-encoded in UTF-8. Some phones encode kanji or Thai letters themselves; on others "
        "nothing happens when the button is tapped."
    ),
    source="https://developers.line.biz/en/reference/messaging-api/#uri-action; RFC 3986",
    bad=(
        """\
body:
  buttons:
    - {buttonKey: contact_ja, url: "https://shop.example.jp/«検索»?q=1"}
""",
        """\
messages:
  - type: template
    altText: お荷物の状況
    template:
      type: buttons
      text: お荷物の状況
      actions:
        - {type: uri, label: 確認する, uri: "https://shop.example.jp/find?q=«注文»"}
""",
    ),
    good=(
        """\
body:
  buttons:
    - {buttonKey: contact_ja, url: "https://shop.example.jp/%E6%A4%9C%E7%B4%A2?q=1"}
""",
    ),
    check=check,
    values=looks_at(url=OF_LINKS),
)
