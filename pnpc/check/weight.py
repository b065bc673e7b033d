"""How much work the cases of a message are, and how much of it is done: never minutes, whatever a spec declares."""

from pnpc.spec.structure.case import Choice, Chosen
from pnpc.spec.structure.domains import Domains
from pnpc.spec.structure.expansion import Case, Round, Rounds
from pnpc.spec.structure.parts import Condition, Included, Members, Part, Plain, Step
from pnpc.spec.structure.survey import Survey

# Values of all cases together, written out.
MOST_VALUES = 100_000
_FEWEST = 4  # cases that are tried however large they are


def affordable(part: Part, found: Domains, chosen: list[Choice]) -> tuple[list[Case], list[Choice]]:
    """The cases that are tried, and their choices: all of them, unless that would be too much.

    Where it would, long loops are not written out whole; and if that is too much still, the last cases are left out:
    whoever compiles measures each message again.
    """
    survey = Survey()
    cases: list[Case] = [Chosen(found, one) for one in chosen]
    if sum(_weight(part, case, (), survey) for case in cases) <= MOST_VALUES:
        return cases, chosen
    kept: list[Case] = []
    total = 0
    for one in chosen:
        case = Chosen(found, one, sparing=True)
        total += _weight(part, case, (), survey)
        if total > MOST_VALUES and len(kept) >= _FEWEST:
            break
        kept.append(case)
    return kept, chosen[: len(kept)]


def _weight(part: Part, case: Case, rounds: Rounds, survey: Survey) -> int:
    """The values that a part becomes, or a few more: whether conditions hold is not asked."""
    if isinstance(part, Plain):
        return survey.below(part.node).values
    if isinstance(part, Members):
        return 1 + sum(1 + _weight(one, case, rounds, survey) for _, one in part.members)
    if isinstance(part, Included):
        return _weight(part.part, case, rounds, survey)
    return 1 + sum(_copies(entry.steps, entry.part, case, rounds, survey) for entry in part.entries)


def _copies(steps: tuple[Step, ...], part: Part, case: Case, rounds: Rounds, survey: Survey) -> int:
    if not steps:
        return _weight(part, case, rounds, survey)
    if isinstance(steps[0], Condition):
        return _copies(steps[1:], part, case, rounds, survey)
    count, out = case.count(steps[0], rounds)
    first, later = (
        _copies(steps[1:], part, case, (*rounds, Round(steps[0], turn, count)), survey) if out > turn else 0
        for turn in (0, 1)
    )
    return first + max(0, out - 1) * later
