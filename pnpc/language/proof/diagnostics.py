"""What is said of a text that is not proved to fit: with a witness if there is one, and with what to declare."""

from collections.abc import Iterator
from math import isfinite

from pnpc.language.expressions.expression import ExpressionError
from pnpc.language.extents.extent import INFINITE, size
from pnpc.language.message.notice import Notice
from pnpc.language.proof.advice import advice, holds_figures
from pnpc.language.proof.prove import Doubt, Part
from pnpc.language.proof.tree import Literal, Piece, Tree, shown
from pnpc.language.proof.witness import Search, Witness
from pnpc.line.grammar.units import COUNTS
from pnpc.text.finding import Finding, Place, Where
from pnpc.text.lazy import regex
from pnpc.text.wording import NOTHING, NameList, Said, Subject, says

_REACH = 20_000  # characters at most of a witness's text: more than any text of LINE's takes
_MOST_SEARCHES = 64  # in one message: each takes Jinja2 some milliseconds
_MOST_PARTS = 200  # of a text whose data are looked for
_ROOT = regex(r"[A-Za-z_][A-Za-z0-9_]*")


def told(found: list[Doubt], notice: Notice, country: str) -> Iterator[Finding]:
    """The findings about doubts, each with its rule."""
    for index, doubt in enumerate(found):
        sought = index < _MOST_SEARCHES and len(doubt.parts) <= _MOST_PARTS
        yield from _told(doubt, notice, country, sought)


def _told(doubt: Doubt, notice: Notice, country: str, sought: bool) -> Iterator[Finding]:
    """What is said of one; data that show it are looked for if `sought`."""
    if doubt.fault is not None:
        fault, piece = doubt.fault
        rule = "type-not-taken" if fault.sure else "value-not-taken"
        names = [shown(one) for one in _names(piece.tree)]
        where = Place(doubt.demand.path, "value", (piece.start, piece.end))
        yield Finding(where, fault.message, fault.help, _declared_at(names, notice), rule=rule)
        return
    limit = doubt.demand.schema.get("maxLength")
    if limit is not None and doubt.most > limit:
        found = (
            _too_long(doubt, notice, country, limit, sought)
            if isfinite(doubt.most)
            else _unbounded(doubt, notice, limit)
        )
        if found is not None:
            yield found
    least = doubt.demand.schema.get("minLength", 0)
    if doubt.least < least:
        yield from _too_short(doubt, notice, country, least, sought)


def _names(tree: Tree) -> Iterator[Tree]:
    """The names of an expression, with their members."""
    if shown(tree):
        yield tree
        return
    for part in tree.parts:
        yield from _names(part)


def _unbounded(doubt: Doubt, notice: Notice, limit: int) -> Finding | None:
    """None where it is not even known what the expression is: another rule tells of its name or declaration."""
    sizes = [size(one.extent, doubt.unit) for one in doubt.parts]
    part = next((one for one in doubt.parts if one.causes and size(one.extent, doubt.unit) == INFINITE), None)
    if part is None:
        return None
    room = int(limit - sum(one for one in sizes if isfinite(one)))
    cuttable = room > 0 and not holds_figures(doubt)
    cause = part.causes[0]
    lacks = NameList(cause.lacks.split(" and "), " and ")
    message = says(
        "{subject} has no bound, because `{name}` has no {lacks} (limit {limit} {unit})",
        subject=Subject(doubt.demand.path),
        name=cause.name,
        lacks=lacks,
        limit=limit,
        unit=_unit(doubt),
    )
    if cuttable:
        help = says(
            "declare {lacks} for `{name}`, or pipe it through `truncate({room})`",
            lacks=lacks,
            name=cause.name,
            room=room,
        )
    else:
        help = says("declare {lacks} for `{name}`", lacks=lacks, name=cause.name)
    related = _declared_at([one.name for one in part.causes], notice)
    return Finding(_place(doubt, part), message, help, related, rule="length-not-bounded")


