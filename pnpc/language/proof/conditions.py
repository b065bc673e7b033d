"""The conditions of `$if`: whether each can be evaluated for all data."""

from collections.abc import Iterator
from typing import NamedTuple

from pnpc.language.cases.parts import Condition, Entries, EntryPart, Included, Loop, Members, Part, Step
from pnpc.language.cases.truth import questions
from pnpc.language.directives.steps import asks_simply
from pnpc.language.extents.value import ExpressionFault
from pnpc.language.proof.evaluate import Evaluation
from pnpc.language.proof.expression_tree import ExpressionTree, Piece, pieces, references
from pnpc.language.variables.scope import Names
from pnpc.text.finding import Finding, Place, Where
from pnpc.text.source import Span
from pnpc.text.wording import Said, says


class ConditionSite(NamedTuple):
    """A condition, the directives that it stands under, the outer first, and the `$include`s that lead to it, the inner
    first."""

    condition: Condition
    outer: tuple[Step, ...]
    sites: tuple[Span, ...]


def conditions(part: Part, outer: tuple[Step, ...] = (), sites: tuple[Span, ...] = ()) -> Iterator[ConditionSite]:
    """The conditions of a message."""
    if isinstance(part, Members):
        for _, value in part.members:
            yield from conditions(value, outer, sites)
    elif isinstance(part, Included):
        yield from conditions(part.part, outer, (part.site.where, *sites))
    elif isinstance(part, Entries):
        for entry in part.entries:
            yield from _of_entry(entry, outer, sites)


def _of_entry(entry: EntryPart, outer: tuple[Step, ...], sites: tuple[Span, ...]) -> Iterator[ConditionSite]:
    for step in entry.steps:
        if isinstance(step, Condition):
            yield ConditionSite(step, outer, sites)
        outer = (*outer, step)
    yield from conditions(entry.part, outer, sites)


def failing(part: Part, names: Names, country: str) -> Iterator[Finding]:
    """What is wrong with the conditions of a message; `names` are those that may be used everywhere in it.

    A condition that fails only for some data is not reported inside another one, which may keep these data away.
    """
    for asked in conditions(part):
        inside = dict(names)
        for step in asked.outer:
            inside.update(step.names if isinstance(step, Loop) else {})
        tree = _tree(asked.condition)
        if tree is None or any(steps[0] not in inside for steps in references(tree)):
            continue  # told by expression-syntax, bad-condition or undeclared-variable
        evaluation = Evaluation(inside, country)
        evaluation.value(ExpressionTree("not", (tree,)))  # asked whether it is true: it must be there
        guarded = any(isinstance(step, Condition) for step in asked.outer)
        if evaluation.is_doubtful and not (evaluation.faults or guarded):
            evaluation.faults += _failure(tree, len(asked.condition.text), inside, country)
        variables = [steps[0] for steps in references(tree) if inside[steps[0]] is names.get(steps[0])]
        for fault in dict.fromkeys(evaluation.faults):
            if fault.sure or not (guarded or _never_fails(tree, len(asked.condition.text), inside, country)):
                yield _told(fault, asked, variables)


def _never_fails(tree: ExpressionTree, characters: int, names: Names, country: str) -> bool:
    """Whether a condition has a value for all data, where all of its variables have few values."""
    from pnpc.language.proof import few_values  # loads Jinja2, for conditions that bounds alone do not prove

    few = few_values.sources((Piece(tree, 0, characters, ()),), (), names)
    for data in few_values.cases(few, characters) if few else (None,):
        if data is None:
            return False
        evaluation = Evaluation(names, country, data)
        try:
            evaluation.value(ExpressionTree("not", (tree,)))
        except few_values.Failed:
            return False
        if evaluation.faults:
            return False
    return True


def _failure(tree: ExpressionTree, characters: int, names: Names, country: str) -> Iterator[ExpressionFault]:
    """That a condition fails for certain values, if it does so for some of variables that have few."""
    from pnpc.language.proof import few_values  # loads Jinja2, for conditions that bounds alone do not prove

    piece = Piece(tree, 0, characters, tuple(steps[0] for steps in references(tree)))
    few = few_values.sources((piece,), (), names)
    for data in few_values.cases(few, characters) if few else ():
        if data is None:
            return
        try:
            Evaluation(names, country, data).value(ExpressionTree("not", (tree,)))
        except few_values.Failed:
            yield few_values.failing(piece, data)
            return


def _tree(condition: Condition) -> ExpressionTree | None:
    """The expression of a condition, or only the value that it compares for equality, which never fails. None for a condition
    that can't be read."""
    if not all(question.is_read for question in questions(condition.formula)):
        return None
    text = asks_simply(condition.text) or condition.text
    written = pieces(text if "{{" in text else f"{{{{ {text} }}}}")
    return next(piece.tree for piece in written if isinstance(piece, Piece))


def _told(fault: ExpressionFault, asked: ConditionSite, variables: list[str]) -> Finding:
    related: list[tuple[Where, Said]] = [
        (Place(("variables", name), "key"), says("declared here"))
        for name in dict.fromkeys(variables)
        if name != "recipient"
    ]
    related += [(site, says("included from here")) for site in asked.sites]
    rule = "type-not-taken" if fault.sure else "value-not-taken"
    return Finding(asked.condition.where, fault.message, fault.help, tuple(related), rule=rule)
