"""What tests share: a scrubbed environment, and the command line run as people run it."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from postgres import Server


EFFORT = float(os.environ.get("PNPC_TEST_EFFORT", "1"))


def tries(examples: int) -> int:
    """How many examples a property is tried with: `PNPC_TEST_EFFORT=10` asks for ten times as many."""
    return max(1, int(examples * EFFORT))


settings.register_profile("pnpc", deadline=None, print_blob=True, max_examples=tries(100))
settings.load_profile("pnpc")


Run = Callable[..., subprocess.CompletedProcess[str]]
ROOT = Path(__file__).parent.parent
_SCRUBBED = ("CI", "NO_COLOR", "FORCE_COLOR", "GITHUB_ACTIONS", "COLUMNS", "PNPC_TRACEBACK")


# A shell without job control starts what it puts into the background with SIGINT ignored, and every process that a test
# then starts would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def clean_environment(**more: str) -> dict[str, str]:
    """The environment without what would change an output."""
    kept = {name: value for name, value in os.environ.items() if name not in _SCRUBBED}
    return {**kept, "PYTHONWARNINGS": "error", **more}


@pytest.fixture
def pnpc(tmp_path: Path) -> Run:
    """Run `pnpc ARGS` as a process in `tmp_path`; `input` is text or bytes for standard input."""

    def run(
        *args: str | Path, input: str | bytes = b"", cwd: Path = tmp_path, **more: str
    ) -> subprocess.CompletedProcess[str]:
        data = input.encode() if isinstance(input, str) else input
        done = subprocess.run(
            [sys.executable, "-m", "pnpc", *map(str, args)],
            cwd=cwd, input=data, capture_output=True, timeout=60, env=clean_environment(**more), check=False,
        )  # fmt: skip
        out, err = done.stdout.decode(), done.stderr.decode()
        assert "Traceback" not in err, err
        assert done.returncode != 101, err
        return subprocess.CompletedProcess(done.args, done.returncode, out, err)

    return run


def program(script: str, folder: Path, *args: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a Python program in a process of its own, in a folder and a clean environment (`more` adds to it)."""
    return subprocess.run(
        [sys.executable, "-c", script, *args], cwd=folder, capture_output=True, text=True,
        env=clean_environment(**more), check=False,
    )  # fmt: skip


class Done(NamedTuple):
    """What a command line ended with."""

    returncode: int
    stdout: str
    stderr: str


Here = Callable[..., Done]


@pytest.fixture
def here(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Here:
    """Run `pnpc ARGS` in `tmp_path` and in this process, where it starts in no time; named words are the environment.

    `input` is text or bytes for standard input.
    """
    from pnpc.cli.main import main

    monkeypatch.chdir(tmp_path)
    for name in _SCRUBBED:
        monkeypatch.delenv(name, raising=False)

    def run(*args: str | Path, input: str | bytes = b"", **more: str) -> Done:
        data = input.encode() if isinstance(input, str) else input
        with monkeypatch.context() as given, _standard_input(data), open(0, closefd=False) as stdin:
            given.setattr(sys, "stdin", stdin)
            for name, value in more.items():
                given.setenv(name, value)
            code = main([str(one) for one in args])
        done = Done(code, *capsys.readouterr())
        assert code != 101, done.stderr
        return done

    return run


@pytest.fixture(scope="session")
def postgres() -> "Iterator[Server]":
    """A PostgreSQL server; without one the tests that ask for it are skipped."""
    from postgres import running

    with running() as server:
        yield server


@pytest.fixture(params=["file", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The name of a journal: a file that is not there yet, and a database that has one."""
    if request.param == "file":
        return str(tmp_path / "j.db")
    name: str = request.getfixturevalue("postgres").journal()
    return name


# Of a test whose journal is the fixture `file`: with a journal in a file, and with one in a database.
BOTH = pytest.mark.parametrize("file", ["file", "postgres"], indirect=True)


def journal_for(request: pytest.FixtureRequest, file: Path) -> Path | str:
    """The journal of a test: a file, or a new database where the test is for BOTH."""
    if getattr(request, "param", "file") == "file":
        return file
    url: str = request.getfixturevalue("postgres").journal()
    return url


@contextmanager
def _standard_input(data: bytes) -> Iterator[None]:
    """Let the descriptor of standard input give `data`."""
    before = os.dup(0)
    with TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        os.dup2(file.fileno(), 0)
    try:
        yield
    finally:
        os.dup2(before, 0)
        os.close(before)


SPEC = """\
pnpc: 1
name: shipment
country: JP
variables:
  slot: {type: string, maxLength: 20, example: 午前中}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: time_range_001_ja, content: "{{ slot }}"}
"""
