"""PNP511 example-breaks-url."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.language.message.urls import UrlFault
from pnpc.rules.expressions.filled_urls import broken_by_examples
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding
from pnpc.text.wording import Said, says


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    for broken in broken_by_examples(notice, context):
        yield Finding(
            broken.link.whole(),
            says(
                "with the examples this becomes `{filled}`, and {fault}",
                filled=broken.filled,
                fault=_sentence(broken.fault),
            ),
            broken.fault.help,
        )


def _sentence(fault: UrlFault) -> Said:
    return says("that is {fault}", fault=fault.message) if fault.is_no_url else fault.message


RULE = Rule(
    code="PNP511",
    name="example-breaks-url",
    severity="error",
    summary="With the declared examples, a URL is broken.",
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
