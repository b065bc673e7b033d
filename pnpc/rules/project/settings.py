"""Rules about the config, suppressions and baselines."""

from pnpc.rules.rule import Rule

RULES = (
    Rule(
        code="PNP801",
        name="bad-config",
        severity="error",
        summary="pnpc.toml or [tool.pnpc] has a mistake.",
        why="A misspelt key would turn a rule off, or leave it on, without a word.",
        source="the spec format of pnpc",
        tried_by="test_config.py::test_a_mistake_in_the_config_is_told_at_its_place",
    ),
    Rule(
        code="PNP802",
        name="unused-suppression",
        severity="warning",
        summary="A comment suppresses nothing.",
        why="Either the mistake is gone, or the comment is on a wrong line and may hide another mistake later.",
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
        summary="A suppression does not name a rule, or has no reason.",
        why=(
            "Write `# pnpc: ignore[PNP218] reason`, or `# pnpc: file-ignore[PNP218] reason`. Without a rule it would hide "
            "everything. The reason tells later readers when they can remove it."
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
        summary="A baseline lists findings that are gone.",
        why=(
            "The mistakes are fixed. Write the baseline again (`pnpc check --write-baseline`), or it could hide new mistakes."
        ),
        source="the spec format of pnpc",
        tried_by="test_check.py::test_a_baseline_holds_back_what_it_knows",
    ),
)
