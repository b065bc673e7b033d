"""The proof: every text that expressions fill in, held against what the grammar demands of it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from pnpc.spec.context import Context
from pnpc.spec.expression import ExpressionError
from pnpc.spec.glance import demands
from pnpc.spec.grammar.run import Demand
from pnpc.spec.grammar.schema import Schema
from pnpc.spec.notice import Notice
from pnpc.spec.proof.extent import CLUSTERS, POINTS, UTF16, Extent, clustered, fixed, size
from pnpc.spec.proof.tree import Literal, Piece, Written, pieces
from pnpc.spec.proof.value import Cause, Fault
from pnpc.spec.proof.work import Worked, memory, work
from pnpc.spec.scope import Names, scope
from pnpc.spec.variables import Declaration, declarations

if TYPE_CHECKING:
    from pnpc.spec.structure.truth import Formula

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
    found: list[Doubt] = []
    for demand in asked:
        try:
            written = pieces(demand.text)
        except ExpressionError:
            continue  # told by expression-syntax
        # Inside a loop a name may be another than the variable's.
        works = _works(written, demand, notice, declared if notice.expansion is None else {}, country)
        if not _fits(demand.schema, written, works):
            found += _doubtful(notice, demand, written, works)
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


def _doubtful(notice: Notice, demand: Demand, written: Written, works: list[Worked]) -> list[Doubt]:
    """What is not proved of a text, with its clusters counted and the conditions under which it stands."""
    names = scope(notice, demand.path)
    around: tuple[Formula, ...] = ()
    if notice.expansion is not None:
        around = tuple(one.formula for one in notice.expansion.conditions(demand.path))
    left = iter(works)
    found: list[Doubt] = []
    parts: list[Part] = []
    for piece in written:
        if isinstance(piece, Literal):
            parts.append(Part(piece, clustered(fixed(piece.text))))
            continue
        worked = next(left)
        parts.append(Part(piece, clustered(worked.extent), worked.causes))
        # Where a condition decides, it may guard against just these data.
        faults = [one for one in worked.faults if one.sure or not around]
        found += [Doubt(demand, names, around, fault=(fault, piece)) for fault in faults]
    if any(one.fault and one.fault[0].sure for one in found) or demand.schema.get("type") != "string":
        return found
    unit = _UNITS.get(demand.schema.get("x-count", ""), POINTS)
    most = sum(size(one.extent, unit) for one in parts)
    least = sum(one.extent.least for one in parts)
    if most > demand.schema.get("maxLength", most) or least < demand.schema.get("minLength", 0):
        found.append(Doubt(demand, names, around, tuple(parts), unit, most, least))
    return found
