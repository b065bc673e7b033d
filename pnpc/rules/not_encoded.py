"""PNP510 not-encoded."""

from collections.abc import Iterator

from pnpc.rules.filled_urls import unsafe
from pnpc.rules.rule import Rule
from pnpc.spec.context import Context
from pnpc.spec.notice import Notice
from pnpc.text.finding import Finding


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    for found in unsafe(notice, context):
        written = found.link.text[found.piece.start : found.piece.end]
        yield Finding(
            found.place(),
            f"`{written}` may hold characters that break the URL, such as a space, `&` or `#`",
            "add `| urlencode`, or declare a `pattern`, `enum` or `format` that allows letters, digits and -._~ only",
        )


RULE = Rule(
    code="PNP510",
    name="not-encoded",
    severity="warning",
    summary="An expression in a URL whose value may break it.",
    why=(
        "A value such as `a&b=c#d` changes the query, a space or a `%` makes the URL no URL, a `/` leads to another page. "
        "`urlencode` writes each as itself. Nothing is said where the declaration allows nothing of the kind, of the host, "
        "and where the expression begins the URL."
    ),
    source="RFC 3986",
    bad=(
        """\
pnpc: 1
name: example
country: JP
variables:
  code: {type: string, maxLength: 20, example: A1}
message:
  templateKey: shipment_completed_ja
  body:
    buttons:
      - {buttonKey: contact_ja, url: "https://shop.example.jp/find?q=«{{ code }}»"}
""",
    ),
    good=(
        """\
pnpc: 1
name: example
country: JP
variables:
  code: {type: string, maxLength: 20, example: A1}
  number: {type: string, pattern: "^[A-Z0-9]{8}$", example: A1B2C3D4}
message:
  templateKey: shipment_completed_ja
  body:
    buttons:
      - {buttonKey: contact_ja, url: "https://shop.example.jp/{{ number }}?q={{ code | urlencode }}"}
""",
    ),
    check=check,
)
