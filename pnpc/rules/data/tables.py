"""Rules about tables of recipients and their values."""

from pnpc.rules.rule import Rule

RULES = (
    Rule(
        code="PNP601",
        name="bad-table",
        severity="error",
        summary="A table of recipients that can't be read.",
        why=(
            "A table needs a row of column names, each once, and as many fields in each row; a JSONL file needs "
            "one object a line."
        ),
        source="https://www.rfc-editor.org/rfc/rfc4180",
        tried_by="test_rules.py::test_a_table_that_is_none",
    ),
    Rule(
        code="PNP602",
        name="missing-column",
        severity="error",
        summary="A column or a field that the spec needs is missing.",
        why="Each variable without a default needs a value in each row; the recipient needs `phone` or `to`.",
        source="the spec format of pnpc",
        tried_by="test_compile.py::test_a_variable_without_an_example_is_told_at_its_place",
    ),
    Rule(
        code="PNP603",
        name="bad-value",
        severity="error",
        summary="A value that the variable's declaration does not allow.",
        why="The declaration is what was reviewed: other data could make a text that nobody has seen.",
        source="the spec format of pnpc",
        tried_by="test_compile.py::test_a_library_call_gives_values",
    ),
    Rule(
        code="PNP604",
        name="bad-phone",
        severity="error",
        summary="Not a phone number, or one of a country where LINE sends no notification messages.",
        why=("LINE sends to numbers issued in Japan, Thailand and Taiwan only; a wrong number may be somebody else's."),
        source="https://developers.line.biz/en/docs/partner-docs/line-notification-messages/technical-specs/",
        tried_by="test_compile.py::test_a_library_call_gives_values",
    ),
    Rule(
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
    ),
    Rule(
        code="PNP608",
        name="too-many-units",
        severity="warning",
        summary="More names of aggregation units in one run than LINE counts in a month.",
        why=(
            "LINE counts at most 1,000 different names a month, over all kinds of messages; what is sent under further ones is "
            "sent without a unit. The warning stands at the row that makes the 1,001st name, once for a run, and the run goes "
            "on. `off` is the only other severity that it knows."
        ),
        source="https://developers.line.biz/en/docs/messaging-api/unit-based-statistics-aggregation/",
        tried_by="test_units.py::test_more_names_than_line_counts_are_told_once",
    ),
)
