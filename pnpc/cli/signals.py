"""What a signal does to a command: it cleans up like one that fails, or ends at once with nothing done."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_ENDING = ("SIGINT", "SIGTERM", "SIGHUP")
_MISSED: list[str] = []  # signals that came while they did nothing


def leave_nothing_behind() -> None:
    """Let half-written and temporary files, which may hold people's data, be removed when a signal ends the command."""
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda number, _frame: sys.exit(128 + number))


class Ended(BaseException):
    """A signal says that the command must end; its text is the signal's name."""


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Let signals raise Ended inside the block, from its first moment on."""
    before = {name: signal.getsignal(getattr(signal, name)) for name in _ENDING if hasattr(signal, name)}
    try:
        hear_signals()
        yield
    except SystemExit as error:  # of `leave_nothing_behind`, where another command ran inside
        number = error.code - 128 if isinstance(error.code, int) else 0
        names = [name for name in before if getattr(signal, name) == number]
        if not names:
            raise
        raise Ended(names[0]) from None
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)


def hear_signals() -> None:
    """Let signals raise Ended from here on; but for one that the caller's shell ignores, as `nohup` does SIGHUP. What was
    missed is forgotten."""
    _MISSED.clear()

    def end(number: int, _frame: FrameType | None) -> None:
        raise Ended(signal.Signals(number).name)

    _handle(end)


def ignore_signals() -> None:
    """Let signals do nothing from here on: the result is printed whole. A command that goes on asks `missed_signal`."""
    _handle(lambda number, _frame: _MISSED.append(signal.Signals(number).name))


def missed_signal() -> str | None:
    """The first signal that came while they did nothing; None if none did."""
    return _MISSED[0] if _MISSED else None


def _handle(handler: Callable[[int, FrameType | None], None]) -> None:
    for name in _ENDING:
        if hasattr(signal, name) and signal.getsignal(getattr(signal, name)) is not signal.SIG_IGN:
            signal.signal(getattr(signal, name), handler)
