"""What commands that serve share: they run until a signal says stop, and report trouble in one line, never a traceback."""

import asyncio
import logging
import signal
import time
from typing import Any

from pnpc.cli.common import say

_AGAIN = 10.0  # seconds in which the same trouble is printed once: what comes a thousand times a second fills a disk


def stop_signal() -> asyncio.Event:
    """What SIGINT and SIGTERM set; for the running loop, which from here on reports trouble in lines."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:  # Windows: Ctrl-C raises KeyboardInterrupt instead
            break
    trouble = TroubleHandler()
    loop.set_exception_handler(lambda _loop, context: trouble.tell(context["message"], context.get("exception")))
    return stop


def tell_of_trouble(log: logging.Logger) -> None:
    """What a server writes to its own log goes to standard error, a line each."""
    log.handlers, log.propagate = [TroubleHandler()], False
    log.setLevel(logging.ERROR)


class TroubleHandler(logging.Handler):
    """Tells what happened and to which error it led, the same only now and then."""

    def __init__(self) -> None:
        super().__init__()
        self._printed: dict[str, float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """A record of a log."""
        self.tell(record.getMessage(), record.exc_info[1] if record.exc_info else None)

    def tell(self, message: str, error: Any) -> None:
        """Say it, unless it was said just now."""
        now = time.monotonic()
        line = " ".join(f"{message}{f': {error}' if error else ''}".split())
        self._printed = {trouble: at for trouble, at in self._printed.items() if now - at < _AGAIN}
        if line not in self._printed:
            self._printed[line] = now
            say(f"pnpc: {line}", "trouble", "error")
