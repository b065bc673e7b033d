"""The laws of the house: imports run down only, one door a library, no room that holds more than one idea."""

import ast
import re
import sys
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from conftest import ROOT

sys.path.insert(0, str(ROOT / "tools"))  # no package, but scripts
import rooms

CODE = ROOT / "pnpc"


def the_law() -> dict[str, tuple[list[str], set[str]]]:
    """The table of docs/architecture.md: each room, from the ground up, with its sub-rooms and its libraries."""
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = page.partition("| libraries |")[2].partition("\n\n")[0]
    rows = [line.strip()[1:-1].split("|") for line in table.splitlines() if line.startswith("| `")]
    law = {}
    for room, _, inside, libraries in reversed(rows):
        names = [name.strip() for name in libraries.split(",") if name.strip()]
        law[room.strip(" `")] = (re.findall(r"`(\w+)`", inside)[::-1], set(names))
    return law


LAW = the_law()
ROOMS = tuple(LAW)
MOST_ROOMS = 13
MOST_FILES = 25  # side by side in a folder; a family of rules may have more
MOST_LINES_OF_A_ROOM = 2_500  # without sub-rooms
DOORS = {
    "yaml": {"text/document.py", "text/nodes.py"},
    "tomllib": {"text/toml.py"},
    "wcwidth": {"text/width.py"},
    "rapidfuzz": {"text/suggest.py"},
    "regex": {"line/grammar/patterns.py"},
    "jinja2": {
        "render/page.py",
        "language/filling/jinja.py",
        "language/filling/sandbox.py",
        "language/expressions/misread.py",
        "language/filling/filters.py",
        "language/directives/conditions_in_jinja.py",
    },
    "phonenumbers": {"compile/tables/phones.py"},
    "jsonschema": {"compile/tables/records.py"},
    "watchfiles": {"cli/checking/watch.py"},
    "zstandard": {"project/streams.py"},
    "fsspec": {"project/remote.py"},
    "distributed": {"project/parts/dask.py"},
    "tqdm": {"cli/progress.py"},
    "prometheus_client": {"deliver/metrics.py"},
    "pyarrow": {"compile/tables/parquet.py"},
    "psycopg": {"deliver/postgres/connection.py"},
    "procrastinate": {"deliver/queue/broker.py", "deliver/queue/member.py", "deliver/queue/worker.py"},
}
MOST_LINES = 300


@cache
def files() -> list[Path]:
    return sorted(CODE.rglob("*.py"))


@cache
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


