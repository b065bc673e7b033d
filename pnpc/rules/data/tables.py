"""Rules about tables of recipients and their values."""

from pnpc.rules.rule import Rule

RULES = (
    Rule(
        code="PNP601",
        name="bad-table",
        severity="error",
        summary="A table of recipients can't be read.",
        why=(
            "A CSV table needs a first row with the names of the columns, each name once, and the same number of fields in "
            "each row. A JSONL file needs one object in each line."
        ),
        source="https://www.rfc-editor.org/rfc/rfc4180",
        tried_by="test_rules.py::test_a_table_that_is_none",
    ),
    Rule(
        code="PNP602",
        name="missing-column",
        severity="error",
        summary="A column or a field that the spec needs is missing.",
        why="Each variable without a default needs a value in each row; a row needs a recipient in `phone` or `to`.",
        source="the spec format of pnpc",
        tried_by="test_compile.py::test_a_variable_without_an_example_is_told_at_its_place",
    ),
    Rule(
        code="PNP603",
        name="bad-value",
        severity="error",
        summary="The declaration of the variable does not allow this value.",
        why="A review looks at what the declaration allows: other data could make a text that no reviewer has seen.",
        source="the spec format of pnpc",
        tried_by="test_compile.py::test_a_library_call_gives_values",
    ),
    Rule(
        code="PNP604",
        name="bad-phone",
        severity="error",
        summary="LINE can't send notification messages to this phone number.",
        why=(
            "LINE sends only to numbers that are issued in Japan, Thailand or Taiwan. A wrong number may belong to another person."
        ),
        source="https://developers.line.biz/en/docs/partner-docs/line-notification-messages/technical-specs/",
        tried_by="test_compile.py::test_a_library_call_gives_values",
    ),
    Rule(
        code="PNP607",
        name="doubtful-number",
        severity="warning",
        summary="LINE may not reach this phone number, or it is not of the spec's country.",
        why=(
            "LINE delivers only to the number that a person has registered in LINE, and only numbers that can be used for "
            "phone number authentication in the app can be registered. Toll-free numbers (0120, 0800), premium-rate numbers "
            "(0990) and pagers can't be. For other kinds, such as company numbers (0570), internet phones (050) and "
            "landlines, LINE's docs do not say it; often they can't. A Thai number in a table for a Japanese spec can be "
            "right, but its message is in another language. All these rows are compiled. If a whole column has such numbers, "
            "it is often the wrong column."
        ),
        source="https://developers.line.biz/en/docs/partner-docs/line-notification-messages/overview/",
        tried_by="test_phones.py::test_kinds_that_line_may_not_reach_are_counted",
    ),
    Rule(
        code="PNP608",
        name="too-many-units",
        severity="warning",
        summary="One run uses more names of aggregation units than LINE counts in a month.",
        why=(
            "LINE counts at most 1,000 different names a month, over all kinds of messages. Messages with further names are "
            "sent without a unit. The warning is shown once a run, at the row that makes the 1,001st name, and the run "
            "continues. Its only other severity is `off`."
        ),
        source="https://developers.line.biz/en/docs/messaging-api/unit-based-statistics-aggregation/",
        tried_by="test_units.py::test_more_names_than_line_counts_are_told_once",
    ),
)
