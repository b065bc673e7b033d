"""The laws of the house: imports run down only, one door a library, no room that holds more than one idea."""

import ast
from pathlib import Path

import pytest
from conftest import ROOT

CODE = ROOT / "pnpc"
FLOORS = ("about", "data", "text", "spec", "rules", "check", "report", "compile", "project", "library", "cli")
DOORS = {
    "yaml": {"text/nodes.py"},
    "tomllib": {"text/toml.py"},
    "wcwidth": {"text/width.py"},
    "rapidfuzz": {"spec/suggest.py"},
    "regex": {"spec/patterns.py"},
    "jinja2": {"spec/language.py", "spec/filters.py"},
    "babel": {"spec/filters.py"},
    "phonenumbers": {"compile/phones.py"},
    "jsonschema": {"compile/rows.py"},
    "watchfiles": {"cli/watch.py"},
}
MOST_LINES = 300


def files() -> list[Path]:
    return sorted(CODE.rglob("*.py"))


def imported(file: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            module = node.module or ""
            found += [f"{module}.{one.name}" if module == "pnpc" else module for one in node.names]
    return found


def floor(module: str) -> int | None:
    parts = module.split(".")
    return FLOORS.index(parts[1]) if parts[0] == "pnpc" and len(parts) > 1 and parts[1] in FLOORS else None


@pytest.mark.parametrize("file", files(), ids=lambda file: str(file.relative_to(CODE)))
def test_imports_run_down_only(file: Path) -> None:
    inside = file.relative_to(CODE).with_suffix("").parts[0]
    if inside in ("__init__", "__main__"):
        return
    assert inside in FLOORS, f"{inside} has no floor"
    for module in imported(file):
        below = floor(module)
        assert below is None or below <= FLOORS.index(inside), f"{module} is above"


@pytest.mark.parametrize("library", DOORS)
def test_one_door_a_library(library: str) -> None:
    doors = {
        str(file.relative_to(CODE)) for file in files() if any(one.split(".")[0] == library for one in imported(file))
    }
    assert doors == DOORS[library]


def test_click_stays_in_the_command_line() -> None:
    assert all(file.parts[len(CODE.parts)] == "cli" for file in files() if "click" in imported(file))


def test_pathspec_stays_with_the_project() -> None:
    assert all(file.parts[len(CODE.parts)] == "project" for file in files() if "pathspec" in imported(file))


def test_no_room_is_too_large() -> None:
    large = {
        str(file.relative_to(CODE)): n
        for file in files()
        if (n := len(file.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }
    assert large == {}


def test_every_public_thing_says_what_it_is() -> None:
    silent = []
    for file in files():
        tree = ast.parse(file.read_text(encoding="utf-8"))
        name = str(file.relative_to(CODE))
        if not ast.get_docstring(tree):
            silent.append(name)
        if name.startswith("rules/"):
            continue  # a rule's file is its own documentation
        for node in tree.body:
            if (
                isinstance(node, ast.FunctionDef | ast.ClassDef)
                and not node.name.startswith("_")
                and not ast.get_docstring(node)
            ):
                silent.append(f"{name}:{node.name}")
    assert silent == []


def test_no_limit_of_lines_stands_in_the_code() -> None:
    """15, 300, 1000 characters and the like are data; the code takes them from schemas/."""
    for file in files():
        if file.parts[len(CODE.parts)] in ("spec", "compile", "check"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Compare):
                    for one in node.comparators:
                        assert not (isinstance(one, ast.Constant) and one.value in (15, 300, 1000, 16, 100, 30)), (
                            f"{file}:{one.lineno}"
                        )
