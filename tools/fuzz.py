"""Broken and hostile input for every command, until something breaks.

    python tools/fuzz.py --seed 7 --seconds 600 --jobs 2
    python tools/fuzz.py --seed 7 --seconds 600 --entries messages,tables
    python tools/fuzz.py --seed 7 --only 12345        # one input again; its files are kept

No input may end a command with exit code 101, a traceback or a code that the contract does not have, take more than
5 seconds of CPU or 500 MB of memory. One that does is kept, made smaller, in a folder of its own, and the exit code is 1.

An input counts when all its commands have run. Those of the entry `messages`, a spec or a request body each, go through
`check`, then `compile`, then `check --fix` or `--diff`, sixteen files in a call. Other entries run the commands that read
their kind of file. Where a set of sixteen inputs breaks something, they run again one by one, in a process each. A part of all inputs runs in fresh processes, under an odd
environment: other locales, closed streams, no colours, tiny terminals. Linux and macOS.
"""

import argparse
import contextlib
import gc
import io
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from fuzz_inputs import ENTRIES, Input, make

SECONDS = 5  # of CPU for one input
MEGABYTES = 500  # more than the process had before its first input
CODES = {"push": {0, 1, 2, 4, 5}}  # of the contract; 0, 1 and 2 where it has no others
_PATIENCE = 60  # seconds of silence after which a process counts as hanging
_TRIALS = 150  # runs that make an input smaller
_TOGETHER = 16  # inputs that run together: below what would make `check` fork
_ROUND = 1000  # inputs of a process; then a new one begins
ODD = [
    {"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}, {"PYTHONUTF8": "0", "LANG": "ja_JP.SJIS"}, {"NO_COLOR": "1"}, {"FORCE_COLOR": "1"},
    {"COLUMNS": "1", "LINES": "1"}, {"COLUMNS": "x"}, {"TERM": "dumb"}, {"TZ": "Nowhere/None"}, {"HOME": "/nonexistent"},
]  # fmt: skip
CLOSED = ["", "", "<&-", ">&-", "2>&-", "<&- >&- 2>&-"]


class TooLong(BaseException):
    """An input took more than its seconds."""


class Failure(NamedTuple):
    """What an input broke."""

    number: int
    what: str


class Asked(NamedTuple):
    """What the command line asks of each process."""

    seed: int
    entries: tuple[str, ...]
    fresh: float
    keep: Path
    end: float


def main() -> int:
    """Run; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--inputs", type=int, default=10**9, help="at most so many")
    parser.add_argument("--entries", default=",".join(ENTRIES), help=f"some of {', '.join(ENTRIES)}")
    parser.add_argument("--first", type=int, default=0, help="the number of the first input")
    parser.add_argument("--only", type=int, help="this input, and no other")
    parser.add_argument("--fresh", type=float, default=0.001, help="the part that runs in processes of its own")
    parser.add_argument("--jobs", type=int, default=1, help="processes at once")
    parser.add_argument("--keep", type=Path, default=Path("fuzz-failures"), help="where failing inputs are kept")
    given = parser.parse_args()
    if given.only is not None:
        given.first, given.inputs = given.only, 1
    asked = Asked(
        given.seed, tuple(given.entries.split(",")), given.fresh, given.keep, time.monotonic() + given.seconds
    )
    if given.only is not None:
        _save(make(asked.seed, given.only, asked.entries), asked.keep / str(given.only))
    return 1 if _rounds(asked, given.first, given.inputs, given.jobs) else 0


def _rounds(asked: Asked, first: int, most: int, jobs: int) -> int:
    """Run at most so many inputs, in rounds; how many failures there were."""
    began = time.monotonic()
    planned = done = failures = 0
    running: set[Future[tuple[int, list[Failure]]]] = set()
    with ProcessPoolExecutor(jobs, get_context("fork")) as pool:
        while True:
            while len(running) < jobs and planned < most and time.monotonic() < asked.end:
                count = min(_ROUND, most - planned)
                running.add(pool.submit(_round, asked, first + planned, count))
                planned += count
            if not running:
                break
            ended, running = wait(running, return_when=FIRST_COMPLETED)
            for future in ended:
                count, found = future.result()
                done += count
                failures += len(found)
                for failure in found:
                    print(f"input {failure.number}: {failure.what}", flush=True)
            rate = done / (time.monotonic() - began)
            print(f"{done:,} inputs, {rate:.0f} a second, {failures} failures", file=sys.stderr, flush=True)
    seconds = time.monotonic() - began
    print(f"{done:,} inputs in {seconds:.0f} s ({done / seconds:.0f} a second), seed {asked.seed}: {failures} failures")
    return failures


def _round(asked: Asked, first: int, count: int) -> tuple[int, list[Failure]]:
    """Run inputs until the time is up: how many, and what failed, which is kept."""
    done, failures = _watched(asked, range(first, first + count), _TOGETHER)
    chance = Random(f"fresh:{asked.seed}:{first}")
    for number in range(first, first + done):
        if chance.random() < asked.fresh:
            what = _outside(make(asked.seed, number, asked.entries), chance.choice(ODD), chance.choice(CLOSED))
            failures += [Failure(number, what)] if what else []
    for failure in failures:
        smaller = _smaller(make(asked.seed, failure.number, asked.entries), failure.what)
        _save(smaller, asked.keep / str(failure.number), failure.what)
    return done, failures


# --- many inputs in one process ---


def _watched(asked: Asked, numbers: range, together: int) -> tuple[int, list[Failure]]:
    """Run inputs in processes that are watched, so many together; how many were run, and what failed."""
    done, failures = 0, []
    while done < len(numbers) and time.monotonic() < asked.end:
        ran, what = _until_it_fails(asked, numbers[done:], together)
        done += ran
        if not what:
            break
        broken = numbers[done : done + together]
        done += len(broken)
        alone = _watched(asked._replace(end=float("inf")), broken, 1)[1] if together > 1 else []
        # What sixteen spend together is no failure of one; any other that none has alone comes of their company.
        if together == 1 or (not alone and not what.startswith("more than")):
            failures.append(Failure(broken[0], what if together == 1 else f"{what} (with the next {together - 1})"))
        failures += alone
    return done, failures


def _until_it_fails(asked: Asked, numbers: range, together: int) -> tuple[int, str]:
    """Run inputs in one process: how many were sound, and what the next ones broke (an empty text: none was left)."""
    ours, theirs = get_context("fork").Pipe(duplex=False)
    process = get_context("fork").Process(target=_serve, args=(asked, numbers, together, theirs))
    process.start()
    theirs.close()
    done, what = 0, ""
    while True:
        try:
            if not _hears(ours, process.pid):
                what = f"silent for {_PATIENCE} seconds"
                break
            count, what = ours.recv()
        except EOFError:
            process.join()
            what = f"the process ended with {process.exitcode}"
            break
        if what or not count:
            break
        done += count
    process.kill()
    process.join()
    return done, what


def _hears(answers: Any, pid: int | None) -> bool:
    """Whether a process answers. One that is silent but runnable is no hang: the machine is busy, and what CPU one input
    may take is bounded."""
    while not answers.poll(_PATIENCE):
        if not is_runnable(pid):
            return False
    return True


def is_runnable(pid: int | None) -> bool:
    """Whether a process runs, or would if a processor were free."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return state.startswith("R")


def _serve(asked: Asked, numbers: range, together: int, answers: Any) -> None:
    """Run inputs in this process; each set answers with its size and what it broke, the end with 0."""
    folder = tempfile.mkdtemp(prefix="pnpc-fuzz-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
    gc.freeze = lambda: (
        None
    )  # the product calls it once a process, and here a thousand times: it would keep all garbage
    try:
        os.chdir(folder)
        signal.signal(signal.SIGVTALRM, _too_long)
        before = _megabytes()
        for at in range(0, len(numbers), together):
            if time.monotonic() > asked.end:
                break
            inputs = [make(asked.seed, number, asked.entries) for number in numbers[at : at + together]]
            what = _run(inputs)
            if not what and (more := _megabytes() - before) > MEGABYTES:
                what = f"more than {MEGABYTES} MB of memory: {more:.0f}"
            answers.send((len(inputs), what))
        answers.send((0, ""))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _too_long(_signal: int, _frame: object) -> None:
    raise TooLong


def _megabytes() -> float:
    """The most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def _run(inputs: Sequence[Input]) -> str:
    """Run inputs in this process and folder; what one broke, or an empty text."""
    together = [one for one in inputs if one.batch]
    what = _batch(together) if together else ""
    for one in inputs:
        if not what and not one.batch:
            _fill(".", one.files)
            what = _first(_call(command, one.stdin) for command in _commands(one))
    return what


def _batch(inputs: Sequence[Input]) -> str:
    """Run inputs in the same calls: `check` for all; `compile` for each that is sound and for all others; `--fix` for all."""
    named = {f"{at}{Path(next(iter(one.files))).suffix}": one for at, one in enumerate(inputs)}
    _fill(".", {name: next(iter(one.files.values())) for name, one in named.items()})
    check, _, fix = inputs[0].commands
    if what := _call((*check[:-1], "--output", "json=found.json", *named)):
        return what
    with open("found.json", encoding="utf-8") as file:
        faulty = {one["file"] for one in json.load(file)["diagnostics"] if one["severity"] == "error"}
    calls = [(*one.commands[1][:-1], name) for name, one in named.items() if name not in faulty]
    if faulty:
        calls.append(("compile", *sorted(faulty)))
    return _first(_call(command) for command in [*calls, (*fix[:-1], *named)])


def _first(answers: Iterator[str]) -> str:
    return next(filter(None, answers), "")


def _fill(folder: str, files: dict[str, bytes]) -> None:
    """Nothing but these files."""
    for entry in os.scandir(folder):
        (shutil.rmtree if entry.is_dir(follow_symlinks=False) else os.unlink)(entry.path)
    for name, data in files.items():
        path = os.path.join(folder, name)
        if "/" in name:
            os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(data)


def _commands(one: Input) -> list[tuple[str, ...]]:
    name = next(iter(one.files), "")
    return [tuple(name if word == "{}" else word for word in command) for command in one.commands]


def _call(command: tuple[str, ...], stdin: bytes = b"") -> str:
    """Run a command in this process; what it broke, or an empty text."""
    from pnpc.cli.main import main as pnpc

    said = io.StringIO()
    with _streams(stdin, said):
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
        try:
            code: int | str = pnpc(list(command))
        except TooLong:
            return f"more than {SECONDS} seconds of CPU: {command[0]}"
        except BaseException as error:
            return f"{type(error).__name__}: {str(error)[:200]}"
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return _judge(command, code, said.getvalue())


def _judge(command: tuple[str, ...], code: int | str, said: str) -> str:
    if code not in CODES.get(command[0], {0, 1, 2}) or "Traceback" in said or "is a bug in pnpc" in said:
        return f"exit code {code}: {said[-300:].strip()}"
    return ""


@contextlib.contextmanager
def _streams(stdin: bytes, said: io.StringIO) -> Iterator[None]:
    kept = sys.stdin, sys.stdout, sys.stderr
    sys.stdin = io.TextIOWrapper(io.BytesIO(stdin), "utf-8")
    sys.stdout = io.TextIOWrapper(io.BytesIO(), "utf-8", errors="backslashreplace")
    sys.stderr = said
    try:
        yield
    finally:
        sys.stdin, sys.stdout, sys.stderr = kept


# --- one input in fresh processes ---


def _outside(one: Input, environment: dict[str, str], closed: str) -> str:
    """Run an input's commands in processes of their own; what one broke, or an empty text."""
    with tempfile.TemporaryDirectory(prefix="pnpc-fuzz-") as folder:
        _fill(folder, one.files)
        return _first(_process(command, one.stdin, folder, environment, closed) for command in _commands(one))


def _process(command: tuple[str, ...], stdin: bytes, folder: str, environment: dict[str, str], closed: str) -> str:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS + 2, SECONDS + 2))  # two of them for the start

    process = subprocess.Popen(
        ["sh", "-c", f'exec "$@" {closed}', "sh", sys.executable, "-m", "pnpc", *command],
        cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, **environment}, preexec_fn=limit,
    )  # fmt: skip
    data: bytes | None = stdin
    while True:
        try:
            _, said = process.communicate(data, timeout=_PATIENCE)
            break
        except subprocess.TimeoutExpired:
            data = None  # it has been given
            if not is_runnable(process.pid):
                process.kill()
                process.communicate()
                return f"silent for {_PATIENCE} seconds"
    what = _judge(command, process.returncode, said.decode("utf-8", "replace"))
    return f"{what} (in {environment} {closed})" if what else ""


# --- failures ---


def _smaller(one: Input, what: str) -> Input:
    """An input that breaks the same, with parts of its first file left out while that is so."""
    kind = what.split(":")[0]
    if not one.files or _outside(one, {}, "").split(":")[0] != kind:
        return one
    name, data = next(iter(one.files.items()))
    size, trials = len(data) // 2, 0
    end = time.monotonic() + _PATIENCE
    while size and trials < _TRIALS and time.monotonic() < end:
        for at in range(0, len(data), size):
            tried = one._replace(files={**one.files, name: data[:at] + data[at + size :]})
            trials += 1
            if _outside(tried, {}, "").split(":")[0] == kind:
                one, data = tried, tried.files[name]
                break
            if trials >= _TRIALS or time.monotonic() > end:
                break
        else:
            size //= 2
            continue
        size = min(size, len(data) // 2)
    return one


def _save(one: Input, folder: Path, what: str = "") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    _fill(str(folder), one.files)
    calls = "".join(f"pnpc {' '.join(command)}\n" for command in _commands(one))
    (folder / "HOW").write_text(f"{calls}{what}\n", encoding="utf-8", errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
