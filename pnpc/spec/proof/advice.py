"""How a text that can get too long is made to fit."""

from pnpc.spec.expression import FORMATS
from pnpc.spec.proof import lengths
from pnpc.spec.proof.declared import declared
from pnpc.spec.proof.extent import ANY, UTF16, Extent, encoded_of, size, units_of
from pnpc.spec.proof.prove import Doubt, Part
from pnpc.spec.proof.tree import Piece, Tree


def advice(doubt: Doubt, part: Part, limit: int, country: str) -> str | None:
    """What to do with the expression that makes the longest part of a text, the rest as it is; None if there is none."""
    if not isinstance(part.piece, Piece):
        return None
    room = int(limit - doubt.most + size(part.extent, doubt.unit))
    if room < 1:
        return f"the rest of the text can take {limit - room} by itself"
    tree = part.piece.tree
    if tree.kind == "filter" and tree.own[0] in FORMATS:
        name = tree.own[0]
        fitting = [one for one in FORMATS[name] if size(lengths.moment(country, name, one), doubt.unit) <= room]
        return "what fits: " + ", ".join(f"`{name}('{one}')`" for one in fitting) if fitting else None
    if tree.kind == "filter" and tree.own[0] == "urlencode":
        shorter = room // encoded_of(ANY)
        return f"pipe it through `truncate({shorter})` before `urlencode`" if shorter else None
    truncate = f"pipe it through `truncate({room})`"
    declaration = _declaration(doubt, tree, room) if tree.kind == "name" and tree.own in doubt.names else ""
    return f"{declaration}, or {truncate}" if declaration else truncate


def _declaration(doubt: Doubt, tree: Tree, room: int) -> str:
    """What to declare of a variable so that it takes no more than `room`; empty if nothing would do."""
    schema = doubt.names[tree.own]
    value = declared(schema)
    if value.text is None:
        return f"declare a smaller `maximum` for `{tree.own}`" if value.number is not None else ""
    if value.text.known or value.format:
        return ""
    if "pattern" in schema and "maxLength" not in schema:
        return f"declare a shorter `pattern` for `{tree.own}`"
    most = room // _largest(value.text, doubt.unit)
    counted = " (an emoji counts two)" if most < room else ""
    return f"declare `maxLength: {most}` for `{tree.own}`{counted}" if most else ""


def _largest(text: Extent, unit: int) -> int:
    """What one character takes at most."""
    return units_of(text.kinds) if unit == UTF16 else 1
