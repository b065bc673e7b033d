"""PNP703 test-host."""

from functools import partial

from pnpc.rules.content import hosts, looks_at_links
from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP703",
    name="test-host",
    severity="warning",
    summary="A link to a host that is for tests, or that no reader can reach.",
    why=(
        "Whoever taps it arrives nowhere, or on a test system. Hosts of examples (example.com and its like) "
        "are not reported: they are documentation."
    ),
    source=("https://www.rfc-editor.org/rfc/rfc2606; https://www.rfc-editor.org/rfc/rfc6761; pnpc's own judgement"),
    bad=(
        """\
body:
  buttons:
    - {buttonKey: contact_ja, url: "http://«localhost»:3000/contact"}
    - {buttonKey: check_details_ja, url: "https://«staging.shop.example.com»/orders/1"}
""",
        """\
messages:
  - type: template
    altText: お荷物の状況
    template:
      type: confirm
      text: お荷物の状況
      actions:
        - {type: uri, label: 確認する, uri: "https://«192.168.0.10»/orders/1"}
        - {type: uri, label: 問い合わせる, uri: "https://«a1b2.ngrok-free.app»/contact"}
""",
    ),
    check=partial(hosts, "test-host"),
    values=looks_at_links,
)
