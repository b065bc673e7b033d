"""PNP510 not-encoded."""

from collections.abc import Iterator

from pnpc.language.expressions.expression import simple
from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.rules.expressions.filled_urls import UnsafeExpression, unsafe
from pnpc.rules.rule import Rule
from pnpc.text.document import Scalar
from pnpc.text.edits import requoted
from pnpc.text.finding import Edit, Finding, Fix, Place
from pnpc.text.wording import says


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    for expression in unsafe(notice, context):
        written = expression.link.text[expression.piece.start : expression.piece.end]
        yield Finding(
            expression.place(),
            says("`{written}` may hold characters that break the URL, such as a space, `&` or `#`", written=written),
            says(
                "add `| urlencode`, or declare a `pattern`, `enum` or `format` that allows letters, digits and -._~ only"
            ),
            fix=_fix(expression, notice),
        )


def _fix(expression: UnsafeExpression, notice: Notice) -> Fix | None:
    """The expression with `| urlencode`. This changes the link, so a person must decide: it is not safe."""
    link, node = expression.link, notice.tree.node(expression.link.path)
    if not isinstance(node, Scalar):
        return None
    start, end = link.offset + expression.piece.start, link.offset + expression.piece.end
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
    summary="The value of an expression may break the URL.",
    why=(
        "A value such as `a&b=c#d` changes the query, a space or a `%` makes the URL invalid, and a `/` leads to another page. "
        "`urlencode` encodes such characters. Nothing is reported if the declaration does not allow them, in the host, and if "
        "the URL begins with the expression. The fix adds `| urlencode`. It is never applied automatically: a value that is "
        "already encoded, or that is a part of a path on purpose, would be changed."
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
