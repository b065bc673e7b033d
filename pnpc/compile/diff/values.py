"""Where two JSON values differ: what stands under the same name is compared, entries of lists are paired first."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from pnpc.compile.diff.bounds import ABSENT
from pnpc.language.review.alignment import Pair, align
from pnpc.line.grammar.run import same
from pnpc.text.path import Path

KEYS = ("itemKey", "buttonKey")  # each may stand once in a message: an entry is known by it


class Difference(NamedTuple):
    """A value that is another: its paths in both, and what stands there; ABSENT where one has nothing.

    `moved`: the entries of a list are the same, in another order.
    """

    old: Path
    new: Path
    before: Any
    after: Any
    moved: bool = False


def differences(old: Any, new: Any, at: Path = (), to: Path = ()) -> Iterator[Difference]:
    """What differs between two JSON values, in the order of the new one, with what was taken out at the end of each part."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name in dict.fromkeys((*new, *old)):
            yield from _one(old.get(name, ABSENT), new.get(name, ABSENT), (*at, name), (*to, name))
    elif isinstance(old, list) and isinstance(new, list):
        yield from _lists(old, new, at, to)
    elif not (type(old) is type(new) and same(old, new)):
        yield Difference(at, to, old, new)


def _one(old: Any, new: Any, at: Path, to: Path) -> Iterator[Difference]:
    if old is ABSENT or new is ABSENT:
        yield Difference(at, to, old, new)
    else:
        yield from differences(old, new, at, to)


def _lists(old: list[Any], new: list[Any], at: Path, to: Path) -> Iterator[Difference]:
    pairs = _pairs(old, new)
    for index, other in pairs:
        before = ABSENT if index is None else old[index]
        after = ABSENT if other is None else new[other]
        # An entry that only one list has stands where the list itself stands in the other.
        yield from _one(before, after, at if index is None else (*at, index), to if other is None else (*to, other))
    kept = [index for index, other in pairs if index is not None and other is not None]
    if kept != sorted(kept):
        yield Difference(at, to, old, new, moved=True)


def _pairs(old: list[Any], new: list[Any]) -> Sequence[Pair]:
    """The entries of two lists in pairs, in the order of the new list; entries with a LINE key by it, all others
    by their likeness."""
    keys = {_key(entry): index for index, entry in enumerate(old) if _key(entry) is not None}
    named = {index: keys[_key(entry)] for index, entry in enumerate(new) if _key(entry) in keys}
    if len(set(named.values())) < len(named):
        named = {}  # a key stands twice: it tells nothing
    left = [index for index in range(len(old)) if index not in named.values()]
    right = [index for index in range(len(new)) if index not in named]
    pairs: list[Pair] = [(index, other) for other, index in named.items()]
    for before, other in align([_plain(old[index]) for index in left], [_plain(new[index]) for index in right]):
        pairs.append((None if before is None else left[before], None if other is None else right[other]))
    return sorted(pairs, key=_order)


def _order(pair: Pair) -> tuple[int, int]:
    old, new = pair
    return (new, -1) if new is not None else (1 << 62, old or 0)


def _key(value: Any) -> str | None:
    """The LINE key that names an entry, with its kind; None for an entry without one."""
    for name in KEYS:
        if isinstance(value, dict) and isinstance(value.get(name), str):
            return f"{name} {value[name]}"
    return None


def _plain(value: Any) -> Any:
    """An entry as likeness is to see it: of two that differ in their key only, the rest makes them alike."""
    return {name: member for name, member in value.items() if name not in KEYS} if _key(value) is not None else value
