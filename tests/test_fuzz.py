"""A short form of `tools/fuzz.py`: the same inputs each time, through every command."""

import subprocess
import sys
from pathlib import Path

from conftest import ROOT, clean_environment


def test_no_input_breaks_a_command(tmp_path: Path) -> None:
    options = ["--seed", "20261127", "--inputs", "80", "--seconds", "600", "--fresh", "0.02", "--keep", "failures"]
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "fuzz.py", *options],
        cwd=tmp_path, capture_output=True, text=True, env=clean_environment(PYTHONWARNINGS="default"), check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "80 inputs" in done.stdout


def test_an_input_that_breaks_is_kept(tmp_path: Path) -> None:
    """What is given as exit code of a bug by an input is told, and the input is written with its command."""
    script = "import pnpc.cli.main as m; m.main = lambda argv: 101; import fuzz, sys; sys.argv[1:] = sys.argv[2:]; sys.exit(fuzz.main())"
    done = subprocess.run(
        [sys.executable, "-c", script, "x", "--entries", "hash", "--inputs", "1", "--fresh", "0", "--keep", "failures"],
        cwd=tmp_path, capture_output=True, text=True,
        env=clean_environment(PYTHONPATH=str(ROOT / "tools"), PYTHONWARNINGS="default"), check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "input 0: exit code 101" in done.stdout
    assert (tmp_path / "failures" / "0" / "HOW").read_text().startswith("pnpc hash --country JP")
