"""What an expression can be, worked out once for a declaration, because many specs have the same declarations and expressions."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from pnpc.language.extents.extent import Extent
from pnpc.language.extents.value import FREE, KINDS, Cause, ExpressionFault, Value, printed
from pnpc.language.proof.evaluate import Evaluation
from pnpc.language.proof.expression_tree import Piece, shown
from pnpc.language.variables.declared import Declaration
from pnpc.language.variables.scope import Names
from pnpc.text.wording import says


class ExpressionBounds(NamedTuple):
    """The bounds of what an expression prints, why it has none, and what can go wrong with it; `is_doubtful` as of an Evaluation."""

    extent: Extent
    causes: tuple[Cause, ...]
    faults: tuple[ExpressionFault, ...]
    is_doubtful: bool = False


_of_recipient: dict[Any, ExpressionBounds] = {}


def memory(piece: Piece, declared: Mapping[str, Declaration]) -> dict[Any, ExpressionBounds] | None:
    """Where the bounds of an expression are remembered: with the only variable that it uses. None where it uses several."""
    if len(piece.names) != 1:
        return None
    name = piece.names[0]
    declaration = declared.get(name)
    if declaration is None:
        return _of_recipient if name == "recipient" else None
    return declaration.memory


def bounds_of(
    piece: Piece, names: Names, country: str, *, as_boolean: bool, data: Mapping[str, Any] | None = None
) -> ExpressionBounds:
    """What an expression can be. `as_boolean`: it stands where true or false is wanted. `data`: values that are known."""
    evaluation = Evaluation(names, country, data)
    value = evaluation.value(piece.tree)
    extent = printed(value)
    if extent is None or value.boolean or value.none or value.missing or value.is_list or value.is_object:
        fault = _unshown(value, extent, shown(piece.tree), as_boolean=as_boolean)
        if fault is not None:
            evaluation.faults.append(fault)
    shown_as = extent if extent is not None else FREE
    return ExpressionBounds(shown_as, value.causes, tuple(evaluation.faults), evaluation.is_doubtful)


def _unshown(value: Value, extent: Extent | None, name: str, *, as_boolean: bool) -> ExpressionFault | None:
    """A value that may be of a kind that can't be shown here: in a text only texts and numbers can."""
    if value.unknown or (as_boolean and value.boolean and extent is None):
        return None
    if value.missing:
        help = says("give it an `else`, or pipe it through `default('…')`")
        what = says("`{name}` may be missing", name=name) if name else says("the expression may have no value")
        return ExpressionFault(False, what, help)
    taken = ("text", "number", "boolean") if as_boolean else ("text", "number")
    wrong = [KINDS[kind] for kind in value.kinds() if kind not in taken]
    if not wrong:
        return None
    if extent is None:
        return ExpressionFault(True, says("{kind} can't stand here", kind=wrong[0]))
    return ExpressionFault(False, says("it may be {kind}, which can't stand here", kind=wrong[0]))
