"""Does the suite bite? Change one place of the code at a time, and see whether a test fails.

    python tools/mutants.py --seed 7 --mutants 200 --packages check,language/proof,compile,deliver --jobs 2

Each change (a comparison, `and` for `or`, a number plus one, a statement that is gone, …) is made in a copy of the project.
Then run the tests that reach the changed line in their own process, the closest first, until a test fails. Which tests
reach a line is measured first, by a run of the suite (`tools/reached.py`; with `--reached FILE` an earlier measurement
serves). A change that no test notices is printed as `file:line`, with the code before and after; at the end, how many
there were.

A survivor is either a gap in the tests or a change of nothing (a cache one entry larger): a person must look. The same
seed makes the same changes of the same code. The exit code is 0, or 2 if the suite can't run.

Left out is what can't change what the program does:
- types, decorators (`lru_cache(maxsize=…)`), `__slots__`, imports, docstrings;
- a private number at the top of a module: it bounds some work or a memory, and one more is no mistake;
- `if len(memory) >= …: memory.clear()`: what a memory forgot is worked out again;
- `strict=True` of `zip`: it asserts that both are equally long, and changes nothing where they are;
- what `__repr__` returns, and the message of an assertion: no program reads them.
"""

import argparse
import ast
import builtins
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import cache_from_source
from pathlib import Path
from queue import Queue
from random import Random
from re import MULTILINE, fullmatch, search
from typing import NamedTuple, TypeGuard

from reached import Reached, measure

ROOT = Path(__file__).parent.parent
CODE = "pnpc"
_PACKAGES = "check,language/proof,compile,deliver"
_CPU_SECONDS = 300  # of one process for the tests of a change; one that takes more hangs, which is noticed, too
_SECONDS = 1800  # by the clock, however busy the machine is
_NO_TESTS = (4, 5)  # exit codes of pytest: a test that is named is not there, or all were left out
_MOST_CASES = 300  # of tests that reach a line: nearly all that notice a change are among the closest
_NOT_COPIED = (".git", ".venv*", "__pycache__", ".*_cache", ".hypothesis", "dist", "build")
_OTHER_COMPARISON: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_OTHER_OPERATOR: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip


class Mutant(NamedTuple):
    """One change: in a file (relative to the project), from the byte `start` to the byte `end`.

    `lines` are those on which the changed code stands; none if it runs when the module is loaded.
    """

    file: Path
    line: int
    lines: range
    start: int
    end: int
    before: str
    after: str

    def apply(self, code: bytes) -> bytes:
        """The code of the file with the change."""
        return code[: self.start] + self.after.encode() + code[self.end :]

    def __str__(self) -> str:
        """`file:line`, and the change, on one line."""
        return f"{self.file}:{self.line}  {' '.join(self.before.split())}  ->  {self.after}"


def mutants_of(file: Path, code: bytes) -> list[Mutant]:
    """All changes that can be made in a file of this code, in the order of their places."""
    starts = [0]
    for line in code.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    tree = ast.parse(code)
    inside = {id(node) for function in ast.walk(tree) if _is_function(function) for node in ast.walk(function)}
    found = []
    for node, after in _changes(tree):
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)
        lines = range(node.lineno, (node.end_lineno or 0) + 1) if id(node) in inside else range(0)
        found.append(Mutant(file, node.lineno, lines, start, end, code[start:end].decode(), after))
    return sorted(found, key=lambda mutant: (mutant.start, mutant.after))


def _is_function(node: ast.AST) -> TypeGuard[ast.FunctionDef | ast.AsyncFunctionDef]:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)


def _changes(node: ast.AST) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    """The nodes of a tree that can be changed, each with the code that stands there then."""
    if isinstance(node, ast.expr):
        yield from ((node, f"({after})") for after in _of_expression(node))
    elif isinstance(node, ast.stmt):
        yield from ((node, after) for after in _of_statement(node))
    for child in _inside(node):
        yield from _changes(child)


