"""PNP901 line-refused."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP901",
    name="line-refused",
    severity="error",
    summary="LINE answered 400 to this.",
    why=(
        "The words are LINE's own, brought to the place in the file that its answer names. Nothing was sent. Where "
        "pnpc had nothing to say of it, please report it: LINE's API is the last word."
    ),
    source="https://developers.line.biz/en/reference/messaging-api/#error-responses",
    tried_by="test_answers.py::test_bean_validation",
)
