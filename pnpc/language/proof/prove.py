"""The proof: the bounds of every text with expressions, compared with what the grammar demands of it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from pnpc.language.expressions.expression import ExpressionError
from pnpc.language.extents.extent import CLUSTERS, INFINITE, POINTS, UTF16, Extent, clustered, fixed, size
from pnpc.language.extents.value import Cause, ExpressionFault
from pnpc.language.message.context import Context, demands
from pnpc.language.message.notice import Notice
from pnpc.language.proof.bounds import ExpressionBounds, bounds_of, memory
from pnpc.language.proof.expression_tree import Literal, Piece, Written, pieces, references
from pnpc.language.variables.declared import Declaration, declarations
from pnpc.language.variables.scope import Names, scope
from pnpc.language.variables.used_names import reads
from pnpc.line.grammar.run import Demand
from pnpc.line.grammar.schema import Schema
from pnpc.line.grammar.units import IN_PARTS

if TYPE_CHECKING:
    from pnpc.language.cases.truth import Formula
    from pnpc.language.proof.few_values import Bounds

# By the words of `x-count`; without it code points are counted. Parts of SMS are made of UTF-16 units, or of septets.
_UNITS = {"utf16": UTF16, "grapheme": CLUSTERS, IN_PARTS: UTF16}


class BoundedPart(NamedTuple):
    """A piece of a text with its bounds: a literal or an expression."""

    piece: Literal | Piece
    extent: Extent
    causes: tuple[Cause, ...] = ()


class UnprovedText(NamedTuple):
    """A text of which something is not proved: `fault`: an expression may fail; without one, its length may not fit.

    `unit` is the place of the demand's unit in an Extent; `most` is the bound in that unit, `least` in code points.
    Of a text `in_parts` the limit and `most` are parts of SMS. `conditions` are those of the directives around the text.
    """

    demand: Demand
    names: Names
    conditions: "tuple[Formula, ...]"
    parts: tuple[BoundedPart, ...] = ()
    unit: int = 0
    most: float = 0
    least: int = 0
    fault: tuple[ExpressionFault, Piece] | None = None

    @property
    def in_parts(self) -> bool:
        """Whether the text is counted in parts of SMS."""
        return self.demand.schema.get("x-count") == IN_PARTS


def doubts(notice: Notice, context: Context) -> list[UnprovedText]:
    """The texts of a message that are not proved to be right, worked out once for all rules; most messages have none."""
    kept = context.once(notice, _unproved)
    if not kept:
        kept.append(_doubts(notice, context.once(notice, demands), context))
    return kept[0]


def _unproved(_notice: Notice) -> list[list[UnprovedText]]:
    """The place of the context where unproved texts are kept, once they are worked out."""
    return []


def _doubts(notice: Notice, asked: list[Demand], context: Context) -> list[UnprovedText]:
    country = context.country(notice) or ""
    declared = context.once(notice, declarations)
    # What can't be read is reported by expression-syntax, and not by its length, too.
    unread = {read.field.path for read in reads(notice, context).doubtful if read.error is not None}
    unproved: list[UnprovedText] = []
    for demand in asked:
        try:
            written = pieces(demand.text)
        except ExpressionError:
            continue  # expression-syntax reports it
        # Inside a loop a name may not mean the variable of this name.
        works = _works(written, demand, notice, declared if notice.expansion is None else {}, country)
        if not _fits(demand.schema, written, works) and demand.path not in unread:
            unproved += _doubtful(notice, demand, written, works, country)
    return unproved


def _works(
    written: Written, demand: Demand, notice: Notice, declared: Mapping[str, Declaration], country: str
) -> list[ExpressionBounds]:
    """What the expressions of a text can be, in order."""
    as_boolean = demand.schema.get("type") == "boolean"
    works = []
    for piece in written:
        if piece.__class__ is Piece:
            remembered = memory(piece, declared)
            key = (piece.tree, country, as_boolean)
            worked = remembered.get(key) if remembered is not None else None
            if worked is None:
                worked = bounds_of(piece, scope(notice, demand.path), country, as_boolean=as_boolean)
                if remembered is not None:
                    remembered[key] = worked
            works.append(worked)
    return works


def _fits(schema: Schema, written: Written, works: list[ExpressionBounds]) -> bool:
    """Whether a text is proved with bounds that are quick to work out: a literal counts as many graphemes as code points."""
    if schema.get("x-count") == IN_PARTS:
        return False  # most of these texts are proved before the proof is asked
    unit = _UNITS.get(schema.get("x-count", ""), POINTS)
    most: float = 0
    least = 0
    for piece in written:
        if piece.__class__ is Literal:
            most += piece.units if unit == UTF16 else piece.points
            least += piece.points
    for worked in works:
        if worked.faults or worked.is_doubtful:
            return False
        most += worked.extent[unit]  # type: ignore[operator]
        least += worked.extent.least
    longest, shortest = schema.get("maxLength"), schema.get("minLength", 0)
    return (longest is None or most <= longest) and bool(least >= shortest)


def _doubtful(
    notice: Notice, demand: Demand, written: Written, works: list[ExpressionBounds], country: str
) -> list[UnprovedText]:
    """What is not proved about a text, with its graphemes counted, and the conditions around it taken into account."""
    names = scope(notice, demand.path)
    around: tuple[Formula, ...] = ()
    if notice.expansion is not None:
        around = tuple(condition.formula for condition in notice.expansion.conditions(demand.path))
    left = iter(works)
    unproved: list[UnprovedText] = []
    parts: list[BoundedPart] = []
    unit = _UNITS.get(demand.schema.get("x-count", ""), POINTS)
    exact = _over_all(demand, written, names, around, country)
    for piece in written:
        if isinstance(piece, Literal):
            parts.append(BoundedPart(piece, clustered(fixed(piece.text))))
            continue
        worked = next(left)
        parts.append(BoundedPart(piece, clustered(worked.extent), worked.causes))
        # A condition may keep away just the data for which it fails; so it is if all data were tried and none failed.
        guarded = around or (exact is not None and not exact.fails)
        faults = [fault for fault in worked.faults if fault.sure or not guarded]
        unproved += [UnprovedText(demand, names, around, fault=(fault, piece)) for fault in faults]
    if not (unproved or around) and exact is not None and exact.failure is not None:
        unproved.append(UnprovedText(demand, names, around, fault=exact.failure))
    if unproved or demand.schema.get("type") != "string" or not _are_declared(written, names):
        return unproved  # an expression with a mistake of its own is not reported by its length, too
    most = _total([part.extent for part in parts], demand)
    least = sum(part.extent.least for part in parts)
    if exact is not None:
        most, least = min(most, exact.most), max(least, exact.least)
    if most > demand.schema.get("maxLength", most) or least < demand.schema.get("minLength", 0):
        unproved.append(UnprovedText(demand, names, around, tuple(parts), unit, most, least))
    return unproved


def _total(pieces: list[Extent], demand: Demand) -> float:
    """The most that pieces make together, in the unit of a demand."""
    unit = demand.schema.get("x-count", "")
    if unit == IN_PARTS:
        from pnpc.language.extents.parts import most_parts  # few specs have a text for SMS

        return most_parts(pieces)
    return sum(size(piece, _UNITS.get(unit, POINTS)) for piece in pieces)


def _are_declared(written: Written, names: Names) -> bool:
    """Whether all names of a text are declared; undeclared-variable reports the others."""
    trees = [piece.tree for piece in written if isinstance(piece, Piece)]
    return all(steps[0] in names for tree in trees for steps in references(tree))


def _over_all(
    demand: Demand, written: Written, names: Names, around: "tuple[Formula, ...]", country: str
) -> "Bounds | None":
    """The bounds of a text over all values of those variables that have few; None where none has, or the allowance ends."""
    from pnpc.language.cases.truth import may_hold
    from pnpc.language.proof import few_values  # loads Jinja2, for texts that bounds alone do not prove

    few = few_values.sources(written, around, names)
    if not few:
        return None
    most, least, fails, failed = 0.0, None, False, None
    characters = sum(piece.end - piece.start for piece in written if isinstance(piece, Piece))
    for data in few_values.cases(few, characters):
        if data is None:
            return None
        if not all(may_hold(formula, data) for formula in around):
            continue
        try:
            longest, shortest, faults = _measured(written, names, country, data, demand)
        except few_values.Failed as error:
            fails, failed = True, failed or (error.piece, data)
            continue
        fails = fails or faults
        most, least = max(most, longest), shortest if least is None else min(least, shortest)
    if least is None and failed is None:
        return None
    failure = None
    if failed is not None and failed[0] is not None:
        failure = few_values.failing(failed[0], failed[1], sure=least is None), failed[0]
    return few_values.Bounds(INFINITE if least is None else most, least or 0, fails, failure)


def _measured(
    written: Written, names: Names, country: str, data: Mapping[str, Any], demand: Demand
) -> tuple[float, int, bool]:
    """The longest and shortest that a text becomes with these data, and whether an expression may fail. Raises
    few_values.Failed."""
    from pnpc.language.proof import few_values  # as above

    as_boolean = demand.schema.get("type") == "boolean"
    pieces: list[Extent] = []
    fails = False
    for piece in written:
        if isinstance(piece, Literal):
            extent = clustered(fixed(piece.text))
        else:
            try:
                worked = bounds_of(piece, names, country, as_boolean=as_boolean, data=data)
            except few_values.Failed:
                raise few_values.Failed(piece) from None
            fails = fails or bool(worked.faults)
            extent = clustered(worked.extent)
        pieces.append(extent)
    return _total(pieces, demand), sum(piece.least for piece in pieces), fails
