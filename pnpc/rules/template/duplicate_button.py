"""PNP205 duplicate-button."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Field, Notice
from pnpc.rules.rule import Rule, looks_at_nothing
from pnpc.text.finding import Finding, Place
from pnpc.text.wording import says


def check(notice: Notice, _context: Context) -> Iterator[Finding]:
    first: dict[str, Field] = {}
    for button in notice.buttons:
        if button.key is None or not button.key.text:
            continue
        earlier = first.setdefault(button.key.text, button.key)
        if earlier is not button.key:
            message = says("button `{key}` is already used in this message", key=button.key.text)
            yield Finding(Place(button.key.path), message, related=((Place(earlier.path), says("first used here")),))


RULE = Rule(
    code="PNP205",
    name="duplicate-button",
    severity="error",
    summary="A button stands twice in a message.",
    why="LINE refuses a message with the same buttonKey twice.",
    source="https://developers.line.biz/en/reference/line-notification-messages/",
    bad=(
        """\
body:
  buttons:
    - {buttonKey: contact_ja, url: "https://example.com/contact"}
    - {buttonKey: «contact_ja», url: "https://example.com/help"}
""",
    ),
    good=(
        """\
body:
  buttons:
    - {buttonKey: contact_ja, url: "https://example.com/contact"}
    - {buttonKey: check_details_ja, url: "https://example.com/help"}
""",
    ),
    check=check,
    values=looks_at_nothing,
)
