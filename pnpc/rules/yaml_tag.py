"""PNP011 yaml-tag."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP011",
    name="yaml-tag",
    severity="error",
    summary="Tags such as `!!binary` are not supported.",
    why="A tag asks the reader to build something other than text, numbers, lists and mappings.",
    source="https://yaml.org/spec/1.2.2/#691-node-tags",
    bad=(
        """\
body:
  items:
    - {itemKey: name_010_ja, content: «!»!binary aGVsbG8=}
""",
    ),
    good=(
        """\
body:
  items:
    - {itemKey: name_010_ja, content: "!!binary"}
""",
    ),
)
