"""Findings about texts that are not proved to fit: with an example that is too long if there is one, and with what to declare."""

from collections.abc import Iterator
from math import isfinite

from pnpc.language.expressions.expression import ExpressionError
from pnpc.language.extents.extent import INFINITE, size
from pnpc.language.message.notice import Notice
from pnpc.language.proof import in_parts
from pnpc.language.proof.advice import advice, may_be_cut, room_for
from pnpc.language.proof.expression_tree import ExpressionTree, Literal, Piece, shown
from pnpc.language.proof.prove import BoundedPart, UnprovedText
from pnpc.language.proof.witness import Search, Witness
from pnpc.line.grammar.units import COUNTS
from pnpc.text.finding import Finding, Place, Where
from pnpc.text.lazy import regex
from pnpc.text.wording import NOTHING, NameList, Said, Subject, says

_REACH = 20_000  # the most code points of a witness's text: LINE takes no text of this length
_MOST_SEARCHES = 64  # in one message: each takes Jinja2 a few milliseconds
_MOST_PARTS = 200  # of a text for which an example is looked for
_ROOT = regex(r"[A-Za-z_][A-Za-z0-9_]*")


def findings(unproved: list[UnprovedText], notice: Notice, country: str) -> Iterator[Finding]:
    """The findings about texts that are not proved, each with its rule."""
    for index, doubt in enumerate(unproved):
        sought = index < _MOST_SEARCHES and len(doubt.parts) <= _MOST_PARTS
        yield from _findings_of(doubt, notice, country, sought)


def _findings_of(doubt: UnprovedText, notice: Notice, country: str, sought: bool) -> Iterator[Finding]:
    """The findings about one text; if `sought`, an example is looked for."""
    if doubt.fault is not None:
        fault, piece = doubt.fault
        rule = "type-not-taken" if fault.sure else "value-not-taken"
        names = [shown(name) for name in _names(piece.tree)]
        where = Place(doubt.demand.path, "value", (piece.start, piece.end))
        yield Finding(where, fault.message, fault.help, _declared_at(names, notice), rule=rule)
        return
    limit = doubt.demand.schema.get("maxLength")
    if limit is not None and doubt.most > limit:
        finding = (
            _too_long(doubt, notice, country, limit, sought)
            if isfinite(doubt.most)
            else _unbounded(doubt, notice, limit)
        )
        if finding is not None:
            yield finding
    least = doubt.demand.schema.get("minLength", 0)
    if doubt.least < least:
        yield from _too_short(doubt, notice, country, least, sought)


def _names(tree: ExpressionTree) -> Iterator[ExpressionTree]:
    """The names of an expression, with their members."""
    if shown(tree):
        yield tree
        return
    for part in tree.parts:
        yield from _names(part)


def _unbounded(doubt: UnprovedText, notice: Notice, limit: int) -> Finding | None:
    """None where nothing is known of the expression: another rule reports its name or declaration."""
    endless = [part for part in doubt.parts if size(part.extent, doubt.unit) == INFINITE]
    part = next((part for part in endless if part.causes), None)
    if part is None:
        return None
    room = room_for(doubt, part, limit)
    cuttable = room > 0 and may_be_cut(doubt)
    cause = part.causes[0]
    lacks = NameList(cause.lacks.split(" and "), " and ")
    message = says(
        "{subject} has no bound, because `{name}` has no {lacks} (limit {limit} {unit})",
        subject=Subject(doubt.demand.path),
        name=cause.name,
        lacks=lacks,
        limit=limit,
        unit=_unit(doubt, limit),
    )
    if cuttable:
        help = says(
            "declare {lacks} for `{name}`, or pipe it through `truncate({room})`",
            lacks=lacks,
            name=cause.name,
            room=int(room),
        )
    else:
        help = says("declare {lacks} for `{name}`", lacks=lacks, name=cause.name)
    related = _declared_at([cause.name for cause in part.causes], notice)
    return Finding(_place(doubt, part), message, help, related, rule="length-not-bounded")


