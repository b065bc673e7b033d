"""Which of a message's cases have a mistake, said in words: `when `lines` has 20 entries`."""

from collections.abc import Iterable
from itertools import combinations
from typing import Any

from pnpc.language.cases.parts import Key
from pnpc.language.directives.cases import Choice
from pnpc.language.directives.domains import Domains
from pnpc.language.directives.values import NEXT
from pnpc.line.grammar.run import comparable
from pnpc.text.wording import NOTHING, Said, says, together

_MOST_WORDS = 3  # parts of a witness
_MOST_TRIED = 24  # parts of a case out of which a witness of several is looked for

# What a case says of one thing, and the words for it.
Part = tuple[str, Said]


def when(cases: set[int], choices: list[Choice], found: Domains) -> Said:
    """The shortest condition that only these cases fulfil, as it comes after `when`; NOTHING if there is none."""
    length = _least_length(cases, choices, found)
    if length:
        return length
    parts = [_parts(one, found) for one in choices]
    sets = [frozenset(one) for one in parts]
    common = frozenset.intersection(*sets)
    first = min(cases)
    for one in sorted(cases):
        for part in parts[one]:
            if _only((part,), sets, cases):
                return part[1]
    telling = [part for part in parts[first] if part not in common]
    for size in range(2, _MOST_WORDS + 1):
        for some in combinations(telling[:_MOST_TRIED], size):
            if _only(some, sets, cases):
                return together([words for _, words in some])
    return together([words for _, words in telling[:_MOST_TRIED]])


def _least_length(cases: set[int], choices: list[Choice], found: Domains) -> Said:
    """The array, and its least length, from which on all cases are among the cases; NOTHING if there is none."""
    for key in found.arrays:
        tried = sorted({one.counts[key] for one in choices})
        for least in tried[1:]:
            if all((one.counts[key] < least) or index in cases for index, one in enumerate(choices)):
                name = found.shown[key]
                if least == tried[-1]:
                    return says("`{name}` has {count} entries", name=name, count=least)
                return says("`{name}` has {count} or more entries", name=name, count=least)
    return NOTHING


def _only(parts: Iterable[Part], sets: list[frozenset[Part]], cases: set[int]) -> bool:
    """Whether all cases with these parts are among the cases."""
    wanted = frozenset(parts)
    return all(index in cases for index, one in enumerate(sets) if wanted <= one)


def _parts(one: Choice, found: Domains) -> list[Part]:
    parts = [(f"# {key}={count}", _length(found.shown[key], count)) for key, count in one.counts.items()]
    parts += [(f"= {key}={comparable(value)}", _decided(key, value, found)) for key, value in one.decided.items()]
    return [*parts, ("mixed", says("entries differ"))] if one.mixed else parts


def _length(name: str, count: int) -> Said:
    if count == 1:
        return says("`{name}` has {count} entry", name=name, count=count)
    return says("`{name}` has {count} entries", name=name, count=count)


def _decided(key: Key | str, value: Any, found: Domains) -> Said:
    name = found.shown[key]
    if isinstance(key, str) or isinstance(value, bool):
        if value:
            return says("`{name}` is true", name=name)
        return says("`{name}` is not true", name=name) if isinstance(key, str) else says("`{name}` is false", name=name)
    if isinstance(value, str) and not value:
        return says("`{name}` is empty", name=name)
    if isinstance(value, str) and value.endswith(NEXT):
        if all(not option.strip(NEXT) for option in found.options[key]):
            return says("`{name}` is not empty", name=name)
        return says("`{name}` is another text", name=name)
    return says("`{name}` is `{value}`", name=name, value=str(value))
