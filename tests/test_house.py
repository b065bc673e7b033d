"""The laws of the house: imports run down only, one door a library, no room that holds more than one idea."""

import ast
import json
import re
import sys
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
        "language/expressions/misread.py",
        "language/filling/filters.py",
        "language/directives/conditions_in_jinja.py",
    },
    "phonenumbers": {"compile/tables/phones.py"},
    "jsonschema": {"compile/tables/records.py"},
    "watchfiles": {"cli/checking/watch.py"},
    "zstandard": {"project/streams.py"},
    "tqdm": {"cli/progress.py"},
    "pyarrow": {"compile/tables/parquet.py"},
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


def modules() -> dict[str, Path]:
    """Each module of ours by its dotted name."""
    named = {}
    for file in files():
        parts = file.relative_to(ROOT).with_suffix("").parts
        named[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return named


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


LIMITS = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "minimum", "maximum")
SMALL = 5  # up to here a number is too common to be known as a limit, but where it is compared
# Numbers that are a limit of LINE's somewhere, and mean something else where they stand.
OTHERWISE = {
    ("cli/catalog/catalog.py", 10): "search results shown",
    ("cli/catalog/catalog.py", 3): "letters of a search word",
    ("cli/compiling/run.py", 10): "ignored columns named",
    ("cli/compiling/run.py", 50): "diagnostics shown",
    ("cli/compiling/run.py", 1000): "ignored columns kept",
    ("cli/compiling/snapshots.py", 20): "changes of a snapshot that are shown",
    ("cli/compiling/snapshots.py", 40): "lines of a diff that are shown",
    ("compile/filled/message.py", 1000): "filled texts remembered",
    ("compile/tables/no_phone.py", 15): "digits of a phone number in E.164",
    ("compile/tables/phones.py", 40): "characters that a phone number may be written with",
    ("compile/batch.py", 1000): "unknown columns told of",
    ("compile/fast/code.py", 10000): "texts remembered",
    ("compile/fast/variables.py", 15): "digits of a whole number",
    ("compile/tables/seen.py", 16): "hexadecimal digits, bytes",
    ("compile/tables/values.py", 300): "digits of a number",
    ("cli/delivering/push.py", 10000): "requests under way at once",
    ("deliver/sending/artifact.py", 10): "lines told of",
    ("deliver/sending/artifact.py", 1000): "lines compared at once",
    ("deliver/journal/runs.py", 16): "hexadecimal digits",
    ("deliver/sending/breaker.py", 20): "requests, outcomes",
    ("deliver/sending/breaker.py", 50): "outcomes",
    ("deliver/sending/breaker.py", 1000): "good outcomes",
    ("deliver/journal/database.py", 10): "seconds to wait for another process",
    ("deliver/sending/engine.py", 10): "attempts of a message",
    ("deliver/journal/journal.py", 10000): "intents of the last second",
    ("deliver/journal/timestamps.py", 1000): "milliseconds of a second",
    ("deliver/sending/refusals.py", 50): "groups of refusals shown",
    ("project/files.py", 20): "a megabyte is 2 to the 20th",
    ("project/revisions.py", 3): "words of a line of git's",
    ("project/run.py", 100): "files given to one process",
    ("project/workspace.py", 100): "the weight of a rule's full name",
    ("compile/diff/formats/words.py", 100): "characters of a value that a message repeats",
    ("report/frame.py", 120): "cells of a line",
    ("rules/__init__.py", 3): "letters of PNP",
    ("check/calm.py", 40): "characters of a template's title or text that always fit",
    ("check/examples.py", 16): "ways to fill one text that are judged",
    ("check/ways.py", 16): "rounds of a loop that are filled",
    ("check/examples.py", 10): "steps of the allowance that a character takes",
    ("check/weight.py", 10): "steps of the allowance that a value takes",
    ("line/grammar/allowance.py", 10): "the base of a power",
    ("line/grammar/allowance.py", 20): "steps that a character earns",
    ("line/catalog.py", 10): "digits of a key",
    ("language/filling/date_texts.py", 12): "hours of half a day",
    ("language/expressions/expression.py", 1000): "characters of an expression",
    ("language/expressions/expression.py", 10): "the base of a power",
    ("language/expressions/expression.py", 15): "an exponent",
    ("language/proof/first_step.py", 1000): "a length that `truncate` takes for sure",
    ("line/grammar/collections.py", 100): "unknown keys told of one mapping",
    ("line/grammar/scalars.py", 400): "digits of a number",
    ("line/grammar/verdicts.py", 60): "characters of a name that is compared with others",
    ("line/keylists/pasted.py", 40): "characters of a heading",
    ("language/filling/locales.py", 10): "the base of a power",
    ("language/filling/locales.py", 15): "an exponent",
    ("language/filling/timestamps.py", 2000): "a year",
    ("language/filling/number_texts.py", 40): "digits that are kept while a number is rounded",
    ("line/grammar/patterns.py", 10): "the base of a power",
    ("line/grammar/patterns.py", 10000): "characters of a text that a pattern is tried on",
    ("line/grammar/units.py", 12): "characters of four bytes in a URL",
    ("language/extents/matching.py", 10): "the base of a power",
    ("language/proof/samples.py", 10): "the base of a power",
    ("language/proof/samples.py", 16): "an exponent",
    ("language/proof/samples.py", 300): "values tried of a variable",
    ("language/proof/expression_tree.py", 60): "levels of an expression",
    ("language/proof/witness.py", 20): "characters of a value that a message shows",
    ("text/nodes.py", 10): "bits of half a surrogate pair",
    ("text/nodes.py", 16): "the base of hexadecimal digits",
    ("project/globs.py", 50): "parts of a pattern",
    ("text/toml.py", 50): "parts of a dotted key",
    ("text/wording.py", 40): "characters of a value that a message repeats",
    ("text/yaml/survey.py", 50): "brackets of a shallow text",
    ("text/nodes.py", 2000): "levels that recursion takes",
    ("text/document.py", 10000): "documents of a file",
    ("text/json/faults.py", 4): "digits of an escape",
}


def limits() -> set[int]:
    """Every number that the schemas and the other files of limits set as one."""
    found: set[int] = set()

    def gather(value: object, inside: bool) -> None:
        if isinstance(value, dict):
            for name, one in value.items():
                gather(one, inside or name in LIMITS)
        elif isinstance(value, list):
            for one in value:
                gather(one, inside)
        elif inside and type(value) is int and value > 2:
            found.add(value)

    of_others = "sinch-message.schema.json"  # the limits of LINE's that hold in it stand in LINE's own files
    for file in (ROOT / "schemas").glob("*.json"):
        if file.name == of_others:
            continue
        gather(json.loads(file.read_text(encoding="utf-8")), file.name == "limits.json")
    return found


def test_no_limit_of_lines_stands_in_the_code() -> None:
    """15, 300, 1000 characters and the like are data; the code takes them from schemas/."""
    known = limits()
    assert {15, 300, 1000, 5000, 30720} <= known
    standing = set()
    for file in files():
        tree = ast.parse(file.read_text(encoding="utf-8"))
        compared = {id(part) for node in ast.walk(tree) if isinstance(node, ast.Compare) for part in ast.walk(node)}
        for node in ast.walk(tree):
            number = node.value if isinstance(node, ast.Constant) and type(node.value) is int else 0
            if number in known and (number > SMALL or id(node) in compared):
                standing.add((str(file.relative_to(CODE)), number))
    assert standing - OTHERWISE.keys() == set()
    assert OTHERWISE.keys() - standing == set(), "no longer in the code"


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