def _inside(node: ast.AST) -> Iterator[ast.AST]:
    """The children whose changes mean something: the docstring of the module lists the others."""
    if isinstance(node, ast.JoinedStr | ast.Import | ast.ImportFrom):
        return  # words; and Python 3.11 does not know where in an f-string an expression stands
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        return
    if isinstance(node, ast.Assign) and _is_settled(node):
        return
    if (isinstance(node, ast.If) and _only_forgets(node)) or (_is_function(node) and node.name == "__repr__"):
        return
    if isinstance(node, ast.keyword) and node.arg == "strict" and ast.unparse(node.value) == "True":
        return
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "bases", "type_params", "msg"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield child


def _is_settled(node: ast.Assign) -> bool:
    """Whether a change of what is assigned means nothing: slots, and private numbers that bound some work or a memory."""
    name = ast.unparse(node.targets[0])
    is_bound = name.startswith("_") and name.isupper() and fullmatch(r"[\d_., ()*]+", ast.unparse(node.value))
    return name == "__slots__" or bool(is_bound)


def _only_forgets(node: ast.If) -> bool:
    """Whether a statement empties a memory that has become large, and does nothing else."""
    size = node.test.left if isinstance(node.test, ast.Compare) else node.test
    is_one = len(node.body) == 1 and not node.orelse
    return (
        is_one
        and f"{ast.unparse(node.body[0])}" == f"{ast.unparse(size).removeprefix('len(').removesuffix(')')}.clear()"
    )


