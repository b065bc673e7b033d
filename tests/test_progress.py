"""Progress: seen on a terminal, and nowhere else."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from conftest import SPEC, Run, clean_environment

ROWS = 3_000
BAR = """
import sys
from pnpc.cli.progress import progress
with progress("rows", total=2000) as bar:
    for number in range(2000):
        bar.add(1, errors=number % 2)
    bar.draw()
print("done", sys.modules.get("tqdm") is not None)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "spec.yaml").write_text(SPEC)
    lines = "".join(f"+8180{one:08},{'x' * (1 if one % 10 else 99)}\n" for one in range(ROWS))
    (tmp_path / "r.csv").write_text("phone,slot\n" + lines)
    return tmp_path


def on_a_terminal(command: list[str], folder: Path, *, stdout: bool = False, **more: str) -> tuple[int, str, str]:
    """The exit code of a command, what it printed, and what a terminal saw that is its standard error (and output)."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    out = theirs if stdout else subprocess.PIPE
    environment = clean_environment(TERM="xterm", **more)
    with subprocess.Popen(command, cwd=folder, stdout=out, stderr=theirs, env=environment) as running:
        os.close(theirs)
        seen = b""
        while True:
            try:
                part = os.read(ours, 65_536)
            except OSError:  # a terminal's way to say that nobody writes any more
                break
            if not part:
                break
            seen += part
        printed = running.stdout.read() if running.stdout is not None else b""
    os.close(ours)
    return running.returncode, printed.decode(), seen.decode()


def compiling(*more: str) -> list[str]:
    return [sys.executable, "-m", "pnpc", "compile", "spec.yaml", "--recipients", "r.csv", *more]


def last(seen: str) -> str:
    """What is left on the screen: a bar that is gone has been written over."""
    lines = [line.split("\r")[-1] for line in seen.replace("\r\n", "\n").split("\n")]
    return "\n".join(re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", line).rstrip() for line in lines)


def test_a_terminal_sees_rows_and_mistakes(folder: Path) -> None:
    code, printed, seen = on_a_terminal(compiling("-o", "out.jsonl"), folder)
    assert (code, printed) == (1, "")
    assert "rows/s" in seen
    assert "with mistakes]" in seen
    assert last(seen).rstrip().endswith(" with mistakes")
    assert "rows/s" not in last(seen), "the bar is gone when the work is done"


@pytest.mark.parametrize("option", ["-q", "--no-progress"])
def test_who_wants_none_sees_none(folder: Path, option: str) -> None:
    _, _, seen = on_a_terminal(compiling("-o", "out.jsonl", option), folder)
    assert "rows/s" not in seen
    assert "payloads" in seen


def test_no_bar_between_the_lines_of_an_output(folder: Path) -> None:
    _, _, seen = on_a_terminal(compiling("--limit", "5"), folder, stdout=True)
    assert "rows/s" not in seen
    assert seen.count('{"id"') == 4


def test_nobody_watches_a_pipe(folder: Path, pnpc: Run) -> None:
    done = pnpc(*compiling("-o", "out.jsonl")[3:])
    assert "rows/s" not in done.stderr
    assert "\r" not in done.stderr


def test_no_colours_and_no_bar_on_a_dumb_terminal(folder: Path) -> None:
    _, _, seen = on_a_terminal(compiling("-o", "out.jsonl"), folder, NO_COLOR="1")
    assert "rows/s" in seen
    assert "\x1b[3" not in seen
    _, _, dumb = on_a_terminal(["env", "TERM=dumb", *compiling("-o", "out.jsonl")], folder)
    assert "rows/s" not in dumb


def test_drawing_is_rare(tmp_path: Path) -> None:
    code, printed, seen = on_a_terminal([sys.executable, "-c", BAR], tmp_path)
    assert (code, printed) == (0, "done True\n")
    # Two thousand calls; ten drawings a second, and this machine may be slow.
    assert 2 <= seen.count("\r") < 200
    assert "100%" in seen
    assert "1,000 with mistakes" in seen


def test_without_a_terminal_nothing_is_loaded(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", BAR], capture_output=True, env=clean_environment(), check=True)
    assert (done.stdout, done.stderr) == (b"done False\n", b"")
