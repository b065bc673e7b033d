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
    before = says("LINE's docs disagree on ") if notice.kind == "flexible" else says("LINE's docs say nothing of ")
    for doubt in of_kind("scheme", notice, context):
        if doubt.apps:
            yield doubt.finding(before)


RULE = Rule(
    code="PNP321",
    name="app-scheme",
    severity="warning",
    summary="A URI in a Flex message, or of a button of the template kind, with the scheme of another app.",
    why=(
        "The reference of the URI action takes http, https, line and tel; LINE's page on URL schemes says that a Flex "
        "message may open another company's app, and nothing is said of the template kind. Where that app is missing, nothing "
        "opens: an https link always does."
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
