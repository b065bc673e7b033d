"""PNP702 insecure-link."""

from pnpc.rules.content import insecure, looks_at_links
from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP702",
    name="insecure-link",
    severity="warning",
    summary="A link that begins with http://.",
    why=(
        "What the page shows can be read and changed on the way. LINE takes such a link; a notification about "
        "an order or a booking should not lead to one."
    ),
    source=("https://developers.line.biz/en/docs/messaging-api/development-guidelines/; pnpc's own judgement"),
    bad=(
        """\
body:
  buttons:
    - {buttonKey: contact_ja, url: "«http://»shop.example.com/contact"}
""",
    ),
    good=(
        """\
body:
  buttons:
    - {buttonKey: contact_ja, url: "https://shop.example.com/contact"}
""",
    ),
    check=insecure,
    values=looks_at_links,
)
