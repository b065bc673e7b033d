"""What one run may spend on work that a few bytes can make large: slow patterns, proofs with many cases.

One allowance for a run, not for a call, because a file may hold a thousand slow patterns. It is counted in steps, about a
microsecond of work each, so that the same input gets the same verdict on every machine. Only a regular expression is
charged by the clock, because its steps can't be counted. Each text has its own allowance inside that of the run: the
verdict on one file must not depend on the files before it. Each character that is read adds steps, so that the work grows
with the input and not with what the input declares. Code that finds the allowance used up must report that in a finding.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from time import thread_time

TEXT_STEPS = 2_000_000  # for one text: about two seconds
RUN_STEPS = 60_000_000  # for all texts of a run: enough for thirty texts that use all of theirs
STEPS_PER_CHARACTER = 20  # that each code point of a text adds
STEPS_PER_SECOND = 10**6  # that a regular expression costs
FREE_SECONDS = 0.001  # of a regular expression, not charged: ordinary patterns take a few microseconds


class Allowance:
    """The steps that are left to a text (`left`), and to the run."""

    def __init__(self, steps: int | None = None) -> None:
        """The allowance of a run that has read nothing yet; its first text has `steps`, by default TEXT_STEPS."""
        self._run = RUN_STEPS
        self.left = TEXT_STEPS if steps is None else steps

    def next_text(self, characters: int) -> None:
        """Begin a text of this many code points: `left` is now the allowance of this text."""
        earned = characters * STEPS_PER_CHARACTER
        self._run += earned
        self.left = min(TEXT_STEPS + earned, self._run)

    def take(self, steps: int) -> bool:
        """Spend steps; False, and nothing is spent, if fewer are left."""
        if steps > self.left:
            return False
        self._spend(steps)
        return True

    def _spend(self, steps: int) -> None:
        self.left -= steps
        self._run -= steps

    @property
    def seconds(self) -> float:
        """The steps that are left as seconds, for work that only a clock can limit."""
        return max(0, self.left) / STEPS_PER_SECOND

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Charge the CPU time that the block takes, except for the first FREE_SECONDS."""
        began = thread_time()  # not the wall clock: a busy machine must not change a verdict
        try:
            yield
        finally:
            spent = thread_time() - began
            if spent > FREE_SECONDS:
                self._spend(int(spent * STEPS_PER_SECOND))


_current = Allowance()


def begin() -> Allowance:
    """Start a run with a new allowance, and return it."""
    global _current
    _current = Allowance()
    return _current


def current() -> Allowance:
    """The allowance of the present run."""
    return _current
