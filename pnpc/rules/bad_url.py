"""PNP216 bad-url."""

from collections.abc import Iterator

from pnpc.rules.rule import Rule
from pnpc.spec.context import Context
from pnpc.spec.expression import blotted
from pnpc.spec.notice import Notice
from pnpc.text.finding import Finding, Place
from pnpc.text.lazy import regex

_URL = regex(r"[A-Za-z][A-Za-z0-9+.-]*:(?://)?[^\s/?#][^\s]*")
_EXPRESSION = "x"
# Nearly every URL: a literal scheme and host, then text without blanks, and expressions.
_USUAL = regex(r"https?://[^\s/?#{]+(?:[^\s{]|\{\{[^{}]*\}\})*")


def check(notice: Notice, _context: Context) -> Iterator[Finding]:
    for button in notice.buttons:
        if button.url is None or not button.url.text or _USUAL.fullmatch(button.url.text):
            continue
        text = blotted(button.url.text, _EXPRESSION) if notice.is_spec else button.url.text
        if text.startswith(_EXPRESSION) and button.url.text.startswith("{{"):
            continue  # the whole URL, or its scheme, comes from the data
        if any(character.isspace() for character in text):
            yield Finding(Place(button.url.path), "a URL can't hold blanks; percent-encode them (%20)")
        elif _URL.fullmatch(text) is None:
            yield Finding(
                Place(button.url.path), "not a whole URL: it needs a scheme and a host, as in https://example.com/"
            )


RULE = Rule(
    code="PNP216",
    name="bad-url",
    severity="error",
    summary="A button's url must be a whole URL.",
    why="A person who taps it must arrive somewhere: it needs a scheme such as https, a host, and no blanks.",
    source="https://developers.line.biz/en/reference/line-notification-messages/",
    bad=(
        """\
body:
  buttons:
    - {buttonKey: contact_ja, url: «www.example.com/contact»}
    - {buttonKey: check_details_ja, url: «"https://example.com/my order"»}
""",
    ),
    good=(
        """\
body:
  buttons:
    - {buttonKey: contact_ja, url: "https://example.com/contact"}
""",
    ),
    check=check,
)
