"""The expressions and conditions that can't be worked out with a spec's own examples: no row like them could be sent."""

from collections.abc import Iterator, Mapping

from pnpc.check.samples import Sample, Samples
from pnpc.check.ways import Failure, failure_of
from pnpc.language.directives.assembled import structure_of
from pnpc.language.message.notice import Notice
from pnpc.text.finding import Finding, Place, Where
from pnpc.text.path import Path
from pnpc.text.wording import NameList, Said, joined_by_and, says

_MOST_NAMED = 6  # variables that a message names


def of_texts(failures: Mapping[Path, Failure], notice: Notice) -> Iterator[Finding]:
    """What is said of texts, by their paths."""
    for path, failure in failures.items():
        yield _told(failure, Place(path, "value", (failure.error.start, failure.error.end)), notice)


def of_conditions(notice: Notice, known: Samples) -> Iterator[Finding]:
    """What is said of the conditions of `$if`, asked where their objects may be."""
    assembly = structure_of(notice)
    if assembly is None:
        return
    from pnpc.language.proof.conditions import conditions  # most specs have no directives

    for asked in conditions(assembly.part):
        failure = failure_of((*asked.outer, asked.condition), known)
        if failure is not None:
            yield _told(failure, asked.condition.where, notice)


def _told(failure: Failure, where: Where, notice: Notice) -> Finding:
    message = says("{values} this has no value: {fault}", values=with_values(failure.used), fault=failure.error.message)
    return Finding(where, message, related=at_values(failure.used, notice), rule="expression-failed")


def with_values(used: Mapping[str, Sample]) -> Said:
    """The words for the values of some variables: ``with the example of `a` and the default of `b` ``; of many variables `with the examples`."""
    if len(used) > _MOST_NAMED:
        return says("with the examples")
    names: dict[Said, list[str]] = {}
    for name, sample in used.items():
        names.setdefault(sample.words, []).append(name)
    values = [
        says("{kind} {names}", kind=kind, names=NameList(its_names, " and ")) for kind, its_names in names.items()
    ]
    return says("with {values}", values=joined_by_and(values)) if values else says("filled in,")


def at_values(used: Mapping[str, Sample], notice: Notice) -> tuple[tuple[Where, Said], ...]:
    """The places of these values."""
    return tuple((Place(sample.path), says("this value")) for name, sample in used.items() if name in notice.variables)
