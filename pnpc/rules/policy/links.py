"""Links that LINE's rules or common sense advise against."""

from functools import partial

from pnpc.rules.rule import Rule
from pnpc.rules.shared.content import hosts, insecure, looks_at_links, personal

RULES = (
    Rule(
        code="PNP702",
        name="insecure-link",
        severity="warning",
        summary="A link begins with http://.",
        why=(
            "Others can read and change such a page on its way to the reader. LINE accepts the link, but a notification about "
            "an order or a booking should not lead to such a page."
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
    ),
    Rule(
        code="PNP703",
        name="test-host",
        severity="warning",
        summary="A link leads to a host that readers can't reach, or that is for tests.",
        why=(
            "A tap opens nothing, or a test system. Hosts for examples (such as example.com) are not reported: they stand in "
            "documentation."
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
    ),
    Rule(
        code="PNP704",
        name="short-link",
        severity="warning",
        summary="A link hides its target behind a link shortener.",
        why=(
            "The reader can't see where the link leads, the service can change or delete it, and fraud looks the same. In the "
            "review LINE wants to know the page that a button opens."
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
    ),
    Rule(
        code="PNP705",
        name="personal-data-in-link",
        severity="warning",
        summary="The query of a link identifies the reader.",
        why=(
            "Links are stored in histories, logs and analytics, and are shared in screenshots: anyone who has the link has the "
            "data, or access to the account."
        ),
        source=(
            "https://owasp.org/www-community/vulnerabilities/Information_exposure_through_query_strings_in_url; "
            "pnpc's own judgement"
        ),
        bad=(
            """\
pnpc: 1
name: example
country: JP
variables:
  order_id: {type: string, maxLength: 20, example: A1B2C3D4}
  customer_phone: {type: string, maxLength: 20, example: "0312345678"}
message:
  templateKey: shipment_completed_ja
  body:
    buttons:
      - {buttonKey: contact_ja, url: "https://shop.example.com/contact?«email»=a@example.com"}
      - {buttonKey: check_details_ja, url: "https://shop.example.com/orders?o={{ order_id | urlencode }}&c={{ «customer_phone» | urlencode }}"}
""",
        ),
        good=(
            """\
pnpc: 1
name: example
country: JP
variables:
  order_id: {type: string, maxLength: 20, example: A1B2C3D4}
message:
  templateKey: shipment_completed_ja
  body:
    buttons:
      - {buttonKey: check_details_ja, url: "https://shop.example.com/orders?order={{ order_id | urlencode }}"}
""",
        ),
        check=personal,
        values=looks_at_links,
    ),
)
