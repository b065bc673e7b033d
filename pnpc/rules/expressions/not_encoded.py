"""PNP510 not-encoded."""

from collections.abc import Iterator

from pnpc.language.expressions.expression import simple
from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.rules.expressions.filled_urls import Unsafe, unsafe
from pnpc.rules.rule import Rule
from pnpc.text.document import Scalar
from pnpc.text.edits import requoted
from pnpc.text.finding import Edit, Finding, Fix, Place
from pnpc.text.wording import says


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    for found in unsafe(notice, context):
        written = found.link.text[found.piece.start : found.piece.end]
        yield Finding(
            found.place(),
            says("`{written}` may hold characters that break the URL, such as a space, `&` or `#`", written=written),
            says(
                "add `| urlencode`, or declare a `pattern`, `enum` or `format` that allows letters, digits and -._~ only"
            ),
            fix=_fix(found, notice),
        )


def _fix(found: Unsafe, notice: Notice) -> Fix | None:
    """The expression encoded. Other people get another link by this, so that a person must say that it was meant."""
    link, node = found.link, notice.tree.node(found.link.path)
    if not isinstance(node, Scalar):
        return None
    start, end = link.offset + found.piece.start, link.offset + found.piece.end
    inner = node.value[start + 2 : end - 2].strip()
    if simple(node.value[start:end]) is None:
        inner = f"({inner})"  # a filter binds more tightly than any operator
    encoded = f"{{{{ {inner} | urlencode }}}}"
    text = node.value[:start] + encoded + node.value[end:]
    return Fix(
        says("write `{encoded}`", encoded=encoded), (Edit(Place(link.path), requoted(node, text), text),), safe=False
    )


RULE = Rule(
    code="PNP510",
    name="not-encoded",
    severity="warning",
    summary="An expression in a URL whose value may break it.",
    why=(
        "A value such as `a&b=c#d` changes the query, a space or a `%` makes the URL no URL, a `/` leads to another page. "
        "`urlencode` writes each as itself. Nothing is said where the declaration allows nothing of the kind, of the host, "
        "and where the expression begins the URL. The fix adds `| urlencode`. It is never applied "
        "unasked: a value that is encoded already, or that holds a part of a path on purpose, would be encoded once more."
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
