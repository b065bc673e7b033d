"""PNP607 doubtful-number."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP607",
    name="doubtful-number",
    severity="warning",
    summary="A phone number of a kind that may not be usable for authentication in the LINE app.",
    why=(
        "LINE delivers only to the number that a person has registered in LINE, one that can be used for phone number "
        "authentication in its app. Numbers of companies (0120, 0800, 0570), of premium services (0990) and pagers "
        "can't be; of landlines and numbers of internet phones (050) LINE's docs do not say it. The rows are compiled "
        "all the same: a column of such numbers is often the wrong column."
    ),
    source="https://developers.line.biz/en/docs/partner-docs/line-notification-messages/overview/",
    tried_by="test_phones.py::test_kinds_that_line_may_not_reach_are_counted",
)
