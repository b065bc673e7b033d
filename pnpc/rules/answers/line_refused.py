"""PNP901 line-refused."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP901",
    name="line-refused",
    severity="error",
    summary="LINE refused this with an answer 400.",
    why=(
        "The message is LINE's own; `pnpc push` and `pnpc verify` show it at the place in the file that LINE's answer "
        "names. Nothing was sent. If `pnpc check` does not report this mistake, please open an issue: LINE's API has the last word."
    ),
    source="https://developers.line.biz/en/reference/messaging-api/#error-responses",
    tried_by="test_answers.py::test_bean_validation",
)
