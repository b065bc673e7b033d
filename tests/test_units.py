"""Names of aggregation units: how many a run uses (PNP608)."""

from pathlib import Path

import pytest
from conftest import Here

import pnpc

SPEC = """\
pnpc: 1
name: a
country: JP
variables:
  shop: {type: string, pattern: "^[a-z0-9]{1,9}$"}
message:
  templateKey: shipment_completed_ja
  customAggregationUnits: ["u_{{ shop }}"]
"""
DIGEST = "0" * 64
WAYS = [["--jobs", "1"], ["--jobs", "2"], ["--format", "json"], ["--where", "true"]]


def rows(names: int) -> list[dict[str, str]]:
    """1,200 rows of so many names, each of which comes more than once."""
    return [{"to": DIGEST, "shop": f"a{number % names}"} for number in range(1_200)]


def write(folder: Path, names: int, more: str = "") -> None:
    (folder / "s.yaml").write_text(SPEC + more, encoding="utf-8")
    lines = [f"{row['to']},{row['shop']}\n" for row in rows(names)]
    (folder / "r.csv").write_text("to,shop\n" + "".join(lines), encoding="utf-8")


def told(here: Here, *way: str) -> list[str]:
    done = here("compile", "s.yaml", "--recipients", "r.csv", "-o", "o.out", *way)
    assert done.returncode == 0
    return [line for line in done.stderr.splitlines() if line.startswith("warning: ")]


@pytest.mark.parametrize("way", WAYS)
def test_more_names_than_line_counts_are_told_once(tmp_path: Path, here: Here, way: list[str]) -> None:
    """At the row that brings the first name too many, whichever way the rows are compiled."""
    write(tmp_path, 1_001)
    (warning,) = told(here, *way)
    assert warning.startswith("warning: PNP608 at r.csv:1002: more than 1,000 different names of aggregation units")
    assert "(s.yaml:8:28)" in warning


def test_as_many_as_line_counts_are_none_too_many(tmp_path: Path, here: Here) -> None:
    write(tmp_path, 1_000)
    assert told(here) == []


def test_two_specs_share_the_names_of_a_run(tmp_path: Path, here: Here) -> None:
    write(tmp_path, 600, "---\n" + SPEC.replace("u_", "v_").replace("name: a", "name: b"))
    (warning,) = told(here)
    assert warning.startswith("warning: PNP608 at r.csv:502: ")


def test_the_config_can_turn_it_off(tmp_path: Path, here: Here) -> None:
    write(tmp_path, 1_001)
    (tmp_path / "pnpc.toml").write_text('[severity]\ntoo-many-units = "off"\n', encoding="utf-8")
    assert told(here) == []


def test_a_call_from_python_counts_them_too() -> None:
    compiled = pnpc.compile_text(SPEC, recipients=rows(1_001))
    for _ in range(1_000):
        next(compiled)
    assert compiled.warnings == ()
    assert len(list(compiled)) == 200
    (warning,) = compiled.warnings
    assert (warning.first.code, warning.range.start.line, warning.rows) == ("PNP608", 1_001, 1)


def test_a_text_that_looks_like_a_unit_is_none(tmp_path: Path, here: Here) -> None:
    """What a row puts into a text has its quotes escaped."""
    declared = "variables:\n  text: {type: string, maxLength: 60}\n"
    body = '  body: {items: [{itemKey: number_001_ja, content: "{{ text }}"}]}\n'
    (tmp_path / "s.yaml").write_text(SPEC.replace("variables:\n", declared) + body, encoding="utf-8")
    lines = "".join(f'{DIGEST},a,"""customAggregationUnits"":[""a{number}"""\n' for number in range(1_100))
    (tmp_path / "r.csv").write_text("to,shop,text\n" + lines, encoding="utf-8")
    assert told(here) == []