def _of_expression(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        other = _OTHER_COMPARISON[type(node.ops[0])]()
        yield ast.unparse(ast.Compare(node.left, [other], node.comparators))
    elif isinstance(node, ast.BoolOp):
        yield ast.unparse(ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield ast.unparse(node.operand)
    elif isinstance(node, ast.IfExp):
        yield ast.unparse(ast.IfExp(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse))
    elif isinstance(node, ast.BinOp) and type(node.op) in _OTHER_OPERATOR and not _is_type(node):
        yield ast.unparse(ast.BinOp(node.left, _OTHER_OPERATOR[type(node.op)](), node.right))
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield str(not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield from (str(node.value + 1), str(node.value - 1))


def _is_type(node: ast.BinOp) -> bool:
    """Whether it is a type such as `str | None` or `str | Path` that a name is given to."""
    last = ast.unparse(node.right)
    return isinstance(node.op, ast.BitOr) and (
        last in ("None", *vars(builtins)) or (last[0].isupper() and not last.isupper())
    )


def _of_statement(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Constant):
        yield "return None"
    is_call = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    is_stored = isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute | ast.Subscript)
    if is_call or is_stored or isinstance(node, ast.Continue | ast.Break | ast.AugAssign | ast.Raise):
        yield "pass"


def chosen(root: Path, packages: Sequence[str], amount: int, seed: int) -> list[Mutant]:
    """As many changes from each package, at random places; fewer if there are not so many."""
    random = Random(seed)
    drawn = []
    for number, package in enumerate(packages):
        share = amount // len(packages) + (number < amount % len(packages))
        files = sorted((root / CODE / package).rglob("*.py"))
        places = [mutant for file in files for mutant in mutants_of(file.relative_to(root), file.read_bytes())]
        drawn += sorted(random.sample(places, min(share, len(places))))
    return drawn


class Copy:
    """A copy of the project, in which one change after another is made."""

    def __init__(self, root: Path, folder: Path) -> None:
        self._folder = folder
        shutil.copytree(root, folder, ignore=shutil.ignore_patterns(*_NOT_COPIED), dirs_exist_ok=True)

    def verdict(self, mutant: Mutant, tests: Sequence[str]) -> str:
        """`survived`, `timed out`, or the test that failed: one that fails without the change as well, or only now and then
        with it, is left out."""
        failing: list[str] = []
        while True:
            verdict = self._run(tests, failing, mutant)
            failed = verdict.partition("[")[0]  # without its parameters, which may be any text
            if "::" not in failed:
                return verdict
            if self._run([failed], (), None).startswith(failed):
                why = "it fails without any change"
            elif self._run([failed], (), mutant) == "survived":
                why = "it fails only now and then"
            else:
                return verdict
            print(f"left out, because {why}: {failed}", file=sys.stderr)
            failing.append(failed)

    def _run(self, tests: Sequence[str], left_out: Sequence[str], mutant: Mutant | None) -> str:
        """The verdict of some tests, with a change or without one."""
        if mutant is None:
            return self._verdict(tests, left_out)
        file = self._folder / mutant.file
        sound = file.read_bytes()
        self._write(file, mutant.apply(sound))
        try:
            return self._verdict(tests, left_out)
        finally:
            self._write(file, sound)

    def _write(self, file: Path, code: bytes) -> None:
        file.write_bytes(code)
        Path(cache_from_source(str(file))).unlink(missing_ok=True)  # two changes of a second may have the same size

    def _verdict(self, tests: Sequence[str], left_out: Sequence[str]) -> str:
        if not tests:
            return "survived"
        limited = ["sh", "-c", f'ulimit -t {_CPU_SECONDS}; exec "$0" "$@"']
        command = [*limited, sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", "-p", "no:cacheprovider", "--tb=no"]
        command += [f"--deselect={name}" for name in left_out]
        with subprocess.Popen(
            [*command, "--hypothesis-seed=0", f"--basetemp={self._folder}-made", *tests],
            cwd=self._folder, env={**os.environ, "PYTHONPATH": str(self._folder)}, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace",
        ) as process:  # fmt: skip
            try:
                said, _ = process.communicate(timeout=_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                return "timed out"
        if process.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
            return "timed out"
        if process.returncode in (0, *_NO_TESTS):
            return "survived"
        failed = search(r"^(?:FAILED|ERROR) (tests/\S+?::.+?)(?: - |$)", said, MULTILINE)
        return failed[1] if failed else f"exit code {process.returncode}: {''.join(said.splitlines()[-1:])}"


def run(
    root: Path, mutants: Sequence[Mutant], jobs: int, tell: Callable[[Mutant, str], None], measured: Path | None = None
) -> list[str]:
    """The verdict of each change, in order; `tell` hears of each as soon as it is known. `measured` is a file of
    `tools/reached.py`; without it the suite is run first. Raises ValueError if it can't."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder, ThreadPoolExecutor(jobs) as pool:
        copies: Queue[Copy] = Queue()
        for number in range(jobs):
            copies.put(Copy(root, Path(folder, str(number))))
        reached = Reached(measured or measure(Path(folder, "0"), jobs))

        def judged(mutant: Mutant) -> str:
            copy = copies.get()
            try:
                verdict = copy.verdict(mutant, reached.tests(mutant.file.as_posix(), mutant.lines, _MOST_CASES))
            finally:
                copies.put(copy)
            tell(mutant, verdict)
            return verdict

        return list(pool.map(judged, mutants))


def summary(verdicts: Sequence[str]) -> str:
    """How many changes the tests noticed."""
    survived, late = verdicts.count("survived"), verdicts.count("timed out")
    killed = len(verdicts) - survived
    rate = f"{100 * killed / len(verdicts):.0f} %" if verdicts else "none"
    return f"{len(verdicts)} changes: {killed} noticed ({late} by the time limit), {survived} survived; rate {rate}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mutants", type=int, default=40)
    parser.add_argument("--packages", default=_PACKAGES, help="folders of the code, with commas (default: %(default)s)")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument(
        "--reached", type=Path, metavar="FILE", help="what tools/reached.py wrote, to save a run of the suite"
    )
    parser.add_argument("--all", action="store_true", help="also name the test that noticed a change")
    asked = parser.parse_args(arguments)

    def tell(mutant: Mutant, verdict: str) -> None:
        if asked.all or verdict == "survived":
            print(f"{verdict}: {mutant}", flush=True)

    try:
        mutants = chosen(ROOT, asked.packages.split(","), asked.mutants, asked.seed)
        verdicts = run(ROOT, mutants, asked.jobs, tell, asked.reached)
    except (ValueError, OSError, sqlite3.Error) as error:
        print(error, file=sys.stderr)
        return 2
    print(summary(verdicts))
    return 0


if __name__ == "__main__":
    sys.exit(main())