def _too_long(doubt: UnprovedText, notice: Notice, country: str, limit: int, sought: bool) -> Finding:
    witness = _search(doubt, country, _reach(doubt, limit), least=False) if sought else None
    part = max(doubt.parts, key=lambda part: (not isinstance(part.piece, Literal), size(part.extent, doubt.unit)))
    help = advice(doubt, part, limit, country)
    if witness is None or witness.length <= limit:
        message = says(
            "{subject} may be too long: up to {most} {unit} (limit {limit}); {tried}",
            subject=Subject(doubt.demand.path),
            most=int(doubt.most),
            unit=_unit(doubt, int(doubt.most)),
            limit=limit,
            tried=_tried(witness),
        )
        return Finding(_place(doubt, part), message, help, rule="length-not-bounded")
    message = says(
        "{becomes} {length} {unit} long (limit {limit})",
        becomes=_becomes(witness, doubt) or says("{subject} becomes", subject=Subject(doubt.demand.path)),
        length=witness.length,
        unit=_unit(doubt, witness.length),
        limit=limit,
    )
    related = _declared_at(list(witness.values), notice)
    rule = "fallback-too-long" if doubt.in_parts else "may-be-too-long"
    return Finding(_place(doubt, part), message, help, related, rule=rule)


def _too_short(doubt: UnprovedText, notice: Notice, country: str, least: int, sought: bool) -> Iterator[Finding]:
    witness = _search(doubt, country, max(least, 1), least=True) if sought else None
    if witness is None or witness.length >= least:
        return
    part = next((part for part in doubt.parts if not isinstance(part.piece, Literal)), doubt.parts[0])
    becomes = _becomes(witness, doubt) or says("{subject} is", subject=Subject(doubt.demand.path))
    bound = says(" (at least {least})", least=least) if least > 1 else NOTHING
    message = says("{becomes} {size}{bound}", becomes=becomes, size=_size(witness.length), bound=bound)
    help = says("declare `minLength` or a `pattern`, or pipe it through `default('…')`") if not witness.length else None
    related = _declared_at(list(witness.values), notice)
    yield Finding(_place(doubt, part), message, help, related, rule="may-be-too-short")


def _reach(doubt: UnprovedText, limit: int) -> int:
    """The code points that an unbounded value is given to break a limit."""
    return int(min(in_parts.reach(limit) if doubt.in_parts else max(doubt.most, limit + 1), _REACH))


def _search(doubt: UnprovedText, country: str, reach: int, *, least: bool) -> Witness | None:
    try:
        search = Search(doubt.demand.text, doubt.names, country, doubt.conditions, reach)
    except ExpressionError:
        return None  # expression-syntax reports it
    if least:
        return search.best(len, least=True)
    if doubt.in_parts:
        return in_parts.measured(search.best(in_parts.size))
    return search.best(COUNTS.get(doubt.demand.schema.get("x-count", ""), len))


def _place(doubt: UnprovedText, part: BoundedPart) -> Place:
    """The expression that a text's length depends on; the whole text where none does."""
    if isinstance(part.piece, Piece):
        return Place(doubt.demand.path, "value", (part.piece.start, part.piece.end))
    return Place(doubt.demand.path)


def _becomes(witness: Witness, doubt: UnprovedText) -> Said:
    """The data of the example; nothing where the text needs none."""
    data, subject = witness.shown(), Subject(doubt.demand.path)
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


def _unit(doubt: UnprovedText, count: int) -> Said:
    if doubt.in_parts:
        return says("SMS part") if count == 1 else says("SMS parts")
    return says("UTF-16 units") if doubt.demand.schema.get("x-count") == "utf16" else says("characters")


def _declared_at(names: list[str], notice: Notice) -> tuple[tuple[Where, Said], ...]:
    roots = dict.fromkeys(root[0] for name in names if (root := _ROOT.match(name)))
    return tuple(
        (Place(("variables", root), "key"), says("declared here")) for root in roots if root in notice.variables
    )
