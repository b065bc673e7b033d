"""What `pip install pnpc` has, and what is said of the parts that it has not: one line, exit code 2."""

import json
import tomllib
from re import MULTILINE, findall
from typing import NamedTuple

import pytest
from conftest import ROOT, SPEC, program

from pnpc.cli.main import COMMANDS
from pnpc.extras import LIBRARIES

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

# Runs command lines one after the other, in a process where some libraries can't be imported.
SCRIPT = """
import contextlib, io, json, sys
libraries, lines = json.loads(sys.argv[1]), json.loads(sys.argv[2])

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in libraries:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Blocked())
from pnpc.cli.main import main

for line in lines:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(line)
    print(json.dumps([code, out.getvalue(), err.getvalue()]), flush=True)
"""


class Ended(NamedTuple):
    code: int
    stdout: str
    stderr: str


def without(extras: list[str], lines: list[list[str]], folder) -> list[Ended]:
    """How command lines end in an installation without some extras."""
    kept = {library for extra, libraries in LIBRARIES.items() if extra not in extras for library in libraries}
    libraries = [library for extra in extras for library in LIBRARIES[extra] if library not in kept]
    done = program(SCRIPT, folder, json.dumps(libraries), json.dumps(lines), LINE_CHANNEL_ACCESS_TOKEN="any")
    assert done.returncode == 0, done.stderr
    return [Ended(*json.loads(line)) for line in done.stdout.splitlines()]


def test_the_extras_are_those_of_the_project() -> None:
    extras = PROJECT["optional-dependencies"]
    for extra, libraries in LIBRARIES.items():
        named = [findall(r"^[A-Za-z0-9._-]+", one)[0] for one in extras[extra]]
        names = [name.replace("-", "_") for name in named if name != "pnpc"]
        assert sorted(names) == sorted(libraries)
    assert extras["all"] == [f"pnpc[{','.join(LIBRARIES)}]"]
    assert extras["dev"][0] == "pnpc[all]"
    core = {findall(r"^[A-Za-z0-9._-]+", one)[0] for one in PROJECT["dependencies"]}
    assert core.isdisjoint(library for libraries in LIBRARIES.values() for library in libraries)


def test_the_page_of_libraries_names_their_extras() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    rows = dict(findall(r"^\| ([\w-]+)[^|]* \|([^|]*)\| [^|]+ \| `pnpc/", page, flags=MULTILINE))
    for library in {library for libraries in LIBRARIES.values() for library in libraries}:
        wanted = [extra for extra, libraries in LIBRARIES.items() if library in libraries]
        assert findall(r"`(\w+)`", rows[library]) == wanted
    assert all(rows[findall(r"^[\w-]+", one)[0]].strip() == "" for one in PROJECT["dependencies"])


