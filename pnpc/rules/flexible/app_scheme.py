"""PNP321 app-scheme."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.rules.rule import Rule, looks_at
from pnpc.rules.shared.content import OF_LINKS
from pnpc.rules.shared.urls import of_kind
from pnpc.text.finding import Finding
from pnpc.text.wording import says


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    before = (
        says("LINE's docs disagree about ") if notice.kind == "flexible" else says("LINE's docs say nothing about ")
    )
    for doubt in of_kind("scheme", notice, context):
        if doubt.apps:
            yield doubt.finding(before)


RULE = Rule(
    code="PNP321",
    name="app-scheme",
    severity="warning",
    summary="A link has the scheme of another app.",
    why=(
        "This is about Flex messages and buttons of the template kind. The reference of the URI action allows http, https, "
        "line and tel; LINE's page about URL schemes says that a Flex message may open another company's app, and says "
        "nothing about the template kind. If the app is not installed, nothing opens. An https link always opens."
    ),
    source=(
        "https://developers.line.biz/en/docs/messaging-api/using-line-url-scheme/; "
        "https://developers.line.biz/en/reference/messaging-api/#uri-action"
    ),
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
          - {type: button, action: {type: uri, label: アプリで見る, uri: "«myshop»://orders/1"}}
""",
    ),
    check=check,
    values=looks_at(url=OF_LINKS),
)
