"""When to go gently, when to pause and when to give up: so that trouble there does not make thousands of unknowns here.

Times are seconds of a clock that never jumps, given by the caller; nothing here waits or reads a clock.
"""

from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from pnpc.deliver.sending.outcomes import StopKind, StopReason

GENTLY = 20  # requests under way, until as many were answered
_LOOKED_AT = 50  # outcomes
_TROUBLE = 20  # of them may be trouble before a pause
_PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)  # seconds; after the last the run ends
_FORGIVEN = 1_000  # good outcomes in a row
_UNBROKEN = 3  # troubles in a row, and nothing else for the seconds below, end the run:
_NO_LONGER_ANSWERED = 60.0
_LIMITS = 50  # answers of 429 in a row, and nothing else for the seconds below, end the run
_LIMITED_FOR = 60.0


class SeenOutcome(NamedTuple):
    """What the breaker needs to know of an outcome.

    `trouble`: no connection, or unknown. `limited`: a 429. `refusal`: what all of the first answers share if the
    requests are wrong; None for anything else.
    """

    trouble: bool = False
    limited: bool = False
    refusal: str | None = None


class _Row:
    """Outcomes of one sort without another between them: how many, and for how long."""

    def __init__(self) -> None:
        self._count = 0
        self._since = 0.0

    def note(self, belongs: bool, now: float) -> None:
        if not belongs:
            self._count = 0
        else:
            self._since = self._since if self._count else now
            self._count += 1

    def lasts(self, count: int, seconds: float, now: float) -> bool:
        return self._count >= count and now - self._since >= seconds


class Breaker:
    """Looks at each outcome; says how many requests may be under way, and why the run must end, if it must."""

    def __init__(self, patience: float) -> None:
        """`patience`: the seconds without an answer after which a run that never had one ends."""
        self._patience = patience
        self.verdict: StopReason | None = None
        self._first: list[str | None] = []  # refusals of the first answers of the run
        self._answered = 0  # since the run, or a pause, began
        self._recent: deque[bool] = deque(maxlen=_LOOKED_AT)
        self._troubles, self._limits = _Row(), _Row()
        self._pauses = 0
        self._good = 0
        self._until: float | None = None  # the end of a pause; after it, one request tries

    def allows(self, now: float, most: int) -> int:
        """How many requests may be under way, at most `most`."""
        if self._until is not None:
            return 1 if now >= self._until else 0
        return most if self._answered >= GENTLY else min(most, GENTLY)

    def note(self, seen: SeenOutcome, now: float) -> None:
        """Take an outcome into account."""
        self._troubles.note(seen.trouble, now)
        self._limits.note(seen.limited, now)
        self._recent.append(seen.trouble)
        self._note_answer(seen)
        if self._until is None and sum(self._recent) >= _TROUBLE:
            self._pause(now)
        elif self._until is not None and now >= self._until:  # what was under way before proves nothing
            self._tried(seen, now)
        patience = _NO_LONGER_ANSWERED if self._first else self._patience
        if self._troubles.lasts(_UNBROKEN, patience, now):
            self._end("trouble", "there is no answer")
        if self._limits.lasts(_LIMITS, _LIMITED_FOR, now):
            self._end("trouble", f"every answer for {_LIMITED_FOR:.0f} seconds was 429")

    def _note_answer(self, seen: SeenOutcome) -> None:
        if seen.trouble or seen.limited:
            self._good = 0
            return
        self._answered += 1
        self._good += 1
        if self._good >= _FORGIVEN:
            self._pauses = 0
        if len(self._first) < GENTLY:
            self._first.append(seen.refusal)
            if len(self._first) == GENTLY and None not in self._first and len(set(self._first)) == 1:
                self._end("refusals", f"the first {GENTLY} answers are the same refusal")

    def _tried(self, seen: SeenOutcome, now: float) -> None:
        if seen.trouble:
            self._pause(now)
        else:
            self._until = None
            self._answered = 0
            self._recent.clear()

    def _pause(self, now: float) -> None:
        if self._pauses == len(_PAUSES):
            self._end("trouble", "there were errors again and again")
        else:
            self._until = now + _PAUSES[self._pauses]
            self._pauses += 1

    def _end(self, kind: StopKind, why: str) -> None:
        self.verdict = self.verdict or StopReason(kind, why)


class Absence:
    """Whether the journal of a run is away, and since when: nothing is sent without its intent, so the run waits for it."""

    def __init__(self, patience: float, say: Callable[[str], None]) -> None:
        """`patience`: seconds to wait for it; `say` hears when it goes and when it is back."""
        self._patience = patience
        self._say = say
        self._since: float | None = None
        self._is_on = False

    def is_on(self) -> bool:
        """Whether the journal is away."""
        return self._is_on

    def waits(self, why: str, now: float) -> bool:
        """The journal is away: whether to wait for it any longer."""
        self._is_on = True
        if self._since is None:
            self._since = now
            if self._patience > 0:
                self._say(f"waiting for the journal, at most {self._patience:g} seconds: {why}")
        return now - self._since < self._patience

    def end(self, now: float, *, is_sure: bool) -> None:
        """The journal has answered. It is only sure to be back when it has written what it could not write: a database whose disk is
        full still answers."""
        self._is_on = False
        if self._since is not None and is_sure:
            self._say(f"the journal is back after {now - self._since:.0f} seconds")
            self._since = None

    def give_up(self) -> None:
        """Wait no longer."""
        self._patience = 0.0
