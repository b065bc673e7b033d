"""PNP608 too-many-units."""

from pnpc.rules.rule import Rule

RULE = Rule(
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
)
