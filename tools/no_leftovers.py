"""Run a command, and when it ends, end every process that it left behind.

    python tools/no_leftovers.py COMMAND [ARGUMENT…]

`make test` runs the tests this way, so that no server of theirs outlives them, whatever failed. Each process left behind is
named on standard error, and the exit code is then 1 if the command itself ended with 0: a test that leaves one is wrong.
"""

import ctypes
import signal
import subprocess
import sys
from contextlib import suppress
from types import FrameType

import psutil

_PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
_PATIENCE = 5  # seconds for processes to end by themselves, and for each attempt to end them
_ATTEMPTS = 5  # the first by SIGTERM, the others by SIGKILL


def adopt_orphans() -> None:
    """On Linux: become the parent of every descendant whose own parent ends, also of one that left its session.

    Elsewhere only the processes whose parents still live are found.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_all() -> list[str]:
    """End all descendants of this process, also those that they start meanwhile; gives the command line of each."""
    psutil.wait_procs(psutil.Process().children(recursive=True), timeout=_PATIENCE)  # some are just on their way out
    left: dict[int, str] = {}
    for attempt in range(_ATTEMPTS):
        processes = psutil.Process().children(recursive=True)
        if not processes:
            break
        for process in processes:
            with suppress(psutil.NoSuchProcess):  # it ended by itself just now
                left.setdefault(process.pid, " ".join(process.cmdline()))
                process.terminate() if attempt == 0 else process.kill()
        psutil.wait_procs(processes, timeout=_PATIENCE)
    return list(left.values())


def main(command: list[str]) -> int:
    """The exit code of the command, or 1 if it was 0 and processes were left behind."""
    adopt_orphans()
    with subprocess.Popen(command) as running:

        def pass_on(number: int, _frame: FrameType | None) -> None:
            running.send_signal(number)

        signal.signal(signal.SIGTERM, pass_on)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to the command as well
        code = running.wait()
    left = end_all()
    for words in left:
        print(f"no_leftovers: ended a process that was left behind: {words}", file=sys.stderr)
    return 1 if left and code == 0 else code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
