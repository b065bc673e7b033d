"""PNP216 bad-url."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.rules.rule import Rule, looks_at
from pnpc.rules.shared.content import OF_LINKS
from pnpc.rules.shared.urls import of_kind
from pnpc.text.finding import Finding


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    if notice.kind == "template":
        for doubt in of_kind("broken", notice, context):
            yield doubt.finding()


RULE = Rule(
    code="PNP216",
    name="bad-url",
    severity="error",
    summary="The url of a button is not valid.",
    why=(
        "A tap must open a page. The URL needs a scheme such as https and a host; the parts of the host have 1 to 63 "
        "characters and do not begin or end with `-`. Before an `@` there must be a user, after a `:` a port from 1 to 65535. "
        'Spaces, `| " < > \\ ^ { }` and the backtick are not allowed, and `%` must stand before two hex digits. '
        "`javascript:`, `data:` and `file:` open nothing from a message. `{order_id}` is not an expression: write "
        "`{{ order_id }}`. Variables with `format: uri` (ASCII only) and values of rows are checked in the same way."
    ),
    source="https://developers.line.biz/en/reference/line-notification-messages/; RFC 3986",
    bad=(
        """\
body:
  buttons:
    - {buttonKey: contact_ja, url: «www.example.com/contact»}
    - {buttonKey: check_details_ja, url: "https://example.com/my« »order"}
""",
        """\
body:
  buttons:
    - {buttonKey: contact_ja, url: "«http:shop.example.jp»"}
    - {buttonKey: check_details_ja, url: "https://shop.example.jp/orders/«{order_id}»"}
""",
        """\
body:
  buttons:
    - {buttonKey: contact_ja, url: "https://shop.example.jp:«80800»/contact"}
    - {buttonKey: check_details_ja, url: "https://shop.example.jp/off?rate=10«%»"}
""",
    ),
    good=(
        """\
body:
  buttons:
    - {buttonKey: contact_ja, url: "https://example.com/contact"}
    - {buttonKey: check_details_ja, url: "https://example.com:8443/find?q=%E6%B3%A8%E6%96%87&rate=10%25#top"}
""",
    ),
    check=check,
    values=looks_at(url=OF_LINKS),
)
