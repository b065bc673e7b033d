"""`pnpc push` and `pnpc worker` as processes that start at once: forked from one that has imported them already.

An import of all that they need takes a second of the processor, and there are a hundred of them in the suite. They are processes like any
other: they have an environment, a folder and pipes of their own, and can be stopped and killed.
"""

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from conftest import clean_environment

_NEEDED = (
    "pnpc.cli.main", "pnpc.cli.delivering.push", "pnpc.cli.delivering.worker", "pnpc.deliver.sending.client", "pnpc.deliver.metrics",
    "pnpc.deliver.postgres.journal", "pnpc.deliver.queue.worker",
)  # fmt: skip
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP) if os.name == "posix" else ()


def start_pnpc(*words: str | Path, cwd: Path, **environment: str) -> "subprocess.Popen[bytes]":
    """`pnpc WORDS` as a process that goes on, with pipes for what it writes; `environment` is added to a clean one."""
    args, variables = list(map(str, words)), clean_environment(**environment)
    if os.name == "posix":
        return _Forked(args, cwd, variables)
    return subprocess.Popen(
        [sys.executable, "-m", "pnpc", *args], cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env=variables,
    )  # fmt: skip


class _Forked(subprocess.Popen[bytes]):
    """A process that is no child of this one: its exit code comes through a pipe. All else is Popen's."""

    def __init__(self, args: list[str], cwd: Path, environment: dict[str, str]) -> None:
        pipes = [os.pipe() for _ in range(3)]
        outs, err, self._status = (read for read, _ in pipes)
        ignored = [number for number in _SIGNALS if signal.getsignal(number) is signal.SIG_IGN]
        asked = json.dumps({"args": args, "cwd": str(cwd), "environment": environment, "ignored": ignored}).encode()
        with _asking:
            connection = _forker()
            socket.send_fds(connection, [len(asked).to_bytes(4)], [write for _, write in pipes])
            connection.sendall(asked)
            self.pid = int.from_bytes(connection.recv(4))
        for _, write in pipes:
            os.close(write)
        self.args, self.returncode, self.stdin = args, None, None
        self.stdout, self.stderr = open(outs, "rb"), open(err, "rb")  # noqa: SIM115  # closed as Popen's
        self.text_mode, self.encoding, self.errors = None, None, None
        self._child_created, self._communication_started, self._input = True, False, None
        self._sigint_wait_secs, self._waitpid_lock = 0.25, threading.Lock()

    def _internal_poll(self, _deadstate: int | None = None) -> int | None:
        if self.returncode is None and select.select([self._status], [], [], 0)[0]:
            self.returncode = int(os.read(self._status, 16))
            os.close(self._status)
        return self.returncode

    def _wait(self, timeout: float | None) -> int:
        until = None if timeout is None else monotonic() + timeout
        while self._internal_poll() is None:
            if timeout is not None and until is not None and monotonic() > until:
                raise subprocess.TimeoutExpired(self.args, timeout)
            sleep(0.005)
        assert self.returncode is not None
        return self.returncode


_asking = threading.Lock()


@cache
def _forker() -> socket.socket:
    """The process that forks the others, for as long as this one lives."""
    ours, its = socket.socketpair()
    command = [sys.executable, __file__, str(its.fileno())]
    process = subprocess.Popen(
        command, pass_fds=[its.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=clean_environment()
    )
    its.close()

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours


# --- in the process that forks ---


def serve(connection: socket.socket) -> list[str] | None:
    """Fork until the other side has closed; then None, and in each new process its words."""
    children: dict[int, int] = {}  # where the exit code of each is awaited
    woken, wakes = os.pipe()
    os.set_blocking(wakes, False)
    signal.set_wakeup_fd(wakes)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a terminal: those who started it end it
    while True:
        ready = select.select([connection, woken], [], [])[0]
        if woken in ready:
            os.read(woken, 512)
            reap(children)
        if connection in ready:
            header, pipes, _, _ = socket.recv_fds(connection, 4, 3)
            if not header:
                return None
            asked = b""
            while len(asked) < int.from_bytes(header):
                asked += connection.recv(1 << 16)
            if (pid := os.fork()) == 0:
                connection.detach()
                return become(json.loads(asked), *pipes[:2])
            children[pid] = pipes[2]
            for pipe in pipes[:2]:
                os.close(pipe)
            connection.sendall(pid.to_bytes(4))


def reap(children: dict[int, int]) -> None:
    """Hand on the exit codes of the children that have ended."""
    with suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            pipe = children.pop(ended[0])
            with suppress(BrokenPipeError):  # nobody waits for it any more
                os.write(pipe, str(os.waitstatus_to_exitcode(ended[1])).encode())
            os.close(pipe)


def become(asked: dict[str, Any], out: int, err: int) -> list[str]:
    """In a new process: what it was asked to be; its words."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in asked["ignored"]:
        signal.signal(number, signal.SIG_IGN)
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.closerange(3, os.sysconf("SC_OPEN_MAX") if os.sysconf("SC_OPEN_MAX") < 1 << 16 else 1 << 16)
    # As Python opens them: the old ones believe that they write to what was there before.
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    words: list[str] = asked["args"]
    return words


if __name__ == "__main__":
    for module in _NEEDED:
        with suppress(ImportError):  # of an extra that is not installed
            import_module(module)
    import gc

    from pnpc.cli.main import run

    gc.freeze()
    with socket.socket(fileno=int(sys.argv[1])) as asks:
        asked_for = serve(asks)
    if asked_for is not None:
        sys.argv = ["pnpc", *asked_for]
        run()
