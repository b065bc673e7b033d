"""The cases in which a message is tried: enough that what can go wrong goes wrong in one of them, and few enough.

- Values take all possibilities that conditions tell apart, so that conditions on one variable exclude each other as
  they do in reality; questions of which nothing is known are true or false. All combinations, while they are few. Where
  they are many: the fullest message, the emptiest, for each list what makes it longest and shortest, for each object
  what makes it be there, and each value alone decided in another way.
- Arrays have their least and greatest length, and one and two entries where that lies between; all with all while
  that makes few cases.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import chain, islice, product
from math import prod
from typing import Any, NamedTuple

from pnpc.language.cases.expansion import Case, Rounds
from pnpc.language.cases.parts import EACH, Condition, Entries, EntryPart, Key, Loop
from pnpc.language.cases.truth import Question, data_of, holds, questions, quietly
from pnpc.language.directives.domains import Domains

MOST_CASES = 1024  # each is a message that is checked
_MOST_FULL = 128  # up to here all combinations are tried
_MOST_DECIDED = 64  # combinations of values; lengths make the rest
_MOST_ANSWERS = 100_000  # of conditions, while cases are looked for
_MOST_STARTS = 14  # from which the longest list is looked for
_ROUNDS = 2
_SMALL = (1, 2)

Decided = Mapping[Key | str, Any]


class Choice(NamedTuple):
    """What is decided of each value and each question that the directives depend on, and a length for each array.

    `mixed`: inside a loop values differ from entry to entry.
    """

    decided: Decided
    counts: Mapping[Key, int]
    mixed: bool = False


class Chosen(Case):
    """The case of a choice; `written`: how many entries of a long loop are written out, all if None."""

    def __init__(self, domains: Domains, choice: Choice, written: int | None = None) -> None:
        self._domains = domains
        self._choice = choice
        self._written = written

    def count(self, loop: Loop, rounds: Rounds) -> tuple[int, int]:
        """How many entries a loop has, and how many are written out: only one in later rounds of a loop around it."""
        count = self._choice.counts[loop.key]
        if self._written is None:
            return count, count
        return count, min(count, 1 if any(outer.turn for outer in rounds) else self._written)

    def holds(self, condition: Condition, rounds: Rounds) -> bool:
        """Whether a condition holds."""
        return holds(condition.formula, lambda question: self._answer(question, rounds))

    def _answer(self, question: Question, rounds: Rounds) -> bool:
        asked = self._domains.asked[id(question)]
        if asked.array is not None:
            return self._choice.counts[asked.array] > 0
        if asked.atom:
            truth: bool = self._choice.decided[asked.atom]
            return truth != (self._choice.mixed and _turn(asked.loops, rounds) % 2 == 1)
        values = {steps: self._value(steps, key, rounds) for steps, key in asked.values.items()}
        return quietly(asked.question, data_of(values))

    def _value(self, steps: Key, key: Key, rounds: Rounds) -> Any:
        if key not in self._choice.decided:
            return _number(steps[-1], rounds)
        value = self._choice.decided[key]
        if not self._choice.mixed or EACH not in key:
            return value
        options = self._domains.options[key]
        loop = key[: len(key) - 1 - key[::-1].index(EACH)]
        return options[(options.index(value) + _turn((loop,), rounds)) % len(options)]


def _number(name: str, rounds: Rounds) -> int | bool:
    turn, last = (rounds[-1].turn, rounds[-1].total - 1) if rounds else (0, 0)
    return {"index0": turn, "index": turn + 1, "first": turn == 0, "last": turn == last}[name]


def _turn(loops: tuple[Key, ...], rounds: Rounds) -> int:
    """The turn of the innermost of some loops."""
    return next((outer.turn for outer in reversed(rounds) if outer.loop.key in loops), 0)


class Cases(NamedTuple):
    """The `chosen` cases in which a message is tried, the fullest first, and how many there are in `all`."""

    chosen: list[Choice]
    all: int


def choices(domains: Domains) -> Cases:
    """The cases in which a message is tried: at most MOST_CASES."""
    lengths = {key: _lengths(*bounds) for key, bounds in domains.arrays.items()}
    full = {key: options[-1] for key, options in lengths.items()}
    least = {key: options[0] for key, options in lengths.items()}
    decided, every_decided = _decided(domains, full)
    if not lengths or len(decided) * prod(len(options) for options in lengths.values()) <= _MOST_FULL:
        every = [
            dict(zip(lengths, some, strict=True)) for some in product(*(options[::-1] for options in lengths.values()))
        ]
        made = [Choice(some, counts) for counts in every for some in decided]
        every_made = len(made) + (every_decided - len(decided))
    else:
        made = [Choice(some, full) for some in decided] + [Choice(decided[0], some) for some in _counts(lengths, full)]
        made += [Choice(some, least) for some in decided]
        every_made = len(made) + 2 * (every_decided - len(decided))
    differ = any(EACH in key for key in domains.options if isinstance(key, tuple))
    if lengths and (differ or any(asked.atom and asked.loops for asked in domains.asked.values())):
        made.insert(1, Choice(decided[0], full, mixed=True))
        every_made += 1
    return Cases(made[:MOST_CASES], every_made)


def _lengths(least: int, most: int | None) -> list[int]:
    """The lengths in which an array is tried, in order."""
    top = most if most is not None else max(least, *_SMALL)
    return sorted({least, max(least, top), *(length for length in _SMALL if least < length < top)})


def _counts(lengths: dict[Key, list[int]], full: dict[Key, int]) -> Iterator[dict[Key, int]]:
    """Lengths between the least and the greatest: all arrays alike, and each alone."""
    for length in _SMALL:
        yield {key: min(max(length, options[0]), options[-1]) for key, options in lengths.items()}
    for key, options in lengths.items():
        for length in options[:-1]:
            yield {**full, key: length}


def _decided(domains: Domains, full: dict[Key, int]) -> tuple[list[Decided], int]:
    """Ways to decide what conditions ask, at most MOST_CASES, and how many there are."""
    if prod(len(options) for options in domains.options.values()) <= _MOST_DECIDED:
        every: list[Decided] = [
            dict(zip(domains.options, some, strict=True)) for some in product(*domains.options.values())
        ]
        return every, len(every)
    fullest = {key: options[0] for key, options in domains.options.items()}
    emptiest = {key: options[-1] for key, options in domains.options.items()}
    search = _Search(domains, full, fullest)
    present = [fullest, emptiest, *search.presences()]
    some = chain(present, search.extremes(present[:_MOST_STARTS]), _singles(domains, fullest, emptiest))
    others = sum(len(options) - 1 for options in domains.options.values())
    return [*islice(some, MOST_CASES)], len(present) + 2 * len(domains.lists) + 2 * others


def _singles(domains: Domains, *bases: Decided) -> Iterator[Decided]:
    """Each value, and each question, alone decided in another way."""
    for key, options in domains.options.items():
        for base in bases:
            yield from ({**base, key: value} for value in options if value is not base[key])


class _Search:
    """Looks for what makes a list longest, or an object be there, with at most _MOST_ANSWERS answers of conditions."""

    def __init__(self, domains: Domains, full: dict[Key, int], fullest: Decided) -> None:
        self._domains = domains
        self._full = full
        self._fullest = fullest
        self._left = _MOST_ANSWERS

    def extremes(self, starts: list[Decided]) -> Iterator[Decided]:
        """What makes each list longest and shortest, from each start by changing one decision after the other."""
        for entries, around in self._domains.lists:
            own = [step for entry in entries.entries for step in entry.steps if isinstance(step, Condition)]
            every = [(key, value) for key in self._decides((*around, *own)) for value in self._domains.options[key]]
            for sign in (1, -1):
                worth = partial(self._worth, entries, around, sign)
                yield max((self._climbed(start, every, worth) for start in starts), key=worth)

    def _climbed(self, start: Decided, every: list[tuple[Key | str, Any]], worth: Callable[[Decided], Any]) -> Decided:
        best = start, worth(start)
        for key, value in every * _ROUNDS:
            if self._left <= 0:
                break
            if value is not best[0][key]:
                other = {**best[0], key: value}
                best = max(best, (other, worth(other)), key=lambda pair: pair[1])
        return best[0]

    def presences(self) -> Iterator[Decided]:
        """What makes each object be there that is not there in the fullest message."""
        for entries, around in self._domains.lists:
            for entry in entries.entries:
                conditions = (*around, *(step for step in entry.steps if isinstance(step, Condition)))
                if not self._hold(conditions, self._fullest):
                    yield from islice(self._ways_to_hold(conditions), 1)

    def _ways_to_hold(self, conditions: tuple[Condition, ...]) -> Iterator[Decided]:
        keys = self._decides(conditions)
        for some in product(*(self._domains.options[key] for key in keys)):
            if self._left <= 0:
                return
            decided = {**self._fullest, **dict(zip(keys, some, strict=True))}
            if self._hold(conditions, decided):
                yield decided

    def _decides(self, conditions: tuple[Condition, ...]) -> list[Key | str]:
        """The values and questions on which some conditions depend."""
        asked = [self._domains.asked[id(question)] for step in conditions for question in questions(step.formula)]
        keys = dict.fromkeys(key for question in asked for key in (*question.values.values(), question.atom))
        return [key for key in keys if key in self._domains.options]

    def _worth(self, entries: Entries, around: tuple[Condition, ...], sign: int, decided: Decided) -> tuple[bool, int]:
        length = sum(self._times(entry, decided) for entry in entries.entries)
        return self._hold(around, decided), sign * length

    def _times(self, entry: EntryPart, decided: Decided) -> int:
        times = 1
        for step in entry.steps:
            times *= self._full[step.key] if isinstance(step, Loop) else self._hold((step,), decided)
        return times

    def _hold(self, conditions: tuple[Condition, ...], decided: Decided) -> bool:
        self._left -= len(conditions)
        case = Chosen(self._domains, Choice(decided, self._full))
        return all(case.holds(step, ()) for step in conditions)
