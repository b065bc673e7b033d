"""Two lists of JSON values laid side by side, so that one item put in or taken out is one change and not many."""

from typing import Any

Pair = tuple[int | None, int | None]

_MOST_CELLS = 40_000  # of the table: longer lists are compared item by item
_EQUAL, _SAME_SHAPE, _SAME_TYPE = 4, 2, 1


def align(before: list[Any], after: list[Any]) -> list[Pair]:
    """The indices of both lists in pairs, in order; None opposite an item that the other list lacks.

    Items are paired so that as many as can be are equal, then of the same shape, then of the same `type`.
    """
    if before == after or len(before) * len(after) > _MOST_CELLS:
        shared = min(len(before), len(after))
        pairs: list[Pair] = [(index, index) for index in range(shared)]
        pairs += [(index, None) for index in range(shared, len(before))]
        return pairs + [(None, index) for index in range(shared, len(after))]
    return _walk(before, after, _best(before, after))


def _best(before: list[Any], after: list[Any]) -> list[list[int]]:
    """For each two ends of the lists, the most likeness that their items can have in pairs."""
    best = [[0] * (len(after) + 1) for _ in range(len(before) + 1)]
    for one in range(len(before) - 1, -1, -1):
        for other in range(len(after) - 1, -1, -1):
            paired = _likeness(before[one], after[other]) + best[one + 1][other + 1]
            best[one][other] = max(paired, best[one + 1][other], best[one][other + 1])
    return best


def _walk(before: list[Any], after: list[Any], best: list[list[int]]) -> list[Pair]:
    pairs: list[Pair] = []
    one = other = 0
    while one < len(before) or other < len(after):
        both = one < len(before) and other < len(after)
        if both and best[one][other] == _likeness(before[one], after[other]) + best[one + 1][other + 1]:
            pairs.append((one, other))
            one, other = one + 1, other + 1
        elif other == len(after) or (both and best[one][other] == best[one + 1][other]):
            pairs.append((one, None))
            one += 1
        else:
            pairs.append((None, other))
            other += 1
    return pairs


def _likeness(one: Any, other: Any) -> int:
    if one == other:
        return _EQUAL
    if not isinstance(one, dict) or not isinstance(other, dict) or one.get("type") != other.get("type"):
        return 0
    return _SAME_SHAPE if one.keys() == other.keys() else _SAME_TYPE
