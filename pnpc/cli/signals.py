"""A command that a signal ends cleans up like one that fails."""

import signal
import sys


def leave_nothing_behind() -> None:
    """Let half-written and temporary files, which may hold people's data, be removed when a signal ends the command."""
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda number, _frame: sys.exit(128 + number))
