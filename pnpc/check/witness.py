"""In which of a message's cases there is a mistake, in words: `when `lines` has 20 entries`."""

from collections.abc import Iterable
from itertools import combinations
from typing import Any

from pnpc.language.cases.parts import Key
from pnpc.language.directives.cases import Choice
from pnpc.language.directives.domains import Domains
from pnpc.language.directives.values import NEXT
from pnpc.line.grammar.run import comparable
from pnpc.text.wording import NOTHING, Said, joined_by_and, says

_MOST_WORDS = 3  # facts in a condition
_MOST_TRIED = 24  # facts of a case from which a condition of several facts is searched

# A property of a case as a text that can be compared, and the words for it.
Fact = tuple[str, Said]


def when(cases: set[int], choices: list[Choice], domains: Domains) -> Said:
    """The shortest condition that only these cases satisfy, as it follows `when`; NOTHING if there is none.

    `choices` are those of all cases; `cases` are indices in them.
    """
    length = _least_length(cases, choices, domains)
    if length:
        return length
    facts = [_facts(choice, domains) for choice in choices]
    sets = [frozenset(of_case) for of_case in facts]
    common = frozenset.intersection(*sets)
    first = min(cases)
    for case in sorted(cases):
        for fact in facts[case]:
            if _only((fact,), sets, cases):
                return fact[1]
    telling = [fact for fact in facts[first] if fact not in common]
    for size in range(2, _MOST_WORDS + 1):
        for some in combinations(telling[:_MOST_TRIED], size):
            if _only(some, sets, cases):
                return joined_by_and([words for _, words in some])
    return joined_by_and([words for _, words in telling[:_MOST_TRIED]])


def _least_length(cases: set[int], choices: list[Choice], domains: Domains) -> Said:
    """The array and the least length of it such that all cases with this length or more are in `cases`; or NOTHING."""
    for key in domains.arrays:
        tried = sorted({choice.counts[key] for choice in choices})
        for least in tried[1:]:
            if all((choice.counts[key] < least) or index in cases for index, choice in enumerate(choices)):
                name = domains.shown[key]
                if least == tried[-1]:
                    return says("`{name}` has {count} entries", name=name, count=least)
                return says("`{name}` has {count} or more entries", name=name, count=least)
    return NOTHING


def _only(facts: Iterable[Fact], sets: list[frozenset[Fact]], cases: set[int]) -> bool:
    """Whether every case with these facts is in `cases`; `sets` has the facts of all cases."""
    wanted = frozenset(facts)
    return all(index in cases for index, case in enumerate(sets) if wanted <= case)


def _facts(choice: Choice, domains: Domains) -> list[Fact]:
    facts = [(f"# {key}={count}", _length(domains.shown[key], count)) for key, count in choice.counts.items()]
    facts += [(f"= {key}={comparable(value)}", _decided(key, value, domains)) for key, value in choice.decided.items()]
    return [*facts, ("mixed", says("entries differ"))] if choice.mixed else facts


def _length(name: str, count: int) -> Said:
    if count == 1:
        return says("`{name}` has {count} entry", name=name, count=count)
    return says("`{name}` has {count} entries", name=name, count=count)


def _decided(key: Key | str, value: Any, domains: Domains) -> Said:
    name = domains.shown[key]
    if isinstance(key, str) or isinstance(value, bool):
        if value:
            return says("`{name}` is true", name=name)
        return says("`{name}` is not true", name=name) if isinstance(key, str) else says("`{name}` is false", name=name)
    if isinstance(value, str) and not value:
        return says("`{name}` is empty", name=name)
    if isinstance(value, str) and value.endswith(NEXT):
        if all(not option.strip(NEXT) for option in domains.options[key]):
            return says("`{name}` is not empty", name=name)
        return says("`{name}` is another text", name=name)
    return says("`{name}` is `{value}`", name=name, value=str(value))
