"""PNP210 recipient-digest."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP210",
    name="recipient-digest",
    severity="error",
    summary="`to` is a SHA-256 digest: 64 lower-case hex digits.",
    why=(
        "LINE answers 400, “The value must be a valid SHA-256 digest.”, at `to`. The digest is that of the "
        "number in E.164 form, with + and without hyphens; `pnpc hash` makes it."
    ),
    source="https://developers.line.biz/en/docs/partner-docs/line-notification-messages/technical-specs/",
    bad=(
        """\
{"to": «"+818000001234"», "templateKey": "shipment_completed_ja"}
""",
    ),
    good=(
        """\
{"to": "d41e0ad70dddfeb68f149ad6fc61574b9c5780ab7bcb2fba5517771ffbb2409c", "templateKey": "shipment_completed_ja"}
""",
    ),
)
