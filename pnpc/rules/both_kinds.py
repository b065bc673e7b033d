"""PNP108 both-kinds."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP108",
    name="both-kinds",
    severity="error",
    summary="A message is of the template kind or of the flexible kind.",
    why=(
        "LINE has an endpoint for each; `templateKey` belongs to the one, `messages` to the other. Sinch has a type for the "
        "template kind only: there it is `template_key`, and `messages` has no place."
    ),
    source="https://developers.line.biz/en/reference/line-notification-messages/",
    bad=(
        """\
templateKey: shipment_completed_ja
«messages»:
  - {type: text, text: ご注文の品を発送しました。}
""",
        """\
pnpc: 1
name: example
country: JP
«message»: {body: {}}
""",
    ),
    good=(
        """\
body: {}
""",
    ),
)
