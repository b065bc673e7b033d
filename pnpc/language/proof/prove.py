"""The proof: every text that expressions fill in, held against what the grammar demands of it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from pnpc.language.expressions.expression import ExpressionError
from pnpc.language.extents.extent import CLUSTERS, POINTS, UTF16, Extent, clustered, fixed, size
from pnpc.language.extents.value import Cause, Fault
from pnpc.language.message.context import Context, demands
from pnpc.language.message.notice import Notice
from pnpc.language.proof.tree import Literal, Piece, Written, pieces, references
from pnpc.language.proof.work import Worked, memory, work
from pnpc.language.variables.declared import Declaration, declarations
from pnpc.language.variables.scope import Names, scope
from pnpc.language.variables.used_names import reads
from pnpc.line.grammar.run import Demand
from pnpc.line.grammar.schema import Schema

if TYPE_CHECKING:
    from pnpc.language.cases.truth import Formula
    from pnpc.language.proof.listed import Bounds

# By the words of `x-count`; without it code points are counted.
_UNITS = {"utf16": UTF16, "grapheme": CLUSTERS}


class Part(NamedTuple):
    """A piece of a text with its bounds: a literal, or an expression with what it can be."""

    piece: Literal | Piece
    extent: Extent
    causes: tuple[Cause, ...] = ()


class Doubt(NamedTuple):
    """A text of which something is not proved: `fault` that an expression can be worked out, else that its length fits.

    `unit` is the place of the demand's unit in an Extent; `most` the bound in it, `least` the least code points.
    `conditions` hold wherever the text is there.
    """

    demand: Demand
    names: Names
    conditions: "tuple[Formula, ...]"
    parts: tuple[Part, ...] = ()
    unit: int = 0
    most: float = 0
    least: int = 0
    fault: tuple[Fault, Piece] | None = None


def doubts(notice: Notice, context: Context) -> list[Doubt]:
    """The texts of a message of which not everything is proved, worked out once for all rules; most have none."""
    found = context.once(notice, _unproved)
    if not found:
        found.append(_doubts(notice, context.once(notice, demands), context))
    return found[0]


def _unproved(_notice: Notice) -> list[list[Doubt]]:
    """Where the doubts are kept, once they are worked out."""
    return []


def _doubts(notice: Notice, asked: list[Demand], context: Context) -> list[Doubt]:
    country = context.country(notice) or ""
    declared = context.once(notice, declarations)
    # Of what can't be read expression-syntax tells, and nothing is said about its length.
    unread = {read.field.path for read in reads(notice, context).doubtful if read.error is not None}
    found: list[Doubt] = []
    for demand in asked:
        try:
            written = pieces(demand.text)
        except ExpressionError:
            continue  # told by expression-syntax
        # Inside a loop a name may be another than the variable's.
        works = _works(written, demand, notice, declared if notice.expansion is None else {}, country)
        if not _fits(demand.schema, written, works) and demand.path not in unread:
            found += _doubtful(notice, demand, written, works, country)
    return found


def _works(
    written: Written, demand: Demand, notice: Notice, declared: Mapping[str, Declaration], country: str
) -> list[Worked]:
    """What the expressions of a text can be, in order."""
    as_boolean = demand.schema.get("type") == "boolean"
    works = []
    for piece in written:
        if piece.__class__ is Piece:
            remembered = memory(piece, declared)
            key = (piece.tree, country, as_boolean)
            found = remembered.get(key) if remembered is not None else None
            if found is None:
                found = work(piece, scope(notice, demand.path), country, as_boolean=as_boolean)
                if remembered is not None:
                    remembered[key] = found
            works.append(found)
    return works


def _fits(schema: Schema, written: Written, works: list[Worked]) -> bool:
    """Whether everything is proved of a text, at the first look: literals count as many clusters as characters."""
    unit = _UNITS.get(schema.get("x-count", ""), POINTS)
    most: float = 0
    least = 0
    for piece in written:
        if piece.__class__ is Literal:
            most += piece.units if unit == UTF16 else piece.points
            least += piece.points
    for one in works:
        if one.faults:
            return False
        most += one.extent[unit]  # type: ignore[operator]
        least += one.extent.least
    longest, shortest = schema.get("maxLength"), schema.get("minLength", 0)
    return (longest is None or most <= longest) and bool(least >= shortest)


def _doubtful(notice: Notice, demand: Demand, written: Written, works: list[Worked], country: str) -> list[Doubt]:
    """What is not proved of a text, with its clusters counted and the conditions under which it stands."""
    names = scope(notice, demand.path)
    around: tuple[Formula, ...] = ()
    if notice.expansion is not None:
        around = tuple(one.formula for one in notice.expansion.conditions(demand.path))
    left = iter(works)
    found: list[Doubt] = []
    parts: list[Part] = []
    unit = _UNITS.get(demand.schema.get("x-count", ""), POINTS)
    exact = _over_all(demand, written, names, around, country, unit)
    for piece in written:
        if isinstance(piece, Literal):
            parts.append(Part(piece, clustered(fixed(piece.text))))
            continue
        worked = next(left)
        parts.append(Part(piece, clustered(worked.extent), worked.causes))
        # Where a condition decides, or all data were tried, it may be guarded against just these data.
        guarded = around or (exact is not None and not exact.fails)
        faults = [one for one in worked.faults if one.sure or not guarded]
        found += [Doubt(demand, names, around, fault=(fault, piece)) for fault in faults]
    if found or demand.schema.get("type") != "string" or not _are_declared(written, names):
        return found  # of an expression with a mistake of its own nothing is said about its length
    most = sum(size(one.extent, unit) for one in parts)
    least = sum(one.extent.least for one in parts)
    if exact is not None:
        most, least = min(most, exact.most), max(least, exact.least)
    if most > demand.schema.get("maxLength", most) or least < demand.schema.get("minLength", 0):
        found.append(Doubt(demand, names, around, tuple(parts), unit, most, least))
    return found


def _are_declared(written: Written, names: Names) -> bool:
    """Whether all names of a text are declared: of those that are not undeclared-variable tells."""
    trees = [piece.tree for piece in written if isinstance(piece, Piece)]
    return all(steps[0] in names for tree in trees for steps in references(tree))


def _over_all(
    demand: Demand, written: Written, names: Names, around: "tuple[Formula, ...]", country: str, unit: int
) -> "Bounds | None":
    """The bounds of a text over all values of its variables that have few; None where none has, or there is no time."""
    from pnpc.language.cases.truth import may_hold
    from pnpc.language.proof import listed  # loads Jinja2: only for what bounds do not show

    few = listed.sources(written, around, names)
    if not few:
        return None
    as_boolean = demand.schema.get("type") == "boolean"
    most, least, fails = 0.0, None, False
    characters = sum(piece.end - piece.start for piece in written if isinstance(piece, Piece))
    for data in listed.cases(few, characters):
        if data is None:
            return None
        if not all(may_hold(formula, data) for formula in around):
            continue
        try:
            longest, shortest, faults = _measured(written, names, country, data, unit, as_boolean=as_boolean)
        except listed.Failed:
            fails = True
            continue
        fails = fails or faults
        most, least = max(most, longest), shortest if least is None else min(least, shortest)
    if least is None:
        return None  # nothing fills it: whatever is wrong is told of the expressions
    return listed.Bounds(most, least, fails)


def _measured(
    written: Written, names: Names, country: str, data: Mapping[str, Any], unit: int, *, as_boolean: bool
) -> tuple[float, int, bool]:
    """The longest and shortest that a text becomes with these data, and whether an expression may fail."""
    most, least, fails = 0.0, 0, False
    for piece in written:
        if isinstance(piece, Literal):
            extent = clustered(fixed(piece.text))
        else:
            worked = work(piece, names, country, as_boolean=as_boolean, data=data)
            fails = fails or bool(worked.faults)
            extent = clustered(worked.extent)
        most += size(extent, unit)
        least += extent.least
    return most, least, fails
