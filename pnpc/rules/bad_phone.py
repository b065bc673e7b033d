"""PNP604 bad-phone."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP604",
    name="bad-phone",
    severity="error",
    summary="Not a phone number, or one of a country where LINE sends no notification messages.",
    why=("LINE sends to numbers issued in Japan, Thailand and Taiwan only; a wrong number may be somebody else's."),
    source="https://developers.line.biz/en/docs/partner-docs/line-notification-messages/technical-specs/",
    tried_by="test_compile.py::test_a_library_call_gives_values",
)
