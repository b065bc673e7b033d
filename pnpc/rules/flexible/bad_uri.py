"""PNP320 bad-uri."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.rules.rule import Rule, looks_at
from pnpc.rules.shared.content import OF_LINKS
from pnpc.rules.shared.urls import doubtful
from pnpc.text.finding import Finding
from pnpc.text.wording import says


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    if notice.kind != "flexible":
        return
    for doubt in doubtful(notice, context):
        if doubt.fault.kind == "broken":
            yield doubt.finding()
        elif doubt.fault.kind == "scheme" and not doubt.apps:
            yield doubt.finding(says("not allowed here: "))


RULE = Rule(
    code="PNP320",
    name="bad-uri",
    severity="error",
    summary="The URI of an action is not valid.",
    why=(
        "LINE answers 400 (“invalid uri”, “invalid uri scheme”) to a URI without a scheme, and in templates, quick replies and "
        "imagemaps to schemes other than http, https, line and tel. PNP216 says what makes a URI valid."
    ),
    source="https://developers.line.biz/en/reference/messaging-api/#uri-action",
    bad=(
        """\
messages:
  - type: template
    altText: お荷物の状況
    template:
      type: buttons
      text: お荷物の状況
      actions:
        - {type: uri, label: 確認する, uri: "«myshop»://orders/1"}
        - {type: uri, label: 確認する, uri: «/orders/1»}
        - {type: uri, label: 確認する, uri: "«javascript:»alert(1)"}
        - {type: uri, label: 確認する, uri: "https://example.com/my« »order"}
""",
    ),
    good=(
        """\
messages:
  - type: template
    altText: お荷物の状況
    template:
      type: buttons
      text: お荷物の状況
      actions:
        - {type: uri, label: 確認する, uri: "https://example.com/orders/1"}
        - {type: uri, label: 電話する, uri: "tel:0312345678"}
""",
    ),
    check=check,
    values=looks_at(url=OF_LINKS),
)
