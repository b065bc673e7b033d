"""LINE's rate limit: a token bucket for each channel and endpoint. It follows the machine's time, never a virtual one."""

from collections.abc import Callable
from time import monotonic


class Bucket:
    """Holds `burst` tokens and gets `rate` of them a second; a request takes one."""

    __slots__ = ("_burst", "_filled", "_now", "_rate", "_tokens")

    def __init__(self, rate: float, burst: float, now: Callable[[], float] = monotonic) -> None:
        """`now` gives seconds that never run backwards."""
        self._rate, self._burst, self._now = rate, burst, now
        self._tokens = burst
        self._filled = now()

    def take(self) -> bool:
        """Whether there was a token to take."""
        now = self._now()
        self._tokens = min(self._burst, self._tokens + (now - self._filled) * self._rate)
        self._filled = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class Buckets:
    """A bucket for each channel and endpoint, made when first asked."""

    def __init__(self, rate: float, burst: float | None) -> None:
        """Without `burst` a full bucket holds one second of `rate`."""
        self._rate, self._burst = rate, max(1, rate if burst is None else burst)
        self._buckets: dict[tuple[str, str], Bucket] = {}

    def take(self, channel: str, endpoint: str) -> bool:
        """Whether a request of a channel is within the limit of an endpoint."""
        key = (channel, endpoint)
        if key not in self._buckets:
            self._buckets[key] = Bucket(self._rate, self._burst)
        return self._buckets[key].take()
