"""Two lists of JSON values side by side, so that an item that was added or removed is one change and not many."""

from typing import Any

Pair = tuple[int | None, int | None]

_MOST_CELLS = 40_000  # of the table: longer lists are compared item by item
_EQUAL, _SAME_SHAPE, _SAME_TYPE = 4, 2, 1


def align(before: list[Any], after: list[Any]) -> list[Pair]:
    """The indices of both lists in pairs, in order; None opposite an item that the other list lacks.

    The pairs have as many equal items as possible, then items of the same shape, then of the same `type`.
    """
    if before == after or len(before) * len(after) > _MOST_CELLS:
        shared = min(len(before), len(after))
        pairs: list[Pair] = [(index, index) for index in range(shared)]
        pairs += [(index, None) for index in range(shared, len(before))]
        return pairs + [(None, index) for index in range(shared, len(after))]
    return _walk(before, after, _best(before, after))


def _best(before: list[Any], after: list[Any]) -> list[list[int]]:
    """For each pair of ends of the two lists, the greatest likeness that their items can have in pairs."""
    best = [[0] * (len(after) + 1) for _ in range(len(before) + 1)]
    for first in range(len(before) - 1, -1, -1):
        for other in range(len(after) - 1, -1, -1):
            paired = _likeness(before[first], after[other]) + best[first + 1][other + 1]
            best[first][other] = max(paired, best[first + 1][other], best[first][other + 1])
    return best


def _walk(before: list[Any], after: list[Any], best: list[list[int]]) -> list[Pair]:
    pairs: list[Pair] = []
    first = other = 0
    while first < len(before) or other < len(after):
        both = first < len(before) and other < len(after)
        if both and best[first][other] == _likeness(before[first], after[other]) + best[first + 1][other + 1]:
            pairs.append((first, other))
            first, other = first + 1, other + 1
        elif other == len(after) or (both and best[first][other] == best[first + 1][other]):
            pairs.append((first, None))
            first += 1
        else:
            pairs.append((None, other))
            other += 1
    return pairs


def _likeness(first: Any, other: Any) -> int:
    if first == other:
        return _EQUAL
    if not isinstance(first, dict) or not isinstance(other, dict) or first.get("type") != other.get("type"):
        return 0
    return _SAME_SHAPE if first.keys() == other.keys() else _SAME_TYPE
