"""PNP511 example-breaks-url."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.rules.expressions.filled_urls import broken_by_examples
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    for broken in broken_by_examples(notice, context):
        yield Finding(
            broken.link.whole(),
            f"with the examples this becomes `{broken.filled}`, and {_sentence(broken.fault.message)}",
            broken.fault.help,
        )


def _sentence(message: str) -> str:
    return f"that is {message}" if message.startswith("not a whole URL") else message


RULE = Rule(
    code="PNP511",
    name="example-breaks-url",
    severity="error",
    summary="A URL that leads nowhere once the declared examples are filled in.",
    why="`pnpc compile` would refuse the message of each person whose data look like the example.",
    source="RFC 3986",
    bad=(
        """\
pnpc: 1
name: example
country: JP
variables:
  page: {type: string, maxLength: 200, example: "http:shop.example.jp/A1"}
message:
  templateKey: shipment_completed_ja
  body:
    buttons:
      - {buttonKey: contact_ja, url: «"{{ page }}"»}
""",
    ),
    good=(
        """\
pnpc: 1
name: example
country: JP
variables:
  page: {type: string, maxLength: 200, example: "https://shop.example.jp/A1"}
message:
  templateKey: shipment_completed_ja
  body:
    buttons:
      - {buttonKey: contact_ja, url: "{{ page }}"}
""",
    ),
    check=check,
)
