"""How many cases of a message are tried: never enough to make a check take minutes, whatever a spec declares."""

from collections.abc import Iterable
from itertools import takewhile

from pnpc.language.cases.expansion import Case, Round, Rounds
from pnpc.language.cases.parts import Condition, EntryPart, Included, Members, Part, Plain
from pnpc.language.directives.cases import Choice, Chosen
from pnpc.language.directives.domains import Domains
from pnpc.language.directives.reading import Survey
from pnpc.line.grammar.allowance import current
from pnpc.text.finding import Finding, Place
from pnpc.text.wording import says

# Values of all expanded cases together.
MOST_VALUES = 100_000
# Entries of a loop that are expanded if all of them are too many; 64 is more than any of LINE's lists may have.
_WRITTEN = (64, 24, 2)
_A_VALUE = 10  # steps of the allowance; so the cases take at most half of a text's steps, and the rest is for the proof
_FEWEST = 4  # cases that are tried, however large they are


def affordable(part: Part, domains: Domains, chosen: list[Choice]) -> tuple[list[Case], list[Choice]]:
    """The cases that are tried, and their choices: all of them, unless that would be too much work.

    If it would, long loops are not expanded fully; if that is still too much, or more than is left of the run's
    allowance, the last cases are left out. `left_out` gives the finding about that.
    """
    survey = Survey()
    for written in (None, *_WRITTEN):
        cases, weights = _within(part, [Chosen(domains, choice, written) for choice in chosen], survey)
        if len(cases) == len(chosen) or (written is not None and len(cases) >= _FEWEST):
            break
    else:
        cases = [Chosen(domains, choice, _WRITTEN[-1]) for choice in chosen[:_FEWEST]]
    count = sum(1 for _ in takewhile(lambda weight: current().take(weight * _A_VALUE), weights))
    cases = cases[: max(count, _FEWEST)]
    return cases, chosen[: len(cases)]


def _within(part: Part, cases: Iterable[Case], survey: Survey) -> tuple[list[Case], list[int]]:
    """The first cases that together have at most MOST_VALUES values, and the number of values of each."""
    kept: list[Case] = []
    weights: list[int] = []
    total = 0
    for case in cases:
        weight = _Weight(case, survey).of(part, ())
        total += weight
        if total > MOST_VALUES:
            break
        kept.append(case)
        weights.append(weight)
    return kept, weights


def left_out(tried: int, count: int) -> Finding:
    """The finding about a message with more cases (`count`) than were `tried`."""
    message = says(
        "checked {tried:,} of {count:,} cases of this message: all of them are too much work for one run",
        tried=tried,
        count=count,
    )
    help = says("use fewer `$if` and `$for`, or declare a smaller `maxItems`; a compile checks each row again")
    return Finding(Place(("message",), "key"), message, help, rule="not-worked-out")


class _Weight:
    """An upper limit for the number of values that a part has in one case: conditions are not evaluated."""

    def __init__(self, case: Case, survey: Survey) -> None:
        self._case = case
        self._survey = survey
        # By the entry, the index of its next step, and whether a loop around it is in a later round.
        self._known: dict[tuple[int, int, bool], int] = {}

    def of(self, part: Part, rounds: Rounds) -> int:
        """The number of values of a part inside these rounds of loops."""
        if isinstance(part, Plain):
            return self._survey.below(part.node).values
        if isinstance(part, Members):
            return 1 + sum(1 + self.of(member, rounds) for _, member in part.members)
        if isinstance(part, Included):
            return self.of(part.part, rounds)
        return 1 + sum(self._copies(entry, 0, rounds) for entry in part.entries)

    def _copies(self, entry: EntryPart, at: int, rounds: Rounds) -> int:
        key = (id(entry), at, any(round_.turn for round_ in rounds))
        if key not in self._known:
            self._known[key] = self._count(entry, at, rounds)
        return self._known[key]

    def _count(self, entry: EntryPart, at: int, rounds: Rounds) -> int:
        if at == len(entry.steps):
            return self.of(entry.part, rounds)
        step = entry.steps[at]
        if isinstance(step, Condition):
            return self._copies(entry, at + 1, rounds)
        count, out = self._case.count(step, rounds)
        first, later = (
            self._copies(entry, at + 1, (*rounds, Round(step, turn, count))) if out > turn else 0 for turn in (0, 1)
        )
        return first + max(0, out - 1) * later
