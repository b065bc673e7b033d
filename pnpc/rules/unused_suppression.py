"""PNP802 unused-suppression."""

from pnpc.rules.rule import Rule

RULE = Rule(
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
)
