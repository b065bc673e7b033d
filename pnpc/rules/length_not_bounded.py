"""PNP531 length-not-bounded."""

from pnpc.rules.proof import telling
from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP531",
    name="length-not-bounded",
    severity="warning",
    summary="A text of which nothing says how long it can become.",
    why=(
        "LINE refuses a text above its limit, so a single long value in a table stops a message. With `maxLength`, `enum`, "
        "a `pattern` with ^ and $, or `minimum` and `maximum` for a number, pnpc proves that every text fits; "
        "`truncate` cuts it."
    ),
    source="https://developers.line.biz/en/reference/line-notification-messages/; https://developers.line.biz/en/docs/messaging-api/text-character-count/",
    bad=(
        """\
pnpc: 1
name: example
country: JP
variables:
  name: {type: string, example: 山田 花子}
message:
  templateKey: shipment_completed_ja
  body:
    emphasizedItem: {itemKey: name_010_ja, content: "«{{ name }}»"}
""",
    ),
    good=(
        """\
pnpc: 1
name: example
country: JP
variables:
  name: {type: string, maxLength: 7, example: 山田 花子}
message:
  templateKey: shipment_completed_ja
  body:
    emphasizedItem: {itemKey: name_010_ja, content: "{{ name }}"}
""",
    ),
    check=telling("length-not-bounded"),
)
