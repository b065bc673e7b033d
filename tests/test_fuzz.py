"""A short form of `tools/fuzz.py`: the same inputs each time, through every command."""

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, clean_environment, program


def test_no_input_breaks_a_command(tmp_path: Path) -> None:
    options = ["--seed", "20261127", "--inputs", "128", "--seconds", "600", "--fresh", "0.01", "--keep", "failures"]
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "fuzz.py", *options],
        cwd=tmp_path, capture_output=True, text=True, env=clean_environment(PYTHONWARNINGS="default"), check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "128 inputs" in done.stdout


def test_inputs_that_break_are_kept_one_by_one(tmp_path: Path) -> None:
    """Of inputs that run together each that breaks is told, and written with its commands."""
    script = (
        "import pnpc.cli.main as m; whole = m.main; m.main = lambda argv: 101 if 'hash' in argv else whole(argv);"
        "import fuzz, sys; sys.argv[1:] = sys.argv[2:]; sys.exit(fuzz.main())"
    )
    options = ["--entries", "hash,messages", "--inputs", "4", "--fresh", "0", "--keep", "failures"]
    done = program(script, tmp_path, "x", *options, PYTHONPATH=str(ROOT / "tools"), PYTHONWARNINGS="default")
    assert done.returncode == 1
    kept = list((tmp_path / "failures").iterdir())
    assert 0 < len(kept) < 4
    for folder in kept:
        assert f"input {folder.name}: exit code 101" in done.stdout
        assert (folder / "HOW").read_text().startswith("pnpc hash --country JP")


def test_a_process_that_waits_for_a_processor_does_not_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "tools")
    from fuzz import is_runnable

    waiting = subprocess.Popen(
        [sys.executable, "-c", "print(flush=True); input()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert waiting.stdout is not None
    waiting.stdout.read(1)
    while is_runnable(waiting.pid):  # it is on the way to its input
        pass
    waiting.communicate(b"\n")
    busy = subprocess.Popen([sys.executable, "-c", "print(flush=True)\nwhile True: pass"], stdout=subprocess.PIPE)
    assert busy.stdout is not None
    busy.stdout.read(1)
    assert is_runnable(busy.pid)
    busy.kill()
    busy.communicate()


def test_a_spec_goes_through_three_commands(tmp_path: Path) -> None:
    """An input of `messages` counts when it was checked, compiled and fixed."""
    calls = tmp_path / "calls"
    script = (
        f"import pnpc.cli.main as m; whole = m.main; log = open({str(calls)!r}, 'w');"
        "m.main = lambda argv: print(argv, file=log, flush=True) or whole(argv);"
        "import fuzz, sys; sys.argv[1:] = sys.argv[2:]; sys.exit(fuzz.main())"
    )
    options = ["--entries", "messages", "--inputs", "1", "--fresh", "0", "--seed", "2"]
    done = program(script, tmp_path, "x", *options, PYTHONPATH=str(ROOT / "tools"), PYTHONWARNINGS="default")
    assert (done.returncode, done.stdout[:8]) == (0, "1 inputs")
    check, compiled, fixed = calls.read_text().splitlines()
    assert check.startswith("['check'")
    assert compiled.startswith("['compile'")
    assert fixed.startswith("['check', '--")
