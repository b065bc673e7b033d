"""Broken and hostile input for every command, until something breaks.

    python tools/fuzz.py --seed 7 --seconds 600 --entries check,fix,compile
    python tools/fuzz.py --seed 7 --only 12345        # one input again; its files are kept

No input may end a command with exit code 101, a traceback or a code that the contract does not have, take more than
5 seconds of CPU or 500 MB of memory. One that does is kept, made smaller, in a folder of its own, and the exit code is 1.

Inputs run one after the other inside a process, for speed; a second process watches it and starts it again where it
hangs. A part of them runs in a fresh process each, under an odd environment: other locales, closed streams, no colours,
tiny terminals. Linux and macOS.
"""

import argparse
import contextlib
import io
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from fuzz_inputs import ENTRIES, Input, make

SECONDS = 5  # of CPU for one input
MEGABYTES = 500  # more than before, for one input
CODES = {"push": {0, 1, 2, 4, 5}}  # of the contract; 0, 1 and 2 where it has no others
_PATIENCE = 60  # seconds of silence after which a process counts as hanging
_TRIALS = 150  # runs that make an input smaller
_BATCH = 200
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


def main() -> int:
    """Run; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--inputs", type=int, default=10**9, help="at most so many")
    parser.add_argument("--entries", default=",".join(ENTRIES), help=f"some of {', '.join(ENTRIES)}")
    parser.add_argument("--first", type=int, default=0, help="the number of the first input")
    parser.add_argument("--only", type=int, help="this input, and no other")
    parser.add_argument("--fresh", type=float, default=0.002, help="the part that runs in processes of its own")
    parser.add_argument("--keep", type=Path, default=Path("fuzz-failures"), help="where failing inputs are kept")
    asked = parser.parse_args()
    entries = tuple(asked.entries.split(","))
    if asked.only is not None:
        asked.first, asked.inputs = asked.only, 1
        _save(make(asked.seed, asked.only, entries), asked.keep / str(asked.only))
    began = time.monotonic()
    done, failures = 0, []
    while time.monotonic() < began + asked.seconds and done < asked.inputs:
        count = min(_BATCH * 10, asked.inputs - done)
        ended, found = _in_process(asked.seed, entries, asked.first + done, count, began + asked.seconds)
        chance = Random(f"fresh:{asked.seed}:{done}")
        found += [
            failure
            for number in range(asked.first + done, asked.first + done + ended)
            if chance.random() < asked.fresh and (failure := _fresh(asked.seed, entries, number, chance)) is not None
        ]
        for failure in found:
            print(f"input {failure.number}: {failure.what}", flush=True)
            smaller = _smaller(make(asked.seed, failure.number, entries), failure.what)
            _save(smaller, asked.keep / str(failure.number), failure.what)
        failures += found
        done += ended
        if not ended:
            break
        seconds = time.monotonic() - began
        print(f"{done:,} inputs, {done / seconds:.0f} a second, {len(failures)} failures", file=sys.stderr, flush=True)
    seconds = time.monotonic() - began
    print(
        f"{done:,} inputs in {seconds:.0f} s ({done / seconds:.0f} a second), seed {asked.seed}: {len(failures)} failures"
    )
    return 1 if failures else 0


# --- many inputs in one process ---


def _in_process(seed: int, entries: tuple[str, ...], first: int, count: int, end: float) -> tuple[int, list[Failure]]:
    """Run inputs in a process that is watched; how many were run, and what failed."""
    ours, theirs = get_context("fork").Pipe(duplex=False)
    process = get_context("fork").Process(target=_serve, args=(seed, entries, first, count, end, theirs), daemon=True)
    process.start()
    theirs.close()
    done, failures = 0, []
    while True:
        try:
            if not ours.poll(_PATIENCE):
                failures.append(Failure(first + done, f"silent for {_PATIENCE} seconds"))
                done += 1
                break
            what = ours.recv()
        except EOFError:
            process.join()
            if process.exitcode:
                failures.append(Failure(first + done, f"the process ended with {process.exitcode}"))
                done += 1
            break
        if what is None:
            break
        if what:
            failures.append(Failure(first + done, what))
        done += 1
    process.kill()
    process.join()
    return done, failures


def _serve(seed: int, entries: tuple[str, ...], first: int, count: int, end: float, answers: Any) -> None:
    folder = tempfile.mkdtemp(prefix="pnpc-fuzz-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
    try:
        os.chdir(folder)
        signal.signal(signal.SIGVTALRM, _too_long)
        for number in range(first, first + count):
            if time.monotonic() > end:
                break
            answers.send(_run(make(seed, number, entries)))
        answers.send(None)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _too_long(_signal: int, _frame: object) -> None:
    raise TooLong


def _run(one: Input) -> str:
    """Run an input in this process and folder; what it broke, or an empty text."""
    from pnpc.cli.main import main as pnpc

    for entry in os.scandir("."):
        (shutil.rmtree if entry.is_dir(follow_symlinks=False) else os.unlink)(entry.path)
    for name, data in one.files.items():
        Path(name).write_bytes(data)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    said = io.StringIO()
    with _streams(one.stdin, said):
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
        try:
            code: int | str = pnpc(list(one.argv))
        except TooLong:
            return f"more than {SECONDS} seconds of CPU"
        except BaseException as error:
            return f"{type(error).__name__}: {str(error)[:200]}"
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / (
        1 << 20 if sys.platform == "darwin" else 1 << 10
    )
    if more > MEGABYTES:
        return f"{more:.0f} MB of memory"
    return _judge(one, code, said.getvalue())


def _judge(one: Input, code: int | str, said: str) -> str:
    if code not in CODES.get(one.argv[0], {0, 1, 2}) or "Traceback" in said or "is a bug in pnpc" in said:
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


# --- one input in a fresh process ---


def _fresh(seed: int, entries: tuple[str, ...], number: int, chance: Random) -> Failure | None:
    one = make(seed, number, entries)
    with tempfile.TemporaryDirectory(prefix="pnpc-fuzz-") as folder:
        what = _outside(one, folder, chance.choice(ODD), chance.choice(CLOSED))
    return Failure(number, what) if what else None


def _outside(one: Input, folder: str, environment: dict[str, str], closed: str) -> str:
    for name, data in one.files.items():
        Path(folder, name).write_bytes(data)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS + 2, SECONDS + 2))  # two of them for the start

    command = ["sh", "-c", f'exec "$@" {closed}', "sh", sys.executable, "-m", "pnpc", *one.argv]
    try:
        done = subprocess.run(
            command, cwd=folder, input=one.stdin, capture_output=True, timeout=_PATIENCE,
            env={**os.environ, **environment}, check=False, preexec_fn=limit,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"silent for {_PATIENCE} seconds"
    what = _judge(one, done.returncode, done.stderr.decode("utf-8", "replace"))
    return f"{what} (in {environment} {closed})" if what else ""


# --- failures ---


def _smaller(one: Input, what: str) -> Input:
    """An input that breaks the same, with parts of its first file left out while that is so."""
    if not one.files:
        return one
    name, data = next(iter(one.files.items()))
    kind = what.split(":")[0]
    size, trials = len(data) // 2, 0
    end = time.monotonic() + _PATIENCE
    while size and trials < _TRIALS and time.monotonic() < end:
        for at in range(0, len(data), size):
            tried = one._replace(files={**one.files, name: data[:at] + data[at + size :]})
            trials += 1
            if _again(tried).split(":")[0] == kind:
                one, data = tried, tried.files[name]
                break
            if trials >= _TRIALS or time.monotonic() > end:
                break
        else:
            size //= 2
            continue
        size = min(size, len(data) // 2)
    return one


def _again(one: Input) -> str:
    with tempfile.TemporaryDirectory(prefix="pnpc-fuzz-") as folder:
        return _outside(one, folder, {}, "")


def _save(one: Input, folder: Path, what: str = "") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in one.files.items():
        (folder / name).write_bytes(data)
    (folder / "HOW").write_text(f"pnpc {' '.join(one.argv)}\n{what}\n", encoding="utf-8", errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
