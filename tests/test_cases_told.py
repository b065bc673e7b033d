"""In which cases of a message there is a mistake: the words are true of these cases alone, and no shorter words are."""

import random
import re
from itertools import combinations, product

import pytest

from pnpc.check.witness import when
from pnpc.language.directives.cases import Choice
from pnpc.language.directives.domains import Domains
from pnpc.language.directives.values import NEXT

# Values of a message by their keys, as messages name them: an array, a boolean, a list of values, a question of which nothing
# is known, a number.
SHOWN = {("lines",): "lines", ("gift",): "gift", ("slot",): "slot", "asked": "a > b", ("count",): "count"}
OPTIONS = {("gift",): [True, False], ("slot",): ["am", "", "pm" + NEXT], "asked": [True, False], ("count",): [0, 5]}
ARRAYS = {("lines",): (0, 3)}
WORDS = {
    "`gift` is true": (("gift",), True), "`gift` is false": (("gift",), False),
    "`slot` is `am`": (("slot",), "am"), "`slot` is empty": (("slot",), ""), "`slot` is another text": (("slot",), "pm" + NEXT),
    "`a > b` is true": ("asked", True), "`a > b` is not true": ("asked", False),
    "`count` is `0`": (("count",), 0), "`count` is `5`": (("count",), 5),
}  # fmt: skip


def spread(keys: list[str], lengths: tuple[int, ...]) -> tuple[list[Choice], Domains]:
    """All combinations of some values and of an array's lengths."""
    named = {key: options for key, options in OPTIONS.items() if SHOWN[key] in keys}
    choices = [
        Choice(dict(zip(named, some, strict=True)), {("lines",): length} if lengths else {})
        for length in reversed(lengths or (0,))
        for some in product(*named.values())
    ]
    return choices, Domains(dict(named), dict(SHOWN), dict(ARRAYS) if lengths else {}, {}, [], set())  # type: ignore[arg-type]


def holds(words: str, choice: Choice) -> bool:
    """Whether the words after `when` are true of a case; `mixed` is read from the last of them."""
    for fact in re.split(r", | and ", words):
        length = re.fullmatch(r"`lines` has (\d+)( or more)? (entry|entries)", fact)
        if length:
            assert (length[3] == "entry") == (length[1] == "1" and not length[2])
            count = choice.counts[("lines",)]
            if not (count >= int(length[1]) if length[2] else count == int(length[1])):
                return False
        elif fact == "entries differ":
            if not choice.mixed:
                return False
        else:
            key, value = WORDS[fact]
            if choice.decided[key] is not value and choice.decided[key] != value:  # type: ignore[index]
                return False
    return True


def facts_of(choice: Choice) -> list[tuple[object, object]]:
    return [*choice.decided.items(), *choice.counts.items(), *([("mixed", True)] if choice.mixed else [])]


def fewest(cases: set[int], choices: list[Choice]) -> int:
    """How many facts at least say of a case that it is one of these; more than three where none do."""
    for size in (1, 2, 3):
        for index in cases:
            for some in combinations(facts_of(choices[index]), size):
                if all(at in cases for at, other in enumerate(choices) if set(some) <= set(facts_of(other))):
                    return size
    return 4


@pytest.mark.parametrize("keys", [["gift"], ["gift", "slot"], ["gift", "a > b", "count"], ["slot", "a > b"]])
@pytest.mark.parametrize("lengths", [(), (0, 1, 3)])
def test_the_words_are_true_of_these_cases_alone_and_few(keys: list[str], lengths: tuple[int, ...]) -> None:
    choices, domains = spread(keys, lengths)
    chance = random.Random(f"{keys}{lengths}")
    for _ in range(60):
        # Cases as mistakes have them: all that have some facts, of one or two kinds.
        wanted = []
        for _ in range(chance.choice((1, 2))):
            facts = facts_of(chance.choice(choices))
            wanted.append(dict(chance.sample(facts, min(len(facts), chance.choice((1, 1, 2))))))
        cases = {
            at for at, choice in enumerate(choices)
            if any(all({**choice.decided, **choice.counts}.get(key) == value for key, value in some.items()) for some in wanted)  # type: ignore[arg-type]
        }  # fmt: skip
        if len(cases) == len(choices):
            continue
        words = str(when(cases, choices, domains))
        told = {at for at, choice in enumerate(choices) if holds(words, choice)}
        assert told, words
        assert told <= cases, words
        least = fewest(cases, choices)
        if "or more" not in words:
            assert len(re.split(r", | and ", words)) == least, words


LENGTHS = [Choice({}, {("lines",): length}) for length in (20, 2, 1, 0)]
ONE_ARRAY = Domains({}, dict(SHOWN), {("lines",): (0, 20)}, {}, [], set())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cases", "words"),
    [
        ({0}, "`lines` has 20 entries"), ({0, 1}, "`lines` has 2 or more entries"), ({0, 1, 2}, "`lines` has 1 or more entries"),
        ({3}, "`lines` has 0 entries"), ({2}, "`lines` has 1 entry"), ({1, 2}, "`lines` has 2 entries"),
    ],
)  # fmt: skip
def test_a_length_is_told_as_the_least_one_where_all_longer_ones_have_the_mistake(cases: set[int], words: str) -> None:
    assert str(when(cases, LENGTHS, ONE_ARRAY)) == words


def test_a_text_that_is_compared_with_nothing_else_is_not_empty() -> None:
    domains = Domains({("slot",): [NEXT, ""]}, dict(SHOWN), {}, {}, [], set())  # type: ignore[arg-type]
    choices = [Choice({("slot",): NEXT}, {}), Choice({("slot",): ""}, {})]
    assert str(when({0}, choices, domains)) == "`slot` is not empty"
    assert str(when({1}, choices, domains)) == "`slot` is empty"


def test_entries_that_differ_are_told_where_nothing_else_tells_the_case() -> None:
    choices = [Choice({("gift",): True}, {}), Choice({("gift",): True}, {}, mixed=True), Choice({("gift",): False}, {})]
    domains = Domains({("gift",): [True, False]}, dict(SHOWN), {}, {}, [], set())  # type: ignore[arg-type]
    assert str(when({1}, choices, domains)) == "entries differ"
    assert str(when({0, 1}, choices, domains)) == "`gift` is true"


def test_four_facts_are_told_where_three_do_not_suffice() -> None:
    keys = [f"q{number}" for number in range(4)]
    choices = [Choice(dict(zip(keys, some, strict=True)), {}) for some in product((True, False), repeat=4)]
    domains = Domains({key: [True, False] for key in keys}, {key: key for key in keys}, {}, {}, [], set())
    assert str(when({0}, choices, domains)) == "`q0` is true, `q1` is true, `q2` is true and `q3` is true"
    assert (
        str(when({len(choices) - 1}, choices, domains))
        == ", ".join(f"`q{n}` is not true" for n in range(3)) + " and `q3` is not true"
    )
