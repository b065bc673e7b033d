"""What one run may spend on work that a few bytes can make large: patterns without an end, proofs with many cases.

One allowance for a run, not for a call: a file may hold a thousand slow patterns. It is counted in steps, about a
microsecond of work each, so that the same input gets the same verdict on every machine; only a regular expression, whose
steps nobody can count, is charged by the clock. What is read earns more, so that work grows with the input and not with
what the input declares. Whoever finds the allowance used up says so in a finding: never silence.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from time import thread_time

BASE = 2_000_000  # steps that a run has before it has read anything: about two seconds
A_CHARACTER = 20  # steps that a character of a spec earns
A_SECOND = 10**6  # steps that a second of a regular expression costs
FREE = 0.001  # seconds of a pattern that cost nothing: honest patterns take a few microseconds


class Allowance:
    """The steps that are left to a run."""

    def __init__(self, steps: int = BASE) -> None:
        self.left = steps

    def earn(self, steps: int) -> None:
        """More input, more work."""
        self.left += steps

    def take(self, steps: int) -> bool:
        """Whether so many steps are left; they are spent if they are."""
        if steps > self.left:
            return False
        self.left -= steps
        return True

    @property
    def seconds(self) -> float:
        """The time that is left, for work that only a clock can bound."""
        return max(0, self.left) / A_SECOND

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Charge the time that something takes."""
        began = thread_time()  # a busy machine charges nobody
        try:
            yield
        finally:
            spent = thread_time() - began
            if spent > FREE:
                self.left -= int(spent * A_SECOND)


_current = Allowance()


def begin() -> Allowance:
    """A new run, with an allowance of its own."""
    global _current
    _current = Allowance()
    return _current


def current() -> Allowance:
    """The allowance of the run that is under way."""
    return _current
