"""The laws of the house: imports run down only, one door a library, no room that holds more than one idea."""

import ast
import json
import re
from pathlib import Path

import pytest
from conftest import ROOT

CODE = ROOT / "pnpc"
FLOORS = (
    "about",
    "data",
    "text",
    "spec",
    "rules",
    "check",
    "report",
    "compile",
    "project",
    "library",
    "deliver",
    "emulator",
    "cli",
)
DOORS = {
    "yaml": {"text/document.py", "text/nodes.py"},
    "tomllib": {"text/toml.py"},
    "wcwidth": {"text/width.py"},
    "rapidfuzz": {"spec/suggest.py"},
    "regex": {"spec/patterns.py"},
    "jinja2": {
        "compile/preview/page.py",
        "spec/language.py",
        "spec/misread.py",
        "spec/filters.py",
        "spec/structure/asking.py",
    },
    "phonenumbers": {"compile/phones.py"},
    "jsonschema": {"compile/rows.py"},
    "watchfiles": {"cli/watch.py"},
    "zstandard": {"project/streams.py"},
    "tqdm": {"cli/progress.py"},
    "pyarrow": {"compile/parquet.py"},
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


LIMITS = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "minimum", "maximum")
SMALL = 5  # up to here a number is too common to be known as a limit, but where it is compared
# Numbers that are a limit of LINE's somewhere, and mean something else where they stand.
OTHERWISE = {
    ("spec/glance.py", 10): "powers of ten",
    ("spec/glance.py", 15): "powers of ten",
    ("spec/glance.py", 12): "the longest %XX of a character",
    ("cli/catalog.py", 10): "search results shown",
    ("cli/catalog.py", 3): "letters of a search word",
    ("cli/compiling.py", 10): "ignored columns named",
    ("cli/compiling.py", 50): "diagnostics shown",
    ("cli/compiling.py", 1000): "ignored columns kept",
    ("cli/snapshots.py", 20): "changes of a snapshot that are shown",
    ("cli/snapshots.py", 40): "lines of a diff that are shown",
    ("compile/message.py", 1000): "filled texts remembered",
    ("compile/no_phone.py", 15): "digits of a phone number in E.164",
    ("compile/phones.py", 40): "characters that a phone number may be written with",
    ("compile/batch.py", 1000): "unknown columns told of",
    ("compile/fast/code.py", 10000): "texts remembered",
    ("compile/fast/variables.py", 15): "digits of a whole number",
    ("compile/seen.py", 16): "hexadecimal digits, bytes",
    ("compile/values.py", 300): "digits of a number",
    ("cli/push.py", 10000): "requests under way at once",
    ("deliver/artifact.py", 10): "lines told of",
    ("deliver/artifact.py", 1000): "lines compared at once",
    ("deliver/binding.py", 16): "hexadecimal digits",
    ("deliver/breaker.py", 20): "requests, outcomes",
    ("deliver/breaker.py", 50): "outcomes",
    ("deliver/breaker.py", 1000): "good outcomes",
    ("deliver/database.py", 10): "seconds to wait for another process",
    ("deliver/engine.py", 10): "attempts of a message",
    ("deliver/journal.py", 10000): "intents of the last second",
    ("deliver/moments.py", 1000): "milliseconds of a second",
    ("deliver/refusals.py", 50): "groups of refusals shown",
    ("project/files.py", 20): "a megabyte is 2 to the 20th",
    ("project/revisions.py", 3): "words of a line of git's",
    ("project/run.py", 100): "files given to one process",
    ("project/workspace.py", 100): "the weight of a rule's full name",
    ("report/changes/words.py", 100): "characters of a value that a message repeats",
    ("report/frame.py", 120): "cells of a line",
    ("rules/__init__.py", 3): "letters of PNP",
    ("check/calm.py", 40): "characters of a template's title or text that always fit",
    ("check/examples.py", 16): "ways to fill one text that are judged",
    ("check/ways.py", 16): "rounds of a loop that are filled",
    ("check/examples.py", 10): "steps of the allowance that a character takes",
    ("check/samples.py", 10): "powers of ten",
    ("check/samples.py", 15): "powers of ten",
    ("check/weight.py", 10): "steps of the allowance that a value takes",
    ("spec/allowance.py", 10): "the base of a power",
    ("spec/allowance.py", 20): "steps that a character earns",
    ("spec/catalog.py", 10): "digits of a key",
    ("spec/date_texts.py", 12): "hours of half a day",
    ("spec/expression.py", 1000): "characters of an expression",
    ("spec/glance.py", 1000): "a length that `truncate` takes for sure",
    ("spec/grammar/collections.py", 100): "unknown keys told of one mapping",
    ("spec/grammar/scalars.py", 400): "digits of a number",
    ("spec/grammar/verdicts.py", 60): "characters of a name that is compared with others",
    ("spec/keylists/pasted.py", 40): "characters of a heading",
    ("spec/language.py", 10): "the base of a power",
    ("spec/language.py", 15): "an exponent",
    ("spec/locales.py", 10): "the base of a power",
    ("spec/locales.py", 15): "an exponent",
    ("spec/moments.py", 2000): "a year",
    ("spec/number_texts.py", 40): "digits that are kept while a number is rounded",
    ("spec/patterns.py", 10): "the base of a power",
    ("spec/patterns.py", 10000): "characters of a text that a pattern is tried on",
    ("spec/proof/extent.py", 12): "characters of four bytes in a URL",
    ("spec/proof/matching.py", 10): "the base of a power",
    ("spec/proof/number.py", 10): "the base of a power",
    ("spec/proof/number.py", 15): "an exponent",
    ("spec/proof/samples.py", 10): "the base of a power",
    ("spec/proof/samples.py", 16): "an exponent",
    ("spec/proof/samples.py", 300): "values tried of a variable",
    ("spec/proof/tree.py", 60): "levels of an expression",
    ("spec/proof/witness.py", 20): "characters of a value that a message shows",
    ("text/nodes.py", 10): "bits of half a surrogate pair",
    ("text/nodes.py", 16): "the base of hexadecimal digits",
    ("project/globs.py", 50): "parts of a pattern",
    ("text/toml.py", 50): "parts of a dotted key",
    ("text/finding.py", 40): "characters of a value that a message repeats",
    ("text/look.py", 50): "brackets of a shallow text",
    ("text/nodes.py", 2000): "levels that recursion takes",
    ("text/document.py", 10000): "documents of a file",
    ("text/json_faults.py", 4): "digits of an escape",
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


def test_the_table_of_packages_tells_the_floors() -> None:
    """What CONTRIBUTING says of the packages, top down, and of the libraries behind their doors."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split("|") for line in text.splitlines() if line.startswith("| `")]
    named = [name.strip("/") for row in rows for name in re.findall(r"`([a-z/]+)`", row[0])]
    assert named == list(reversed([name for name in FLOORS if name not in ("data", "about")])) + ["data", "about"]
    told: dict[str, set[str]] = {}
    for row in rows:
        for one in row[2].split(",") if len(row) > 2 else ():
            told.setdefault(one.strip(), set()).add(row[0].strip("` /"))
    for library, doors in DOORS.items():
        assert told["PyYAML" if library == "yaml" else library] == {door.partition("/")[0] for door in doors}


def test_files_that_the_docs_name_are_there() -> None:
    for name in ("CONTRIBUTING.md", "README.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        for file in re.findall(r"`((?:pnpc|tests|schemas|docs|benchmarks)/[\w/.-]+)`", text):
            assert (ROOT / file).exists() or "the_name" in file, file
