"""The cases in which a message is tried: enough that what can go wrong goes wrong in one of them, and few enough.

- Values take all possibilities that conditions tell apart, so that conditions on one variable exclude each other as
  they do in truth; questions of which nothing is known are true or false. All combinations, while they are few. Where
  they are many: the fullest message, the emptiest, for each list what makes it longest and shortest, for each object
  what makes it be there, and each thing alone decided otherwise.
- Arrays have their least and greatest length, and one and two entries where that lies between; all with all while
  that makes few cases.
"""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain, islice, product
from math import prod
from typing import Any, NamedTuple

from pnpc.language.cases.parts import EACH, Condition, Entries, Entry, Key, Loop
from pnpc.language.cases.truth import questions
from pnpc.language.directives.case import Choice, Chosen, Decided
from pnpc.language.directives.domains import Domains

MOST_CASES = 1024  # each is a message to be checked
_MOST_FULL = 128  # of which all with all are tried
_MOST_DECIDED = 64  # of which lengths make the rest
_MOST_ANSWERS = 100_000  # of conditions, in search of cases
_MOST_STARTS = 14  # from which what makes a list longest is looked for
_ROUNDS = 2
_SMALL = (1, 2)


class Cases(NamedTuple):
    """The `chosen` cases in which a message is tried, the fullest first, of `all` that are worth a try."""

    chosen: list[Choice]
    all: int


def choices(found: Domains) -> Cases:
    """The cases in which a message is tried: at most MOST_CASES."""
    lengths = {key: _lengths(*bounds) for key, bounds in found.arrays.items()}
    full = {key: options[-1] for key, options in lengths.items()}
    least = {key: options[0] for key, options in lengths.items()}
    decided, every_decided = _decided(found, full)
    if not lengths or len(decided) * prod(len(options) for options in lengths.values()) <= _MOST_FULL:
        every = [dict(zip(lengths, some, strict=True)) for some in product(*(one[::-1] for one in lengths.values()))]
        made = [Choice(one, counts) for counts in every for one in decided]
        every_made = len(made) + (every_decided - len(decided))
    else:
        made = [Choice(one, full) for one in decided] + [Choice(decided[0], some) for some in _counts(lengths, full)]
        made += [Choice(one, least) for one in decided]
        every_made = len(made) + 2 * (every_decided - len(decided))
    differ = any(EACH in key for key in found.options if isinstance(key, tuple))
    if lengths and (differ or any(one.atom and one.loops for one in found.asked.values())):
        made.insert(1, Choice(decided[0], full, mixed=True))
        every_made += 1
    return Cases(made[:MOST_CASES], every_made)


def _lengths(least: int, most: int | None) -> list[int]:
    """The lengths in which an array is tried, in order."""
    top = most if most is not None else max(least, *_SMALL)
    return sorted({least, max(least, top), *(one for one in _SMALL if least < one < top)})


def _counts(lengths: dict[Key, list[int]], full: dict[Key, int]) -> Iterator[dict[Key, int]]:
    """Lengths between the least and the greatest: all arrays alike, and each alone."""
    for one in _SMALL:
        yield {key: min(max(one, options[0]), options[-1]) for key, options in lengths.items()}
    for key, options in lengths.items():
        for one in options[:-1]:
            yield {**full, key: one}


def _decided(found: Domains, full: dict[Key, int]) -> tuple[list[Decided], int]:
    """Ways to decide what conditions ask, at most MOST_CASES, and how many there are."""
    if prod(len(options) for options in found.options.values()) <= _MOST_DECIDED:
        every: list[Decided] = [
            dict(zip(found.options, some, strict=True)) for some in product(*found.options.values())
        ]
        return every, len(every)
    fullest = {key: options[0] for key, options in found.options.items()}
    emptiest = {key: options[-1] for key, options in found.options.items()}
    search = _Search(found, full, fullest)
    present = [fullest, emptiest, *search.presences()]
    some = chain(present, search.extremes(present[:_MOST_STARTS]), _singles(found, fullest, emptiest))
    others = sum(len(options) - 1 for options in found.options.values())
    return [*islice(some, MOST_CASES)], len(present) + 2 * len(found.lists) + 2 * others


def _singles(found: Domains, *bases: Decided) -> Iterator[Decided]:
    """Each thing alone decided otherwise."""
    for key, options in found.options.items():
        for base in bases:
            yield from ({**base, key: one} for one in options if one is not base[key])


class _Search:
    """Looks for what makes a list longest, or an object be there; as long as that takes no more than so many answers."""

    def __init__(self, found: Domains, full: dict[Key, int], fullest: Decided) -> None:
        self._found = found
        self._full = full
        self._fullest = fullest
        self._left = _MOST_ANSWERS

    def extremes(self, starts: list[Decided]) -> Iterator[Decided]:
        """What makes each list longest and shortest, found from each start by deciding one thing after the other."""
        for entries, around in self._found.lists:
            own = [step for entry in entries.entries for step in entry.steps if isinstance(step, Condition)]
            every = [(key, one) for key in self._decides((*around, *own)) for one in self._found.options[key]]
            for sign in (1, -1):
                worth = partial(self._worth, entries, around, sign)
                yield max((self._climbed(start, every, worth) for start in starts), key=worth)

    def _climbed(self, start: Decided, every: list[tuple[Key | str, Any]], worth: Callable[[Decided], Any]) -> Decided:
        best = start, worth(start)
        for key, one in every * _ROUNDS:
            if self._left <= 0:
                break
            if one is not best[0][key]:
                other = {**best[0], key: one}
                best = max(best, (other, worth(other)), key=lambda pair: pair[1])
        return best[0]

    def presences(self) -> Iterator[Decided]:
        """What makes each object be there that is not there in the fullest message."""
        for entries, around in self._found.lists:
            for entry in entries.entries:
                conditions = (*around, *(step for step in entry.steps if isinstance(step, Condition)))
                if not self._hold(conditions, self._fullest):
                    yield from islice(self._found_for(conditions), 1)

    def _found_for(self, conditions: tuple[Condition, ...]) -> Iterator[Decided]:
        keys = self._decides(conditions)
        for some in product(*(self._found.options[key] for key in keys)):
            if self._left <= 0:
                return
            one = {**self._fullest, **dict(zip(keys, some, strict=True))}
            if self._hold(conditions, one):
                yield one

    def _decides(self, conditions: tuple[Condition, ...]) -> list[Key | str]:
        """The things on which the truth of some conditions depends."""
        asked = [self._found.asked[id(one)] for step in conditions for one in questions(step.formula)]
        keys = dict.fromkeys(key for one in asked for key in (*one.values.values(), one.atom))
        return [key for key in keys if key in self._found.options]

    def _worth(self, entries: Entries, around: tuple[Condition, ...], sign: int, one: Decided) -> tuple[bool, int]:
        length = sum(self._times(entry, one) for entry in entries.entries)
        return self._hold(around, one), sign * length

    def _times(self, entry: Entry, one: Decided) -> int:
        times = 1
        for step in entry.steps:
            times *= self._full[step.key] if isinstance(step, Loop) else self._hold((step,), one)
        return times

    def _hold(self, conditions: tuple[Condition, ...], one: Decided) -> bool:
        self._left -= len(conditions)
        case = Chosen(self._found, Choice(one, self._full))
        return all(case.holds(step, ()) for step in conditions)
