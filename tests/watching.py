"""A real `pnpc check --watch`, told of one change."""

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from conftest import clean_environment


def watch(folder: Path, *args: str, change: Callable[[], object]) -> tuple[str, str, int, str]:
    """Start it in a folder, make a change until it is seen, and press Ctrl-C.

    Gives the first line of the first check, the first of the second, the exit code and standard error.
    """
    words = [sys.executable, "-m", "pnpc", "check", *args, "--watch", "--format", "concise"]
    running = subprocess.Popen(
        words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=clean_environment()
    )
    end = threading.Timer(60, running.kill)
    end.start()
    try:
        assert running.stdout is not None
        first = running.stdout.readline()
        told: list[str] = []
        reader = threading.Thread(target=lambda: told.append(running.stdout.readline() and running.stdout.readline()))  # type: ignore[union-attr]
        reader.start()
        while reader.is_alive():  # the watcher may not be at work yet when the first change comes
            change()
            reader.join(0.5)
        running.send_signal(signal.SIGINT)
        _, error = running.communicate()
    finally:
        end.cancel()
        running.kill()
    return first, told[0], running.returncode, error
