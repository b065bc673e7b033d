"""PNP008 input-too-large."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP008",
    name="input-too-large",
    severity="error",
    summary="A file has bounds: 2 million characters, 200 levels, 200,000 values with aliases written out.",
    why="A file beyond them is an accident or an attack; no LINE message comes near.",
    source="the spec format of pnpc",
    tried_by="test_hostile.py::test_a_folder_of_them_gives_one_report",
)
