"""What one run may spend on work that a few bytes can make large: patterns without an end, proofs with many cases.

One allowance for a run, not for a call: a file may hold a thousand slow patterns. It is counted in steps, about a
microsecond of work each, so that the same input gets the same verdict on every machine; only a regular expression, whose
steps nobody can count, is charged by the clock. A text has an allowance of its own inside that of the run: what one file
wastes is not missing in the next, whose verdict shall not hang on its neighbours. What is read earns more, so that work
grows with the input and not with what the input declares. Whoever finds the allowance used up says so in a finding: never
silence.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from time import thread_time

BASE = 2_000_000  # steps that a text has: about two seconds
RUN = 60_000_000  # steps that all texts of a run share: thirty texts that spend all they have
A_CHARACTER = 20  # steps that a character of a text earns
A_SECOND = 10**6  # steps that a second of a regular expression costs
FREE = 0.001  # seconds of a pattern that cost nothing: honest patterns take a few microseconds


class Allowance:
    """The steps that are left to a text (`left`), and to the run."""

    def __init__(self, steps: int | None = None) -> None:
        """A run that has read nothing yet; its first text has so many steps, BASE by default."""
        self._run = RUN
        self.left = BASE if steps is None else steps

    def next_text(self, characters: int) -> None:
        """A text of so many characters has its turn."""
        earned = characters * A_CHARACTER
        self._run += earned
        self.left = min(BASE + earned, self._run)

    def take(self, steps: int) -> bool:
        """Whether so many steps are left; they are spent if they are."""
        if steps > self.left:
            return False
        self._spend(steps)
        return True

    def _spend(self, steps: int) -> None:
        self.left -= steps
        self._run -= steps

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
                self._spend(int(spent * A_SECOND))


_current = Allowance()


def begin() -> Allowance:
    """A new run, with an allowance of its own."""
    global _current
    _current = Allowance()
    return _current


def current() -> Allowance:
    """The allowance of the run that is under way."""
    return _current
