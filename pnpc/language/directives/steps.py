"""`$if` and `$for` of an object, read: how often the object stands in its list."""

from re import VERBOSE, Match
from typing import Any, NamedTuple

from pnpc.language.cases.parts import FOR, IF, Condition, Known, KnownNames, Loop, inside, value
from pnpc.language.cases.truth import Formula, Not, Question, compared, is_true
from pnpc.language.directives.reading import At, Reading, whole
from pnpc.language.expressions.expression import MAX_LENGTH, Expression, ExpressionError, Use, Uses, split
from pnpc.language.variables.scope import members_of, no_member
from pnpc.text.document import Mapping, Node, Scalar
from pnpc.text.finding import Place
from pnpc.text.lazy import regex
from pnpc.text.suggest import did_you_mean, near
from pnpc.text.values import NULLS
from pnpc.text.wording import Said, says
from pnpc.text.yaml.trouble import unquoted_expression

_LOOP = regex(r"\s*([A-Za-z_][A-Za-z0-9_]*)\s+in\s+([A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)\s*")
_SYNTAX = says("write `$for: line in lines`: a name of your own, `in`, and an array variable")
# What has these names already; any other name is that of a variable.
_TAKEN_BY = {"loop": says("the entry's number"), "recipient": says("the recipient")}
_ANOTHER = says("another variable")
_NOUNS = {
    "string": says("text"), "integer": says("a number"), "number": says("a number"), "boolean": says("true or false"),
}  # fmt: skip
# Words that can't be a name in an expression.
_WORDS = frozenset(
    ("and", "or", "not", "in", "is", "if", "else", "true", "false", "none", "True", "False", "None", "self")
)
# Conditions of the common forms, which are read without Jinja2: `a`, `not a.b`, `a == 'x'`, `a != 5`.
_SIMPLE = regex(
    r"""\s* (?P<no>not\s+)? (?P<name>[A-Za-z_][A-Za-z0-9_]*) (?P<more>(?:\.[A-Za-z][A-Za-z0-9_]*)*) \s*
        (?: (?P<sign>==|!=) \s* (?: '(?P<single>[^'\\]*)' | "(?P<double>[^"\\]*)"
        | (?P<number>-?(?:0|[1-9][0-9]{0,14})) | (?P<truth>true|false) ) \s* )?""",
    VERBOSE,
)


class Header(NamedTuple):
    """A `$for` taken apart: its variable, the steps to the array, and the characters of both in the text."""

    name: str
    steps: tuple[str, ...]
    name_at: tuple[int, int]
    source_at: tuple[int, int]


class LoopFault(NamedTuple):
    """What is wrong with a `$for`: the rule, the message, the characters of the text, what may help."""

    rule: str
    message: Said
    at: tuple[int, int]
    help: Said | None = None


class ReadCondition(NamedTuple):
    """A condition that was read: its truth, and the names and attributes that it uses, at their characters."""

    formula: Formula
    uses: Uses


def loop(node: Node, at: At, reading: Reading) -> Loop | None:
    """The `$for` at a place; None if it can't be read: then nothing is known of the names inside the loop."""
    text = _text(node)
    header = _header(text) if text is not None else None
    if header is None or not isinstance(node, Scalar):
        reading.tell(at, Place((*at.path, FOR)), "bad-loop", says("not a loop"), _SYNTAX)
        return None
    reading.used.add(header.steps[0])
    array = _array(header, at.names)
    for fault in (_taken(header, at.names), array):
        if isinstance(fault, LoopFault):
            where = Place((*at.path, FOR), "value", fault.at)
            reading.tell(at, where, fault.rule, fault.message, fault.help)
    known = array if isinstance(array, Known) else Known(("?", *header.steps), {"maxItems": 1})
    item, most = known.schema.get("items", {}), known.schema.get("maxItems")
    least = known.schema.get("minItems", 0)
    made = Loop(header.name, header.steps, known.key, item, least, most, node, whole(node))
    if known.schema.get("type") == "array":
        reading.loops.setdefault(made.key, made)
    return made


