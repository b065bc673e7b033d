"""The emulator's clock: the machine's, or a virtual one that moves only when it is advanced; and what is due."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from time import time

from pnpc.line.service import counting

Work = Callable[[], None]
# A day before the last that a date can be: days are counted ahead of UTC.
_END = (datetime.max.replace(tzinfo=UTC) - timedelta(days=1)).timestamp()


class Clock:
    """Seconds since the epoch, and an agenda of what is to be done when."""

    def __init__(self, *, virtual: bool, start: float | None = None) -> None:
        """A virtual clock begins at `start` (seconds since the epoch), or now. Raises ValueError for no time of ours."""
        self.virtual = virtual
        self._virtual_now = time() if start is None else start
        if not 0 <= self._virtual_now <= _END:
            raise ValueError("a clock begins in 1970 at the earliest, and ends with the year 9999")
        self._agenda: list[tuple[float, int, Work]] = []
        self._number = 0

    def now(self) -> float:
        """Seconds since the epoch."""
        return self._virtual_now if self.virtual else time()

    def at(self, when: float, work: Work) -> None:
        """Put work down for a time; what is due is done by `run_due`, in the order of the times."""
        self._number += 1
        heappush(self._agenda, (when, self._number, work))

    def next_due(self) -> float | None:
        """The time of the next work."""
        return self._agenda[0][0] if self._agenda else None

    def run_due(self) -> None:
        """Do what is due now."""
        now = self.now()
        while self._agenda and self._agenda[0][0] <= now:
            heappop(self._agenda)[2]()

    def advance(self, seconds: float) -> None:
        """Let a virtual clock go on, from one work to the next, each done at its own time.

        Raises ValueError for a real clock, and for less than no time.
        """
        if not self.virtual:
            raise ValueError("the clock is the machine's: start the emulator with a virtual one to advance it")
        if not 0 <= seconds <= _END - self._virtual_now:
            raise ValueError("a clock goes forwards only, and not beyond the year 9999")
        end = self._virtual_now + seconds
        while (due := self.next_due()) is not None and due <= end:
            self._virtual_now = max(self._virtual_now, due)
            self.run_due()
        self._virtual_now = end


def day(seconds: float) -> str:
    """The day on which LINE counts a moment, `yyyyMMdd`."""
    hours, _ = counting()
    return (datetime.fromtimestamp(seconds, UTC) + timedelta(hours=hours)).strftime("%Y%m%d")


def iso(seconds: float) -> str:
    """A moment as people and programs read it: ISO 8601 in UTC, with milliseconds."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
