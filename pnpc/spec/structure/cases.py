"""The cases in which a message is tried: enough that what can go wrong goes wrong in one of them, and few enough.

- Values that can be listed (enum, const, true and false) take all their values, so that conditions on one variable
  exclude each other as they do in truth; values for which all conditions come out alike are one.
- Questions of which nothing is known are true or false, in all combinations while they are few; where they are many:
  all, none, each one alone otherwise, and for each list what makes it longest and shortest.
- Arrays have their least and greatest length, and one and two entries where that lies between; all with all while
  that makes few cases.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from math import prod
from typing import Any

from pnpc.spec.structure.case import Choice, Chosen
from pnpc.spec.structure.domains import Domains
from pnpc.spec.structure.parts import EACH, Condition, Entries, Key, Loop

_MOST_TRIED = 4096  # combinations of values that are looked at for how conditions come out
_MOST_CASES = 128  # each is a message to be checked
_MOST_TRUTHS = 64  # of which lengths make the rest
_SMALL = (1, 2)

Truth = tuple[Mapping[Key, Any], Mapping[str, bool]]


def choices(found: Domains) -> list[Choice]:
    """The cases in which a message is tried, the fullest first."""
    lengths = {key: _lengths(*bounds) for key, bounds in found.arrays.items()}
    full = {key: options[-1] for key, options in lengths.items()}
    truths = _truths(found, full)
    if len(truths) * prod(len(options) for options in lengths.values()) <= _MOST_CASES:
        every = [dict(zip(lengths, some, strict=True)) for some in product(*(one[::-1] for one in lengths.values()))]
        made = [Choice(values, atoms, counts) for counts in every for values, atoms in truths]
    else:
        least = {key: options[0] for key, options in lengths.items()}
        made = [Choice(values, atoms, counts) for counts in (full, least) for values, atoms in truths]
        made += [Choice(*truths[0], counts) for counts in _counts(lengths, full)]
    if lengths:
        differ = any(EACH in key for key in found.values) or any(one.loops for one in found.asked.values())
        made += [Choice(*truths[0], full, mixed=True)] if differ else []
    return made


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


def _truths(found: Domains, full: dict[Key, int]) -> list[Truth]:
    values = _values(found)
    atoms = list(found.atoms)
    if len(values) * 2 ** len(atoms) <= _MOST_TRUTHS:
        every = [dict(zip(atoms, truths, strict=True)) for truths in product((True, False), repeat=len(atoms))]
        return [(one, truth) for one in values for truth in every]
    made: list[Truth] = [(one, dict.fromkeys(atoms, truth)) for one in values for truth in (True, False)]
    for atom in atoms:
        made += [(values[0], {**dict.fromkeys(atoms, truth), atom: not truth}) for truth in (True, False)]
    for entries, around in found.lists:
        made += [_extreme(entries, around, found, full, values, longest=longest) for longest in (True, False)]
    return made


def _values(found: Domains) -> list[Mapping[Key, Any]]:
    """Values for all that can be listed: one combination for each way in which the conditions come out."""
    keys = list(found.values)
    if prod(len(found.values[key]) for key in keys) > _MOST_TRIED:
        return _one_by_one(found)[:_MOST_TRUTHS]
    ways: dict[tuple[Any, ...], Mapping[Key, Any]] = {}
    for combination in product(*found.values.values()):
        values = dict(zip(keys, combination, strict=True))
        ways.setdefault(_way(values, found), values)
    return list(ways.values())[:_MOST_TRUTHS]


def _way(values: Mapping[Key, Any], found: Domains) -> tuple[Any, ...]:
    """How the questions about listed values come out; of one about the entry's number too, the values themselves."""
    case = Chosen(found, Choice(values, {}, {}))
    return tuple(
        tuple(repr(values.get(key)) for key in one.values.values()) if one.numbered else case.answer(one.question, ())
        for one in found.asked.values()
        if one.values
    )


def _one_by_one(found: Domains) -> list[Mapping[Key, Any]]:
    first = {key: listed[0] for key, listed in found.values.items()}
    return [first] + [{**first, key: one} for key, listed in found.values.items() for one in listed[1:]]


def _extreme(
    entries: Entries, around: tuple[Condition, ...], found: Domains, full: dict[Key, int],
    values: list[Mapping[Key, Any]], *, longest: bool,
) -> Truth:  # fmt: skip
    """Truths that make a list longest or shortest, found by turning one after the other."""

    def worth(truth: Truth) -> tuple[bool, int]:
        case = Chosen(found, Choice(*truth, full))
        length = sum(_times(one.steps, case, full) for one in entries.entries)
        return all(case.holds(one, ()) for one in around), length if longest else -length

    best: Truth = max(((one, dict.fromkeys(found.atoms, True)) for one in values), key=worth)
    for _ in range(2):
        for atom, truth in best[1].items():
            other = (best[0], {**best[1], atom: not truth})
            best = max(best, other, key=worth)
        best = max([best, *((one, best[1]) for one in values)], key=worth)
    return best


def _times(steps: tuple[Condition | Loop, ...], case: Chosen, full: dict[Key, int]) -> int:
    times = 1
    for step in steps:
        times *= full[step.key] if isinstance(step, Loop) else case.holds(step, ())
    return times
