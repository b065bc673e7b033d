"""PNP607 doubtful-number."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP607",
    name="doubtful-number",
    severity="warning",
    summary="A phone number that LINE may not reach, or one of another country than the spec.",
    why=(
        "LINE delivers only to the number that a person has registered in LINE, one that can be used for phone number "
        "authentication in its app. Toll-free numbers (0120, 0800), premium-rate numbers (0990) and pagers surely can't "
        "be. Of other kinds, such as companies' numbers (0570), internet phones (050) and landlines, the docs that we know "
        "do not say it; they often can't. A number of Thailand in the table of a spec for Japan can be right, and its message "
        "is then in another country's language. All these rows are compiled: a column of such numbers is often the wrong "
        "column."
    ),
    source="https://developers.line.biz/en/docs/partner-docs/line-notification-messages/overview/",
    tried_by="test_phones.py::test_kinds_that_line_may_not_reach_are_counted",
)
