"""PNP803 bad-suppression."""

from pnpc.rules.rule import Rule

RULE = Rule(
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
)
