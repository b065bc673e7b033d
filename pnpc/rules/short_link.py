"""PNP704 short-link."""

from functools import partial

from pnpc.rules.content import hosts, looks_at_links
from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP704",
    name="short-link",
    severity="warning",
    summary="A link of a service that shortens links.",
    why=(
        "The reader can't see where it leads, the service can change or end it, and a fraud looks the same. "
        "LINE wants to know at the review what page a button leads to."
    ),
    source=("https://www.infobip.com/docs/line/compliance-guidelines; pnpc's own judgement"),
    bad=(
        """\
body:
  buttons:
    - {buttonKey: contact_ja, url: "https://«bit.ly»/3xYzAbC"}
""",
    ),
    good=(
        """\
body:
  buttons:
    - {buttonKey: contact_ja, url: "https://shop.example.com/contact"}
""",
    ),
    check=partial(hosts, "short-link"),
    values=looks_at_links,
)
