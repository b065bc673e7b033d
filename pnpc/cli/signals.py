"""A command that is told to end cleans up as one that fails does."""

import signal
import sys


def leave_nothing_behind() -> None:
    """Let half-written and temporary files, which may hold people's data, be removed when we are told to end."""
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda number, _frame: sys.exit(128 + number))
