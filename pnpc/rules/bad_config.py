"""PNP801 bad-config."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP801",
    name="bad-config",
    severity="error",
    summary="A mistake in pnpc.toml or [tool.pnpc].",
    why="A misspelt key would turn a rule off, or on, in silence.",
    source="the spec format of pnpc",
    tried_by="test_config.py::test_a_mistake_in_the_config_is_told_at_its_place",
)