@cache
def modules() -> dict[str, Path]:
    """Each module of ours by its dotted name."""
    named = {}
    for file in files():
        parts = file.relative_to(ROOT).with_suffix("").parts
        named[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return named


@cache
def ties() -> dict[str, set[str]]:
    """What each module of ours imports of ours: at its top, inside functions, and for types only."""
    ours = modules()
    found: dict[str, set[str]] = {}
    for name, file in ours.items():
        found[name] = set()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                module = node.module or ""
                found[name] |= {
                    f"{module}.{one.name}" if f"{module}.{one.name}" in ours else module for one in node.names
                }
            elif isinstance(node, ast.Import):
                found[name] |= {one.name for one in node.names}
        found[name] = {module for module in found[name] if module in ours and module != name}
    return found


def test_no_module_imports_itself_by_way_of_others() -> None:
    """No circle at all: what is imported inside a function, or for types only, counts as well."""
    list(TopologicalSorter(ties()).static_order())  # raises CycleError, with the circle


def room(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def test_imports_run_down_only() -> None:
    climbing = [
        (module, other)
        for module, others in ties().items()
        for other in others
        if room(module) in ROOMS and room(other) in ROOMS and ROOMS.index(room(module)) < ROOMS.index(room(other))
    ]
    assert climbing == []


def level(module: str) -> int:
    """How high a module stands in its room; the files of the room itself go above, or below, all sub-rooms."""
    parts = module.split(".")
    if len(parts) > 3 or (len(parts) == 3 and modules()[module].name == "__init__.py"):
        return LAW[parts[1]][0].index(parts[2])
    return -1


def test_imports_run_down_inside_rooms_too() -> None:
    climbing = []
    for module, others in ties().items():
        inside = room(module)
        if inside not in LAW or module == f"pnpc.{inside}":
            continue
        for other in others:
            if room(other) != inside or other == f"pnpc.{inside}":
                continue
            upper, lower = level(module), level(other)
            if upper >= 0 and lower >= 0 and upper < lower:
                climbing.append((module, other))
    assert climbing == []


@cache
def folders() -> list[Path]:
    return sorted({file.parent for file in files()})


def test_there_are_few_rooms_and_each_says_what_it_knows() -> None:
    inside = {file.relative_to(CODE).parts[0] for file in files() if len(file.relative_to(CODE).parts) > 1}
    assert inside == {name for name in ROOMS if (CODE / name).is_dir()}
    assert len(ROOMS) <= MOST_ROOMS
    for folder in folders():
        said = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
        assert said.split("\n\n")[0].endswith("."), folder


def test_no_room_is_too_full() -> None:
    for folder in folders():
        here = [file for file in files() if file.parent == folder]
        if folder.parent != CODE / "rules":
            assert len(here) <= MOST_FILES, folder
        if len(folder.relative_to(CODE).parts) == 1 and not any(other.parent == folder for other in folders()):
            lines = sum(len(file.read_text(encoding="utf-8").splitlines()) for file in here)
            assert lines <= MOST_LINES_OF_A_ROOM, folder


def test_the_rooms_of_a_room_are_all_in_order() -> None:
    for folder in folders():
        parts = folder.relative_to(CODE).parts
        if len(parts) == 2:
            assert parts[1] in LAW[parts[0]][0], folder


@pytest.mark.parametrize("library", DOORS)
def test_one_door_a_library(library: str) -> None:
    doors = {
        str(file.relative_to(CODE)) for file in files() if any(one.split(".")[0] == library for one in imported(file))
    }
    assert doors == DOORS[library]


def test_nobody_asks_a_library_how_something_is_written() -> None:
    """What filters write is data of ours; Babel is for `tools/` and tests."""
    assert [file for file in files() if any(module.split(".")[0] == "babel" for module in imported(file))] == []


def test_click_stays_in_the_command_line() -> None:
    assert all(file.parts[len(CODE.parts)] == "cli" for file in files() if "click" in imported(file))


def test_pathspec_stays_with_the_project() -> None:
    assert all(file.parts[len(CODE.parts)] == "project" for file in files() if "pathspec" in imported(file))


def test_aiohttp_stays_where_messages_are_sent_and_received() -> None:
    doors = {
        file.parts[len(CODE.parts)] for file in files() if any(one.split(".")[0] == "aiohttp" for one in imported(file))
    }
    assert doors <= {"deliver", "emulator"}


def test_no_file_is_too_long() -> None:
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


COUNTS = 2  # up to here a number counts what stands beside it: a pair, a middle


def test_a_number_that_something_is_compared_with_has_a_name() -> None:
    """Limits of LINE are data under schemas/; any other bound is a constant, with its unit or its reason beside it.

    Code points, which are written in hexadecimal digits, are their own name.
    """
    bare = []
    for file in files():
        text = file.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)):
            sides = (node.left, *node.comparators) if isinstance(node, ast.Compare) else ()
            for number in (side for side in sides if isinstance(side, ast.Constant)):
                is_bound = type(number.value) is int and number.value > COUNTS
                if is_bound and not (ast.get_source_segment(text, number) or "").startswith("0x"):
                    bare.append(f"{file.relative_to(ROOT)}:{number.lineno}: {number.value}")
    assert bare == []


def test_a_constant_that_is_a_number_says_what_it_counts() -> None:
    """By a comment on its line or above it, or by the docstring below."""
    silent = []
    for file in files():
        text = file.read_text(encoding="utf-8")
        lines = text.splitlines()
        body = ast.parse(text).body
        for node, after in zip(body, [*body[1:], None], strict=True):
            number = node.value.value if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) else 0
            described = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
            if type(number) is int and number > COUNTS and not described:
                above = lines[node.lineno - 2] if node.lineno > 1 else ""
                if "#" not in lines[node.end_lineno - 1] and not above.startswith("#"):
                    silent.append(f"{file.relative_to(ROOT)}:{node.lineno}: {lines[node.lineno - 1]}")
    assert silent == []


def test_the_table_of_rooms_tells_their_libraries() -> None:
    for library, doors in DOORS.items():
        written = "PyYAML" if library == "yaml" else library
        assert {door.partition("/")[0] for door in doors} == {
            room for room, (_, told) in LAW.items() if written in told
        }


def test_the_picture_of_the_rooms_is_current() -> None:
    """If not: `python tools/rooms.py`."""
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert rooms.drawn(page) == page


def test_files_that_the_docs_name_are_there() -> None:
    for name in ("CONTRIBUTING.md", "README.md", "docs/architecture.md", "docs/dependencies.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        for file in re.findall(r"`((?:pnpc|tests|schemas|docs|benchmarks)/[\w/.-]+)`", text):
            assert (ROOT / file).exists() or "the_name" in file, file
