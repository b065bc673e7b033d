"""PNP804 stale-baseline."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP804",
    name="stale-baseline",
    severity="warning",
    summary="A baseline with findings that are gone.",
    why=("The mistakes are fixed: shrink the baseline (`pnpc check --write-baseline`), or new ones could hide in it."),
    source="the spec format of pnpc",
    tried_by="test_check.py::test_a_baseline_holds_back_what_it_knows",
)
