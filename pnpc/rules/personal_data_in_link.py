"""PNP705 personal-data-in-link."""

from pnpc.rules.content import looks_at_links, personal
from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP705",
    name="personal-data-in-link",
    severity="warning",
    summary="A link whose query tells who the reader is.",
    why=(
        "A link is kept in histories, logs and analytics, and is passed on with a screenshot: whoever has it "
        "has the data, or the way in."
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
)