def within(at: At, loop: Loop) -> At:
    """A place inside a loop."""
    return at._replace(names=inside(at.names, loop))


def condition(node: Node, at: At, reading: Reading) -> Condition:
    """The `$if` at a place; of one that can't be read it is not known whether it holds."""
    text = _text(node)
    formula: Formula = Question(text or IF, (), bool, is_read=False)
    if text is None:
        _tell_no_condition(node, at, reading)
        return Condition("", formula, node, whole(node))  # type: ignore[arg-type]
    try:
        read = read_condition(text, reading.country)
    except ExpressionError as error:
        where = Place((*at.path, IF), "value", (error.start, error.end))
        reading.tell(at, where, "expression-syntax", error.message)
    else:
        formula = read.formula
        reading.used.update(use.name for use in read.uses.names)
        _tell_undeclared(read.uses, at, reading)
    return Condition(text, formula, node, whole(node))  # type: ignore[arg-type]


def _tell_no_condition(node: Node, at: At, reading: Reading) -> None:
    """A value of `$if` that is not a text; YAML reads `{{ a }}` without quotes as a mapping."""
    place, span = Place((*at.path, IF)), whole(node)
    if isinstance(node, Mapping) and node.flow_style and reading.joined.text.startswith("{{", span.start):
        finding = unquoted_expression(span, reading.joined.text[span.start : span.end])
        reading.tell(at, place, finding.rule, finding.message, fix=finding.fix)
    else:
        message = says("`$if` takes an expression that is true or false")
        help = says("such as `$if: gift`, or `$if: slot == 'am'`")
        reading.tell(at, place, "bad-condition", message, help)


def _tell_undeclared(uses: Uses, at: At, reading: Reading) -> None:
    """KnownNames and members that a condition uses and that are not declared."""
    place = (*at.path, IF)
    for use in uses.names:
        if use.name not in at.names:
            close = did_you_mean(near(use.name, list(at.names)))
            help = None if close else says("declare `{name}` under `variables`", name=use.name)
            message = says("no variable `{name}`{close}", name=use.name, close=close)
            reading.tell(at, Place(place, "value", (use.start, use.end)), "undeclared-variable", message, help)
    for name, attribute in uses.attributes:
        known = members_of(at.names[name].schema) if name in at.names else None
        if known is not None and attribute.name not in known:
            message = no_member(name, attribute.name, known)
            span = (attribute.start, attribute.end)
            reading.tell(at, Place(place, "value", span), "undeclared-variable", message)


def _text(node: Node) -> str | None:
    """A directive's text; None for an empty one, and for a value that is not a text."""
    if not isinstance(node, Scalar) or (not node.style and node.value in NULLS) or not node.value.strip():
        return None
    text: str = node.value
    return text


def _header(text: str) -> Header | None:
    """A `$for` taken apart; None for a text that is not one."""
    match = _LOOP.fullmatch(text)
    if match is None or match[1] in _WORDS:
        return None
    return Header(match[1], tuple(match[2].split(".")), match.span(1), match.span(2))


def _taken(header: Header, names: KnownNames) -> LoopFault | None:
    """A loop's variable that has the name of something else that may be used here."""
    if header.name not in names and header.name not in ("loop", "recipient"):
        return None
    what = _TAKEN_BY.get(header.name, _ANOTHER)
    message = says("`{name}` is {what} already", name=header.name, what=what)
    help = says("give the loop's variable a name that is free here")
    return LoopFault("loop-variable-taken", message, header.name_at, help)


def _array(header: Header, names: KnownNames) -> Known | LoopFault:
    """The array that a loop runs over, or what is wrong with it."""
    name = header.steps[0]
    if name not in names:
        close = did_you_mean(near(name, list(names)))
        help = None if close else says("declare `{name}` under `variables`, with `type: array`", name=name)
        message = says("no variable `{name}`{close}", name=name, close=close)
        return LoopFault("undeclared-variable", message, header.source_at, help)
    known = value(header.steps, names)
    if known is None:
        return _no_member(header, names)
    kind = known.schema.get("type")
    if kind == "array" or kind is None:
        return known
    message = says(
        "`{name}` is {noun}, not an array: `$for` repeats for each entry of an array",
        name=".".join(header.steps),
        noun=_NOUNS.get(kind) or says("a mapping"),
    )
    return LoopFault("loop-over-no-array", message, header.source_at)