def test_what_a_hook_needs_is_the_core(tmp_path) -> None:
    (tmp_path / "spec.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "wrong.yaml").write_text(SPEC.replace("items:", "itms:"), encoding="utf-8")
    body = {"templateKey": "shipment_completed_ja", "body": {"items": [{"itemKey": "number_001_ja", "content": "A1"}]}}
    (tmp_path / "body.json").write_text(json.dumps(body), encoding="utf-8")
    lines = {
        "check spec.yaml": 0, "check wrong.yaml": 1, "check --fix wrong.yaml": 0, "check --format sarif spec.yaml": 0, "explain PNP204": 0,
        "rules": 0, "new --list": 0, "new shipment_completed_ja -o new.yaml": 0, "init other": 0, "schema spec": 0,
        "catalog list": 0, "completion bash": 0, "import body.json --country JP -o imported.yaml": 0, "status": 2, "journal list": 2,
    }  # fmt: skip
    ended = without([*LIBRARIES], [line.split() for line in lines], tmp_path)
    assert dict(zip(lines, (done.code for done in ended), strict=True)) == lines, ended
    assert not any("pip install" in done.stderr for done in ended)


def test_a_cluster_and_a_store_need_their_part(tmp_path) -> None:
    (tmp_path / "spec.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "r.csv").write_text("phone,slot\n", encoding="utf-8")
    lines = [
        "compile spec.yaml --recipients r.csv -o out/ --cluster tcp://127.0.0.1:1",
        "compile spec.yaml --recipients s3://bucket/r.csv",
    ]
    cluster, store = without(["dask"], [line.split() for line in lines], tmp_path)
    assert cluster == (2, "", "pnpc compile --cluster needs distributed: pip install 'pnpc[dask]'\n")
    assert store == (2, "", "pnpc: s3://bucket/r.csv needs fsspec: pip install 'pnpc[dask]'\n")


@pytest.mark.parametrize(
    ("extra", "lines"),
    [
        ("compile", ["compile spec.yaml", "compile --check", "hash 08000001234", "preview spec.yaml", "diff spec.yaml spec.yaml"]),
        ("send", ["push x.jsonl", "push spec.yaml --recipients r.csv --dry-run", "listen", "counts", "emulator", "verify spec.yaml", "verify --account"]),
        ("watch", ["check --watch"]),
    ],
)  # fmt: skip
def test_a_missing_part_is_one_line_that_names_it(extra: str, lines: list[str], tmp_path) -> None:
    (tmp_path / "spec.yaml").write_text(SPEC, encoding="utf-8")
    for done, line in zip(without([*LIBRARIES], [line.split() for line in lines], tmp_path), lines, strict=True):
        needed = LIBRARIES[extra][0]
        assert done == (2, "", f"pnpc {line.split()[0]} needs {needed}: pip install 'pnpc[{extra}]'\n"), line
    assert sorted(file.name for file in tmp_path.iterdir()) == ["spec.yaml"]


def test_doctor_names_the_parts_that_are_missing(tmp_path) -> None:
    (bare,) = without([*LIBRARIES], [["doctor"]], tmp_path)
    (sends,) = without(["watch", "dask"], [["doctor", "--offline"]], tmp_path)
    assert bare.code == 1
    assert (
        "to do  extras   installed: none; not installed: compile, send, parquet, watch, postgres, dask" in bare.stdout
    )
    assert "pnpc doctor needs aiohttp: pip install 'pnpc[send]'" in bare.stdout
    assert "installed: compile, send, parquet, postgres; not installed: watch, dask" in sends.stdout
    assert "extras:" not in sends.stdout  # nothing is to be done: not all have to be there


def test_each_part_works_without_the_others(tmp_path) -> None:
    (tmp_path / "spec.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "r.csv").write_text("phone,slot\n08000001234,x\n", encoding="utf-8")
    compile_ = ["compile", "spec.yaml", "--recipients", "r.csv", "-o", "out.jsonl"]
    (compiled,) = without(["send", "parquet", "watch", "postgres"], [compile_], tmp_path)
    assert compiled.code == 0, compiled
    push = ["push", "out.jsonl", "--dry-run"]
    of_spec = ["push", "spec.yaml", "--recipients", "r.csv", "--dry-run"]
    sent, refused = without(["compile", "parquet", "watch", "postgres"], [push, of_spec], tmp_path)
    assert sent.code == 0, sent
    assert refused[::2] == (2, "pnpc compile needs jsonschema: pip install 'pnpc[compile]'\n")


def test_every_command_has_its_help_without_any(tmp_path) -> None:
    lines = [[*name.split(), "--help"] for name in COMMANDS]
    for done, line in zip(without([*LIBRARIES], lines, tmp_path), lines, strict=True):
        assert done.code == 0, line
        assert "Usage: pnpc" in done.stdout, line


def test_a_program_is_told_the_same(tmp_path) -> None:
    script = (
        SCRIPT.partition("from pnpc.cli")[0]
        + """
import pnpc
spec = pnpc.load(lines)
assert spec.check() == [] == pnpc.check_text(lines)
for call in (lambda: spec.fill({"slot": "x"}), lambda: pnpc.compile_text(lines)):
    try:
        call()
    except pnpc.MissingExtra as error:
        print(error)
"""
    )
    done = program(script, tmp_path, json.dumps(LIBRARIES["compile"]), json.dumps(SPEC))
    assert done.stdout.splitlines() == [
        "pnpc.Spec.fill needs jsonschema: pip install 'pnpc[compile]'",
        "pnpc.compile_text needs jsonschema: pip install 'pnpc[compile]'",
    ], done.stderr
