"""The help for a text that may be too long: what makes it fit."""

from collections.abc import Mapping
from functools import reduce
from math import isfinite
from typing import Any

from pnpc.language.expressions.expression import FORMATS
from pnpc.language.extents.extent import UTF16, Extent, size
from pnpc.language.proof import in_parts, lengths
from pnpc.language.proof.declared_bounds import value_of
from pnpc.language.proof.expression_tree import ExpressionTree, Piece, references
from pnpc.language.proof.prove import BoundedPart, UnprovedText
from pnpc.language.variables.scope import Names
from pnpc.line.grammar.units import ANY, ASTRAL, encoded_of, units_of
from pnpc.line.sms import TWO_SEPTETS, most_parts
from pnpc.text.wording import NOTHING, NameList, Said, says

_OF_FIGURES = frozenset((*FORMATS, "currency", "number"))


def advice(doubt: UnprovedText, part: BoundedPart, limit: int, country: str) -> Said | None:
    """What to do with the expression that makes the longest part of a text; None if nothing helps. `limit` is in the unit of
    the demand."""
    advised = _advice(doubt, part, limit, country)
    if not doubt.in_parts or doubt.most > most_parts():
        return advised
    more = says("set `parts: {parts}`", parts=int(doubt.most))
    return says("{advised}, or {more}", advised=advised, more=more) if advised else more


def room_for(doubt: UnprovedText, part: BoundedPart, limit: int) -> float:
    """The characters, in the unit of the demand, that parts with a bound leave for one part of a text."""
    if doubt.in_parts:
        return in_parts.room(doubt, part, limit)
    others = [size(other.extent, doubt.unit) for other in doubt.parts if other is not part]
    return limit - sum(length for length in others if isfinite(length))


def may_be_cut(doubt: UnprovedText) -> bool:
    """Whether `truncate` may be advised: not where a number would be read as another one, nor where its `…` is the only
    character that GSM-7 does not have."""
    return not holds_figures(doubt) and not (doubt.in_parts and in_parts.stays_gsm7(doubt))


def _advice(doubt: UnprovedText, part: BoundedPart, limit: int, country: str) -> Said | None:
    if not isinstance(part.piece, Piece):
        return None
    room = (
        int(room_for(doubt, part, limit)) if doubt.in_parts else int(limit - doubt.most + size(part.extent, doubt.unit))
    )
    if room < 1:
        if doubt.in_parts:
            return None
        return says("the rest of the text alone can take {length}", length=limit - room)
    tree = part.piece.tree
    if tree.kind == "filter" and tree.own[0] in FORMATS:
        name = tree.own[0]
        fitting = [form for form in FORMATS[name] if size(lengths.moment(country, name, form), doubt.unit) <= room]
        return (
            says("what fits: {calls}", calls=NameList([f"{name}('{form}')" for form in fitting], ", "))
            if fitting
            else None
        )
    if tree.kind == "filter" and tree.own[0] == "urlencode":
        shorter = room // (encoded_of(ANY) * _largest(part.extent, doubt))
        return says("pipe it through `truncate({shorter})` before `urlencode`", shorter=shorter) if shorter else None
    figures = figures_of(tree, doubt.names)
    if figures:
        first, *others = dict.fromkeys(map(_bounds, figures))
        return reduce(lambda before, last: says("{before}, and {last}", before=before, last=last), others, first)
    declaration = _declaration(doubt, tree, room) if tree.kind == "name" and tree.own in doubt.names else None
    if not may_be_cut(doubt):
        return declaration
    cut = says("pipe it through `truncate({room})`", room=room)
    return cut if declaration is None else says("{declaration}, or {cut}", declaration=declaration, cut=cut)


def holds_figures(doubt: UnprovedText) -> bool:
    """Whether a text shows a number, an amount, a date or a time: truncated, it would be read as another one."""
    trees = [part.piece.tree for part in doubt.parts if isinstance(part.piece, Piece)]
    return any(figures_of(tree, doubt.names) or _is_localized(tree) for tree in trees)


def _is_localized(tree: ExpressionTree) -> bool:
    """Whether a tree has a filter that writes numbers, dates or times."""
    return (tree.kind == "filter" and tree.own[0] in _OF_FIGURES) or any(map(_is_localized, tree.parts))


def _declaration(doubt: UnprovedText, tree: ExpressionTree, room: int) -> Said | None:
    """What to declare of a variable so that it takes no more than `room`; None if nothing helps."""
    schema = doubt.names[tree.own]
    value = value_of(schema)
    if value.text is None or value.text.known or value.format:
        return None
    if "pattern" in schema and "maxLength" not in schema:
        return says("declare a shorter `pattern` for `{name}`", name=tree.own)
    most = room // _largest(value.text, doubt)
    if not most:
        return None
    counted = says(" (an emoji counts two)") if most < room and value.text.kinds & ASTRAL else NOTHING
    return says("declare `maxLength: {most}` for `{name}`{counted}", most=most, name=tree.own, counted=counted)


Figure = tuple[str, Mapping[str, Any]]


def figures_of(tree: ExpressionTree, names: Names) -> list[Figure]:
    """The numbers that a tree shows, by name, with their schemas: a truncated one would be read as a smaller number."""
    figures = []
    for steps in references(tree):
        schema = names.get(steps[0], {})
        for step in steps[1:]:
            schema = schema.get("properties", {}).get(step, {})
        if schema.get("type") in ("integer", "number"):
            figures.append((".".join(steps), schema))
    return figures


def _bounds(figure: Figure) -> Said:
    """What to declare of a number."""
    name, schema = figure
    lacks = [
        bound
        for bound, other in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum"))
        if bound not in schema and other not in schema and not schema.keys() & {"enum", "const"}
    ]
    if not lacks:
        return says("declare a smaller range for `{name}`", name=name)
    return says("declare {bounds} for `{name}`", bounds=NameList(lacks, " and "), name=name)


def _largest(text: Extent, doubt: UnprovedText) -> int:
    """What one character takes at most, in the unit of a text."""
    if doubt.in_parts and in_parts.stays_gsm7(doubt):
        return 2 if text.kinds & TWO_SEPTETS else 1
    return units_of(text.kinds) if doubt.unit == UTF16 else 1
