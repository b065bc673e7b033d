"""The programs in `tools/` that `make` runs, tried as it runs them."""

import subprocess
import sys
import tomllib
from pathlib import Path
from re import MULTILINE, findall, fullmatch

import psutil
import pytest
from conftest import ROOT, clean_environment
from coverage import CoverageData

sys.path.insert(0, str(ROOT / "tools"))  # no package, but scripts
import mutants
from reached import Reached


def tool(name: str, *words: str, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / "tools" / name, *words],
        env=clean_environment(), capture_output=True, encoding="utf-8", timeout=timeout, check=False,
    )  # fmt: skip


# Leaves a process in a session of its own, whose parent has ended, and writes its number into a file.
ORPHAN = """\
import subprocess, sys
code = "import subprocess, sys; p = subprocess.Popen(['sleep', '987'], start_new_session=True, stdin=0, stdout=-3, stderr=-3); open(sys.argv[1], 'w').write(str(p.pid))"
subprocess.run([sys.executable, "-W", "ignore", "-c", code, sys.argv[1]], check=True)
sys.exit(int(sys.argv[2]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="orphans can be adopted on Linux only")
@pytest.mark.parametrize(("code", "shown"), [(0, 1), (3, 3)])
def test_no_process_outlives_the_command(tmp_path: Path, code: int, shown: int) -> None:
    number = tmp_path / "number"
    done = tool("no_leftovers.py", sys.executable, "-c", ORPHAN, str(number), str(code))
    assert done.returncode == shown, done.stderr
    assert "ended a process that was left behind: sleep 987" in done.stderr
    assert not psutil.pid_exists(int(number.read_text()))


def test_a_command_that_leaves_nothing_ends_as_it_ends() -> None:
    for code in (0, 5):
        done = tool("no_leftovers.py", sys.executable, "-c", f"import sys; sys.exit({code})")
        assert (done.returncode, done.stderr) == (code, "")


def test_the_newer_libraries_are_named(tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text("click==0.0.1 \\\n    --hash=sha256:aa\nnever-installed-here==1.0\n", encoding="utf-8")
    lines = tool("newer.py", str(lock)).stdout.splitlines()
    assert lines[0] == f"1 libraries differ from {lock}"
    assert fullmatch(r"  click [0-9.]+ \(locked: 0\.0\.1\)", lines[1])


@pytest.mark.parametrize(
    ("file", "extras"),
    [
        ("run.txt", ["compile", "send", "watch"]),
        ("dev.txt", ["compile", "send", "watch", "parquet", "postgres", "dev"]),
    ],
)
def test_a_lock_has_every_library_with_version_and_hashes(file: str, extras: list[str]) -> None:
    """`make lock` was not forgotten after a library came or went."""
    text = (ROOT / "requirements" / file).read_text(encoding="utf-8")
    locked = {name.lower() for name in findall(r"^([A-Za-z0-9._-]+)==", text, MULTILINE)}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["dependencies"] + [one for extra in extras for one in project["optional-dependencies"][extra]]
    names = {findall(r"^[A-Za-z0-9._-]+", one)[0].lower() for one in wanted} - {"pnpc"}
    assert names <= locked
    entries = text.split("\n", 2)[2].replace("\\\n", " ").splitlines()
    assert [entry for entry in entries if entry and "--hash=sha256:" not in entry] == []


MUTABLE = '''"""More than 1."""

class A:
    """Less than 2."""

    __slots__ = ("a", "b")[0:1]

    def fits(self, size: "int | None" = None, *, most: int = 10) -> bool:
        if size is None and f"{most + 1}":
            return True
        self.a(size)
        return size <= most

    def __repr__(self) -> str:
        return str(1 + 2)

    def both(self, known: dict[int, int]) -> None:
        if len(known) >= _MOST_KNOWN:
            known.clear()
        assert self, str(3)
        zip(known, known, strict=True)
        if len(known) > 7:
            self.clear()

_MOST_KNOWN = 4_096
'''
CHANGES = """\
8  10  ->  (11)
8  10  ->  (9)
9  size is None and f"{most + 1}"  ->  (size is None or f'{most + 1}')
9  size is None  ->  (size is not None)
10  True  ->  (False)
11  self.a(size)  ->  pass
12  return size <= most  ->  return None
12  size <= most  ->  (size < most)
21  zip(known, known, strict=True)  ->  pass
22  len(known) > 7  ->  (len(known) >= 7)
22  7  ->  (6)
22  7  ->  (8)
23  self.clear()  ->  pass
"""


def test_only_what_a_program_does_is_changed() -> None:
    code = MUTABLE.encode()
    changes = mutants.mutants_of(Path("a.py"), code)
    assert "".join(f"{str(change).removeprefix('a.py:')}\n" for change in changes) == CHANGES
    assert len({change.apply(code) for change in changes}) == len(changes)
    for change in changes:
        compile(change.apply(code), "a.py", "exec")


def test_a_change_survives_where_no_test_asks(tmp_path: Path) -> None:
    files = {
        "pnpc/__init__.py": "",
        "pnpc/emulator/__init__.py": "",
        "pnpc/emulator/pytest_plugin.py": "",  # pytest asks for it
        "tests/test_other.py": "from pnpc.size import is_larger\n\ndef test_other():\n    assert is_larger\n",
        "pnpc/size.py": "def is_larger(a: int, b: int) -> bool:\n    return a > b\n",
        "tests/test_size.py": "from pnpc.size import is_larger\n\ndef test_size():\n    assert is_larger(2, 1)\n",
    }
    for name, text in files.items():
        (tmp_path / "root" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "root" / name).write_text(text, encoding="utf-8")
    told: list[str] = []
    changes = mutants.chosen(tmp_path / "root", [""], 10, seed=1)
    verdicts = mutants.run(
        tmp_path / "root", changes, 1, lambda change, verdict: told.append(f"{change.line} {verdict}")
    )
    assert told == ["2 tests/test_size.py::test_size", "2 survived"]
    assert mutants.summary(verdicts) == "2 changes: 1 noticed (0 by the time limit), 1 survived; rate 50 %"
    assert "a > b" in (tmp_path / "root" / "pnpc" / "size.py").read_text(encoding="utf-8")


def test_tests_of_other_lines_of_a_file_come_last(tmp_path: Path) -> None:
    """They may use what an earlier test of the process has worked out and remembered."""
    data = CoverageData(str(tmp_path / "reached.db"))
    for test, lines in (
        ("a", {"size.py": [2, 3]}),
        ("b", {"size.py": [3], "other.py": [*range(90)]}),
        ("c", {"size.py": [5]}),
        ("d", {"other.py": [1]}),
    ):
        data.set_context(f"tests/test_{test}.py::test_{test}[1]|run")
        data.add_lines(lines)
    data.write()
    reached = Reached(tmp_path / "reached.db")
    found = reached.tests("size.py", range(2, 4), 9)
    assert [test[-1] for test in found] == ["a", "b", "c"]
    assert [test[-1] for test in reached.tests("size.py", range(5, 6), 9)] == ["c", "a", "b"]
    assert [test[-1] for test in reached.tests("size.py", range(2, 4), 1)] == ["a"]
    assert reached.tests("none.py", range(1, 2), 9) == []
