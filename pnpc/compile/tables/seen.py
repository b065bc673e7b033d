"""A set of digests in 16 bytes each: a million recipients must not fill the memory to find those that repeat."""

from array import array
from collections.abc import Sequence
from mmap import mmap

# So large from the start that two million recipients need no more memory than fifty thousand. A page that nothing was
# written to takes none.
_SLOTS = 1 << 22
_BYTES = 8  # a slot


class Repeats:
    """How many of some recipients had been there before, and the place among them of the first (-1 for none)."""

    __slots__ = ("count", "first")

    def __init__(self) -> None:
        self.count = 0
        self.first = -1


class Seen:
    """Remembers 64 bits of each digest: enough that two people are never taken for one."""

    def __init__(self) -> None:
        self._slots = _empty(_SLOTS)  # open addressing; 0 is an empty slot
        self.count = 0  # different recipients

    def add(self, keys: Sequence[int]) -> Repeats:
        """Remember recipients, each by its `key`."""
        if 2 * (self.count + len(keys)) > len(self._slots):
            self._grow(2 * (self.count + len(keys)))
        repeats = Repeats()
        slots = self._slots
        last = len(slots) - 1
        for index, key in enumerate(keys):
            at = key & last
            while (held := slots[at]) and held != key:
                at = (at + 1) & last
            if held:
                repeats.count += 1
                if repeats.first < 0:
                    repeats.first = index
            else:
                slots[at] = key
        self.count += len(keys) - repeats.count
        return repeats

    def _grow(self, least: int) -> None:
        size = len(self._slots)
        while size < least:
            size *= 2
        old, self._slots, self.count = self._slots, _empty(size), 0
        for start in range(0, len(old), _SLOTS):
            self.add(array("Q", filter(None, old[start : start + _SLOTS])))


def key(digest: str) -> int:
    """What is remembered of a digest of hex digits; never 0."""
    return int(digest[: 2 * _BYTES], 16) or 1


def _empty(size: int) -> memoryview:
    return memoryview(mmap(-1, _BYTES * size)).cast("Q")
