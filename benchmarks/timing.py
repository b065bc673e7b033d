"""Commands measured in turn: wall seconds, peak memory, and ratios pair by pair."""

import os
import statistics
import subprocess
import time
from collections.abc import Sequence


class Timed:
    """What one command took, run by run: wall and processor seconds, and the peak memory of one process in MiB."""

    def __init__(self, name: str, command: Sequence[object]) -> None:
        self.name = name
        self.command = [str(word) for word in command]
        self.seconds: list[float] = []
        self.cpu: list[float] = []
        self.memory = 0.0
        self.said = b""

    def run(self) -> None:
        """Run once more; what it prints is kept."""
        start = time.perf_counter()
        process = subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert process.stdout is not None
        self.said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        process.stdout.close()
        self.seconds.append(time.perf_counter() - start)
        self.cpu.append(usage.ru_utime + usage.ru_stime)
        self.memory = max(self.memory, usage.ru_maxrss / 1024)
        if process.returncode not in (0, 1):
            raise SystemExit(f"{self.name} ended with {process.returncode}: {self.said.decode()[-500:]}")

    @property
    def median(self) -> float:
        """The median of the wall seconds."""
        return statistics.median(self.seconds)


def in_turn(commands: Sequence[Timed], rounds: int) -> None:
    """One warm-up of each, then all in turn."""
    for timed in commands:
        timed.run()
        timed.seconds.clear()
        timed.cpu.clear()
    for _ in range(rounds):
        for timed in commands:
            timed.run()


def ratio(one: Timed, other: Timed) -> float:
    """The median of the ratios pair by pair."""
    return statistics.median(a / b for a, b in zip(one.seconds, other.seconds, strict=True))
