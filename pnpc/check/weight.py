"""How much work the cases of a message are, and how much of it is done: never minutes, whatever a spec declares."""

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

# Values of all cases together, written out.
MOST_VALUES = 100_000
# Entries of a loop that are written out if all are too many; the first is more than any list of LINE's may have.
_WRITTEN = (64, 24, 2)
_A_VALUE = 10  # steps of the allowance: cases take at most half of what a text has, the proof finds the rest
_FEWEST = 4  # cases that are tried however large they are


def affordable(part: Part, found: Domains, chosen: list[Choice]) -> tuple[list[Case], list[Choice]]:
    """The cases that are tried, and their choices: all of them, unless that would be too much.

    Where it would, long loops are not written out whole; and if that is too much still, or more than is left of the
    run's allowance, the last cases are left out: `left_out` tells it.
    """
    survey = Survey()
    for written in (None, *_WRITTEN):
        cases, weights = _within(part, [Chosen(found, one, written) for one in chosen], survey)
        if len(cases) == len(chosen) or (written is not None and len(cases) >= _FEWEST):
            break
    else:
        cases = [Chosen(found, one, _WRITTEN[-1]) for one in chosen[:_FEWEST]]
    count = sum(1 for _ in takewhile(lambda weight: current().take(weight * _A_VALUE), weights))
    cases = cases[: max(count, _FEWEST)]
    return cases, chosen[: len(cases)]


def _within(part: Part, cases: Iterable[Case], survey: Survey) -> tuple[list[Case], list[int]]:
    """The first cases that together have no more values than are written out, with the values of each."""
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
    """What is said of a message of which not all cases were tried."""
    message = says(
        "checked {tried:,} of {count:,} cases of this message: all of them are too much work for one run",
        tried=tried,
        count=count,
    )
    help = says("use fewer `$if` and `$for`, or declare a smaller `maxItems`; a compile checks each row again")
    return Finding(Place(("message",), "key"), message, help, rule="not-worked-out")


class _Weight:
    """The values that a part becomes in one case, or a few more: whether conditions hold is not asked."""

    def __init__(self, case: Case, survey: Survey) -> None:
        self._case = case
        self._survey = survey
        # By the entry, how many of its steps are left, and whether this is a later round of a loop around them.
        self._known: dict[tuple[int, int, bool], int] = {}

    def of(self, part: Part, rounds: Rounds) -> int:
        """The values that a part becomes inside some rounds."""
        if isinstance(part, Plain):
            return self._survey.below(part.node).values
        if isinstance(part, Members):
            return 1 + sum(1 + self.of(one, rounds) for _, one in part.members)
        if isinstance(part, Included):
            return self.of(part.part, rounds)
        return 1 + sum(self._copies(entry, 0, rounds) for entry in part.entries)

    def _copies(self, entry: EntryPart, at: int, rounds: Rounds) -> int:
        key = (id(entry), at, any(one.turn for one in rounds))
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