def _no_member(header: Header, names: KnownNames) -> LoopFault:
    """The first of the steps that leads nowhere."""
    for count in range(2, len(header.steps) + 1):
        if value(header.steps[:count], names) is None:
            above = value(header.steps[: count - 1], names)
            known = members_of(above.schema) or () if above is not None else ()
            member, shown = header.steps[count - 1], ".".join(header.steps[: count - 1])
            close = did_you_mean(near(member, list(known)))
            start = header.source_at[0] + len(shown) + 1
            message = says("`{name}` has no `{member}`{close}", name=shown, member=member, close=close)
            return LoopFault("undeclared-variable", message, (start, start + len(member)))
    raise AssertionError("every step leads somewhere")


def read_condition(text: str, country: str) -> ReadCondition:
    """A condition as it is written under `$if`; `country` is that of the filters in it.

    Raises ExpressionError, whose characters (code points) are the text's.
    """
    try:
        written = expression(text)
        simple = _simple(written)
        if simple is not None:
            return simple
        # Jinja2 takes 60 ms to load, and few conditions need it.
        from pnpc.language.directives.conditions_in_jinja import truth
        from pnpc.language.filling.jinja import uses

        used = uses(written)
        return ReadCondition(truth(written, country), used)
    except ExpressionError as error:
        start, end = max(0, error.start), min(len(text), error.end)
        raise ExpressionError(error.message, start, end) from None


def expression(text: str) -> Expression:
    """The one expression that a directive's text is, written with or without `{{ }}`.

    Its characters (code points) count from the start of the text; of one without braces it begins two characters before the
    text, and ends two after it, as if it had braces. Raises ExpressionError.
    """
    if "{{" in text or "}}" in text:
        pieces = [piece for piece in split(text) if isinstance(piece, Expression) or piece.strip()]
        if len(pieces) != 1 or not isinstance(pieces[0], Expression):
            raise ExpressionError(says("a condition is one expression and nothing beside it"), 0, len(text))
        return pieces[0]
    if len(text) > MAX_LENGTH:
        raise ExpressionError(
            says("an expression of {length:,} characters, limit {limit:,}", length=len(text), limit=MAX_LENGTH),
            0,
            len(text),
        )
    return Expression(f" {text} ", -3, len(text) + 3)  # with a space, because Jinja2 reads `{{-` as something else


def asks_simply(text: str) -> str | None:
    """The value that a condition of a common form asks about, as it is written; None for any other condition."""
    try:
        match = _SIMPLE.fullmatch(expression(text).source)
    except ExpressionError:
        return None
    return match["name"] + match["more"] if match is not None and match["name"] not in _WORDS else None


def _simple(written: Expression) -> ReadCondition | None:
    """A condition of a common form, read without Jinja2; None for any other."""
    match = _SIMPLE.fullmatch(written.source)
    if match is None or match["name"] in _WORDS:
        return None
    steps = (match["name"], *match["more"].split(".")[1:])
    base = written.start + 2
    name = Use(match["name"], base + match.start("name"), base + match.end("name"))
    first = base + match.start("more") + 1
    attributes = ((name.name, Use(steps[1], first, first + len(steps[1]))),) if len(steps) > 1 else ()
    question = is_true(steps) if match["sign"] is None else compared(steps, "eq", _literal(match))
    negative = bool(match["no"]) != (match["sign"] == "!=")
    return ReadCondition(Not(question) if negative else question, Uses((name,), attributes, ()))


def _literal(match: Match[str]) -> Any:
    if match["number"] is not None:
        return int(match["number"])
    if match["truth"] is not None:
        return match["truth"] == "true"
    return match["single"] if match["single"] is not None else match["double"]
