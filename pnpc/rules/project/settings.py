"""Rules about the config, suppressions and baselines."""

from pnpc.rules.rule import Rule

RULES = (
    Rule(
        code="PNP801",
        name="bad-config",
        severity="error",
        summary="A mistake in pnpc.toml or [tool.pnpc].",
        why="A misspelt key would turn a rule off, or on, in silence.",
        source="the spec format of pnpc",
        tried_by="test_config.py::test_a_mistake_in_the_config_is_told_at_its_place",
    ),
    Rule(
        code="PNP802",
        name="unused-suppression",
        severity="warning",
        summary="A comment that suppresses nothing.",
        why="The mistake is gone, or the comment stands at the wrong line and hides a later one.",
        source="the spec format of pnpc",
        bad=(
            """\
body:
  items:
    - {itemKey: name_010_ja, content: スープセット}  «# pnpc: ignore[PNP218] seen on LINE's page»
""",
        ),
        good=(
            """\
body:
  items:
    - {itemKey: name_011_ja, content: スープセット}  # pnpc: ignore[PNP218] seen on LINE's page, 2026-11-01
""",
            """\
body:
  items:
    # pnpc: ignore[unlisted-key] seen on LINE's page, 2026-11-01
    - {itemKey: name_011_ja, content: スープセット}
""",
        ),
        fixed=(
            """\
body:
  items:
    - {itemKey: name_010_ja, content: スープセット}
""",
        ),
    ),
    Rule(
        code="PNP803",
        name="bad-suppression",
        severity="error",
        summary="A suppression names its rules and gives a reason.",
        why=(
            "`# pnpc: ignore[PNP218] reason`, or `# pnpc: file-ignore[PNP218] reason`. Without a rule it would "
            "hide everything, without a reason nobody knows when it may go."
        ),
        source="the spec format of pnpc",
        bad=(
            """\
body:
  items:
    - {itemKey: name_010_ja, content: スープセット}  «# pnpc: ignore[PNP218]»
    - {itemKey: price_001_ja, content: "12,000円"}  «# pnpc: ignore[PNP999] a reason»
""",
        ),
        good=(
            """\
body:
  items:
    - {itemKey: name_011_ja, content: スープセット}  # pnpc: ignore[PNP218] seen on LINE's page, 2026-11-01
""",
        ),
    ),
    Rule(
        code="PNP804",
        name="stale-baseline",
        severity="warning",
        summary="A baseline with findings that are gone.",
        why=(
            "The mistakes are fixed: shrink the baseline (`pnpc check --write-baseline`), or new ones could hide in it."
        ),
        source="the spec format of pnpc",
        tried_by="test_check.py::test_a_baseline_holds_back_what_it_knows",
    ),
)
