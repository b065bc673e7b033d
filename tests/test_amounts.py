"""How many findings are told, and that all are counted."""

import json
from collections.abc import Callable
from pathlib import Path

from conftest import SPEC, Done

Here = Callable[..., Done]


def test_what_is_not_shown_is_counted(here: Here, tmp_path: Path) -> None:
    """A file tells 500 findings; numbers, exit code and the machines' formats know of all."""
    keys = "".join(f"  k{number}: {{type: text}}\n" for number in range(700))
    (tmp_path / "a.yaml").write_text(SPEC.replace("variables:\n", f"variables:\n{keys}"), encoding="utf-8")
    done = here("check", "a.yaml")
    assert done.returncode == 1
    assert "PNP008" not in done.stdout
    last = done.stdout.splitlines()[-3:]
    assert last[0].startswith("note: ")
    assert last[0].endswith(" more findings are counted and not shown")
    found = json.loads(here("check", "a.yaml", "--format", "json").stdout)
    summary = found["summary"]
    assert len(found["diagnostics"]) == 500
    assert summary["errors"] >= 700
    assert summary["errors"] + summary["warnings"] == 500 + summary["left_out"]
    told = here("check", "a.yaml", "--format", "concise")
    assert len(told.stdout.splitlines()) == 500
    assert told.stderr == last[0] + "\n"
    sarif = json.loads(here("check", "a.yaml", "--format", "sarif").stdout)
    assert sarif["runs"][0]["properties"] == {"leftOut": summary["left_out"]}


def test_a_baseline_holds_every_finding_of_a_file(here: Here, tmp_path: Path) -> None:
    keys = "".join(f"  k{number}: {{type: text}}\n" for number in range(700))
    (tmp_path / "a.yaml").write_text(SPEC.replace("variables:\n", f"variables:\n{keys}"), encoding="utf-8")
    assert here("check", "a.yaml", "--baseline", "b.json", "--write-baseline").returncode == 0
    assert here("check", "a.yaml", "--baseline", "b.json").returncode == 0