def _too_long(doubt: Doubt, notice: Notice, country: str, limit: int, sought: bool) -> Finding:
    unit = doubt.demand.schema.get("x-count", "")
    witness = (
        _search(doubt, country, int(min(max(doubt.most, limit + 1), _REACH)), unit, least=False) if sought else None
    )
    part = max(doubt.parts, key=lambda one: (not isinstance(one.piece, Literal), size(one.extent, doubt.unit)))
    if witness is None or witness.length <= limit:
        message = says(
            "{subject} may be too long: up to {most} {unit} (limit {limit}); {tried}",
            subject=Subject(doubt.demand.path),
            most=int(doubt.most),
            unit=_unit(doubt),
            limit=limit,
            tried=_tried(witness),
        )
        return Finding(_place(doubt, part), message, advice(doubt, part, limit, country), rule="length-not-bounded")
    message = says(
        "{becomes} {length} {unit} long (limit {limit})",
        becomes=_becomes(witness, doubt) or says("{subject} becomes", subject=Subject(doubt.demand.path)),
        length=witness.length,
        unit=_unit(doubt),
        limit=limit,
    )
    related = _declared_at(list(witness.values), notice)
    return Finding(_place(doubt, part), message, advice(doubt, part, limit, country), related, rule="may-be-too-long")


def _too_short(doubt: Doubt, notice: Notice, country: str, least: int, sought: bool) -> Iterator[Finding]:
    witness = _search(doubt, country, max(least, 1), "", least=True) if sought else None
    if witness is None or witness.length >= least:
        return
    part = next((one for one in doubt.parts if not isinstance(one.piece, Literal)), doubt.parts[0])
    becomes = _becomes(witness, doubt) or says("{subject} is", subject=Subject(doubt.demand.path))
    bound = says(" (at least {least})", least=least) if least > 1 else NOTHING
    message = says("{becomes} {size}{bound}", becomes=becomes, size=_size(witness.length), bound=bound)
    help = says("declare `minLength` or a `pattern`, or pipe it through `default('…')`") if not witness.length else None
    related = _declared_at(list(witness.values), notice)
    yield Finding(_place(doubt, part), message, help, related, rule="may-be-too-short")


def _search(doubt: Doubt, country: str, reach: int, unit: str, *, least: bool) -> Witness | None:
    try:
        found = Search(doubt.demand.text, doubt.names, country, doubt.conditions, reach)
    except ExpressionError:
        return None  # told by expression-syntax
    return found.best(COUNTS.get(unit, len), least=least)


def _place(doubt: Doubt, part: Part) -> Place:
    """The expression that a text's length depends on; the whole text where none does."""
    if isinstance(part.piece, Piece):
        return Place(doubt.demand.path, "value", (part.piece.start, part.piece.end))
    return Place(doubt.demand.path)


def _becomes(witness: Witness, doubt: Doubt) -> Said:
    """Which data make the text what it is said to be; nothing where it needs none."""
    data, subject = witness.told(), Subject(doubt.demand.path)
    if not data:
        return NOTHING
    if len(witness.values) > 1:
        return says("{data} make {subject}", data=data, subject=subject)
    return says("{data} makes {subject}", data=data, subject=subject)


def _tried(witness: Witness | None) -> Said:
    if witness is None:
        return says("no example could be tried")
    return says("longest example tried: {tried}", tried=witness.length)


def _size(length: int) -> Said:
    if length > 1:
        return says("{length} characters long", length=length)
    return says("{length} character long", length=length) if length else says("empty")


def _unit(doubt: Doubt) -> Said:
    return says("UTF-16 units") if doubt.demand.schema.get("x-count") == "utf16" else says("characters")


def _declared_at(names: list[str], notice: Notice) -> tuple[tuple[Where, Said], ...]:
    roots = dict.fromkeys(found[0] for name in names if (found := _ROOT.match(name)))
    return tuple(
        (Place(("variables", root), "key"), says("declared here")) for root in roots if root in notice.variables
    )
