"""The conditions of `$if`: whether each can be evaluated for all data."""

from collections.abc import Iterator
from typing import NamedTuple

from pnpc.language.cases.parts import Condition, Entries, EntryPart, Included, Loop, Members, Part
from pnpc.language.cases.truth import questions
from pnpc.language.directives.steps import asks_simply
from pnpc.language.extents.value import ExpressionFault
from pnpc.language.proof.evaluate import Evaluation
from pnpc.language.proof.expression_tree import ExpressionTree, Piece, pieces, references
from pnpc.language.variables.scope import Names
from pnpc.text.finding import Finding, Place, Where
from pnpc.text.source import Span
from pnpc.text.wording import Said, says


class _Around(NamedTuple):
    """The surroundings of a part: the names that may be used there, the `$include`s that lead to it, the inner first, and whether
    it stands under a condition."""

    names: Names
    sites: tuple[Span, ...] = ()
    guarded: bool = False


def failing(part: Part, names: Names, country: str) -> Iterator[Finding]:
    """What is wrong with the conditions of a message; `names` are those that may be used everywhere in it.

    A condition that fails only for some data is not reported inside another one, which may keep these data away.
    """
    for condition, around in _conditions(part, _Around(names)):
        tree = _tree(condition)
        if tree is None or any(steps[0] not in around.names for steps in references(tree)):
            continue  # reported by expression-syntax, bad-condition or undeclared-variable
        evaluation = Evaluation(around.names, country)
        evaluation.value(ExpressionTree("not", (tree,)))  # asked whether it is true: it must be there
        for fault in dict.fromkeys(evaluation.faults):
            if fault.sure or not around.guarded:
                roots = [steps[0] for steps in references(tree) if around.names[steps[0]] is names.get(steps[0])]
                yield _told(fault, condition, roots, around.sites)


def _conditions(part: Part, around: _Around) -> Iterator[tuple[Condition, _Around]]:
    if isinstance(part, Members):
        for _, value in part.members:
            yield from _conditions(value, around)
    elif isinstance(part, Included):
        yield from _conditions(part.part, around._replace(sites=(part.site.where, *around.sites)))
    elif isinstance(part, Entries):
        for entry in part.entries:
            yield from _of_entry(entry, around)


def _of_entry(entry: EntryPart, around: _Around) -> Iterator[tuple[Condition, _Around]]:
    for step in entry.steps:
        if isinstance(step, Loop):
            around = around._replace(names={**around.names, **step.names})
        else:
            yield step, around
            around = around._replace(guarded=True)
    yield from _conditions(entry.part, around)


def _tree(condition: Condition) -> ExpressionTree | None:
    """The expression of a condition, or only the value that it compares for equality, which never fails. None for a condition
    that can't be read."""
    if not all(question.is_read for question in questions(condition.formula)):
        return None
    text = asks_simply(condition.text) or condition.text
    written = pieces(text if "{{" in text else f"{{{{ {text} }}}}")
    return next(piece.tree for piece in written if isinstance(piece, Piece))


def _told(fault: ExpressionFault, condition: Condition, roots: list[str], sites: tuple[Span, ...]) -> Finding:
    related: list[tuple[Where, Said]] = [
        (Place(("variables", root), "key"), says("declared here"))
        for root in dict.fromkeys(roots)
        if root != "recipient"
    ]
    related += [(site, says("included from here")) for site in sites]
    rule = "type-not-taken" if fault.sure else "value-not-taken"
    return Finding(condition.where, fault.message, fault.help, tuple(related), rule=rule)
