"""A set of digests in 16 bytes each: a million recipients must not fill the memory to find those that repeat."""

from array import array


class Seen:
    """Remembers 64 bits of each digest: enough that two people are never taken for one."""

    def __init__(self) -> None:
        self._slots = array("Q", bytes(8 * 1024))  # open addressing; 0 is an empty slot
        self._count = 0

    def add(self, digest: str) -> bool:
        """Remember a digest of hex digits; whether it was there before."""
        key = int(digest[:16], 16) or 1
        if not _put(self._slots, key):
            return True
        self._count += 1
        if 2 * self._count > len(self._slots):
            self._grow()
        return False

    def _grow(self) -> None:
        larger = array("Q", bytes(16 * len(self._slots)))
        for key in self._slots:
            if key:
                _put(larger, key)
        self._slots = larger


def _put(slots: "array[int]", key: int) -> bool:
    last = len(slots) - 1
    at = key & last
    while slots[at]:
        if slots[at] == key:
            return False
        at = (at + 1) & last
    slots[at] = key
    return True
