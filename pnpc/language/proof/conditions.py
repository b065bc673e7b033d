"""The conditions of `$if`: whether each can be worked out, whatever the data."""

from collections.abc import Iterator
from typing import NamedTuple

from pnpc.language.cases.parts import Condition, Entries, Entry, Included, Loop, Members, Part
from pnpc.language.cases.truth import questions
from pnpc.language.directives.conditions import asks_simply
from pnpc.language.extents.value import Fault
from pnpc.language.proof.evaluate import Evaluation
from pnpc.language.proof.tree import Piece, Tree, pieces, references
from pnpc.language.variables.scope import Names
from pnpc.text.finding import Finding, Place, Where
from pnpc.text.source import Span
from pnpc.text.wording import Said, says


class _Around(NamedTuple):
    """What stands around a part: the names that may be used there, the `$include`s that lead to it, the inner first, and
    whether it is there under a condition only."""

    names: Names
    sites: tuple[Span, ...] = ()
    guarded: bool = False


def failing(part: Part, names: Names, country: str) -> Iterator[Finding]:
    """What is wrong with the conditions of a message; `names` are those that may be used everywhere in it.

    What fails for some data only is not told under another condition: that may keep such data away.
    """
    for condition, around in _conditions(part, _Around(names)):
        tree = _tree(condition)
        if tree is None or any(steps[0] not in around.names for steps in references(tree)):
            continue  # told by expression-syntax, bad-condition or undeclared-variable
        evaluation = Evaluation(around.names, country)
        evaluation.value(Tree("not", (tree,)))  # asked whether it is true: it must be there
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


def _of_entry(entry: Entry, around: _Around) -> Iterator[tuple[Condition, _Around]]:
    for step in entry.steps:
        if isinstance(step, Loop):
            around = around._replace(names={**around.names, **step.names})
        else:
            yield step, around
            around = around._replace(guarded=True)
    yield from _conditions(entry.part, around)


def _tree(condition: Condition) -> Tree | None:
    """What a condition asks; of a value that is compared for equality, which never fails, the value. None for a
    condition that can't be read."""
    if not all(question.is_read for question in questions(condition.formula)):
        return None
    text = asks_simply(condition.text) or condition.text
    written = pieces(text if "{{" in text else f"{{{{ {text} }}}}")
    return next(piece.tree for piece in written if isinstance(piece, Piece))


def _told(fault: Fault, condition: Condition, roots: list[str], sites: tuple[Span, ...]) -> Finding:
    related: list[tuple[Where, Said]] = [
        (Place(("variables", root), "key"), says("declared here"))
        for root in dict.fromkeys(roots)
        if root != "recipient"
    ]
    related += [(site, says("included from here")) for site in sites]
    rule = "type-not-taken" if fault.sure else "value-not-taken"
    return Finding(condition.where, fault.message, fault.help, tuple(related), rule=rule)
