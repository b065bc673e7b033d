"""The console blocks of README.md and docs/*.md: run as they are written, compared with what they show.

In a block of ```console a line `$ command` is run by bash, and the lines after it are its output, standard output and
error together. A line `…` stands for any lines. A command must succeed; one that fails on purpose ends in `; echo $?`.
The commands of a page run one after the other in one folder, which holds a copy of `examples/`.

`python tools/console.py` writes the present output into the blocks; those with a `…` are left to people. It stops at a
command that fails, so that no page gets a traceback for its output.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from re import DOTALL, MULTILINE, Match
from re import compile as regex
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
_BLOCK = regex(r"(?<=^```console\n)(.*?)(?=^```$)", DOTALL | MULTILINE)
_KEPT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")


class Command(NamedTuple):
    """A line to run, and the output that the page shows for it."""

    line: str
    output: str


class CommandFailed(Exception):
    """A command of a page that did not succeed: the page stays as it is."""


class Session:
    """A shell that remembers its folder from one command to the next."""

    def __init__(self, folder: Path) -> None:
        """`folder` gets a copy of the examples."""
        shutil.copytree(ROOT / "examples", folder / "examples")
        self._folder = folder
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        path = os.pathsep.join((os.path.dirname(sys.executable), kept.get("PATH", "")))
        self._environment = {**kept, "PATH": path, "HOME": str(folder), "COLUMNS": "80"}

    def run(self, line: str) -> tuple[int, str]:
        """The exit code and the output of a line."""
        done = subprocess.run(
            ["bash", "-c", f"trap 'pwd >&9' EXIT; exec 9>{self._place}; {line}"],
            cwd=self._folder, env=self._environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60, check=False,
        )  # fmt: skip
        self._folder = Path(self._place.read_text().rstrip("\n"))
        return done.returncode, done.stdout.decode()

    @property
    def _place(self) -> Path:
        return Path(self._environment["HOME"], ".where")


def pages() -> list[Path]:
    """README.md and the pages of docs/ that people write."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def commands(page: str) -> Iterator[Command]:
    """The commands of a page in their order."""
    for block in _BLOCK.findall(page):
        yield from _commands(block)


def _commands(block: str) -> Iterator[Command]:
    for part in regex(r"^\$ ", MULTILINE).split(block)[1:]:
        line, _, output = part.partition("\n")
        yield Command(line, output.rstrip("\n"))


def agrees(shown: str, output: str) -> bool:
    """Whether an output is what the page shows; blank lines at its end do not count."""
    first, *others = _pieces(shown.split("\n"))
    left = output.rstrip("\n").split("\n")
    if not others:
        return left == first
    *middle, last = others
    if left[: len(first)] != first:
        return False
    left = left[len(first) :]
    for piece in middle:
        found = next((at for at in range(len(left)) if left[at : at + len(piece)] == piece), None)
        if found is None:
            return False
        left = left[found + len(piece) :]
    return len(left) >= len(last) and left[len(left) - len(last) :] == last


def _pieces(lines: list[str]) -> list[list[str]]:
    """The lines between those that stand for any."""
    pieces: list[list[str]] = [[]]
    for line in lines:
        if line == "…":
            pieces.append([])
        else:
            pieces[-1].append(line)
    return pieces


def rewritten(page: str, folder: Path) -> str:
    """A page with the present output of its commands. Raises CommandFailed."""
    session = Session(folder)

    def block(found: Match[str]) -> str:
        return "".join(f"$ {one.line}\n{_shown(one, session)}" for one in _commands(found[0]))

    return _BLOCK.sub(block, page)


def _shown(command: Command, session: Session) -> str:
    code, output = session.run(command.line)
    if code:
        raise CommandFailed(f"`{command.line}` ended with {code}:\n{output}")
    shown = command.output if "…" in command.output.split("\n") else output.rstrip("\n")
    return f"{shown}\n" if shown else ""


if __name__ == "__main__":
    for one in pages():
        with tempfile.TemporaryDirectory() as name:
            one.write_text(rewritten(one.read_text(encoding="utf-8"), Path(name)), encoding="utf-8")
