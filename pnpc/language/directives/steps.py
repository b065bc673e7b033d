"""`$if` and `$for` of an object, read: how often it stands in its list."""

from pnpc.language.cases.parts import Condition, Known, Loop
from pnpc.language.cases.truth import Question
from pnpc.language.directives import conditions, loops
from pnpc.language.directives.names import FOR, IF
from pnpc.language.directives.reading import At, Reading, whole
from pnpc.language.directives.scopes import inside
from pnpc.language.expressions.expression import ExpressionError
from pnpc.language.variables.scope import members_of, no_member
from pnpc.text.document import Mapping, Node, Scalar
from pnpc.text.finding import Place
from pnpc.text.suggest import did_you_mean, near
from pnpc.text.values import NULLS
from pnpc.text.wording import says
from pnpc.text.yaml.trouble import unquoted_expression


def loop(node: Node, at: At, reading: Reading) -> Loop | None:
    """A `$for` that stands at `at`; None if it can't be read, and then what stands in the loop means nothing."""
    text = _text(node)
    header = loops.header(text) if text is not None else None
    if header is None or not isinstance(node, Scalar):
        reading.tell(at, Place((*at.path, FOR)), "bad-loop", says("not a loop"), loops.SYNTAX)
        return None
    place = (*at.path, FOR)
    reading.used.add(header.steps[0])
    wrong = loops.taken(header, at.names)
    found = loops.array(header, at.names)
    for one in (wrong, found):
        if isinstance(one, loops.Wrong):
            reading.tell(at, Place(place, "value", one.at), one.rule, one.message, one.help)
    known = found if isinstance(found, Known) else Known(("?", *header.steps), {"maxItems": 1})
    item, most = known.schema.get("items", {}), known.schema.get("maxItems")
    least = known.schema.get("minItems", 0)
    made = Loop(header.name, header.steps, known.key, item, least, most, node, whole(node))
    if known.schema.get("type") == "array":
        reading.loops.setdefault(made.key, made)
    return made


def within(at: At, one: Loop) -> At:
    """A place inside a loop."""
    return at._replace(names=inside(at.names, one))


def condition(node: Node, at: At, reading: Reading) -> Condition:
    """An `$if` that stands at `at`; of one that can't be read nothing is known, neither that it holds nor that not."""
    place = (*at.path, IF)
    text = _text(node)
    unknown = Question(text or IF, (), bool, is_read=False)
    if text is None:
        if isinstance(node, Mapping) and node.flow_style and reading.joined.text.startswith("{{", whole(node).start):
            span = whole(node)
            finding = unquoted_expression(span, reading.joined.text[span.start : span.end])
            reading.tell(at, Place(place), finding.rule, finding.message, fix=finding.fix)
        else:
            message = says("`$if` takes an expression that is true or false")
            reading.tell(
                at, Place(place), "bad-condition", message, says("such as `$if: gift`, or `$if: slot == 'am'`")
            )
        text = ""
    else:
        try:
            read = conditions.read(text, reading.country)
        except ExpressionError as error:
            reading.tell(at, Place(place, "value", (error.start, error.end)), "expression-syntax", error.message)
        else:
            reading.used.update(use.name for use in read.uses.names)
            _undeclared(read, at, reading)
            return Condition(text, read.formula, node, whole(node))  # type: ignore[arg-type]
    return Condition(text, unknown, node, whole(node))  # type: ignore[arg-type]


def _undeclared(read: conditions.Read, at: At, reading: Reading) -> None:
    """Names and members that a condition uses and nobody declares."""
    place = (*at.path, IF)
    for use in read.uses.names:
        if use.name not in at.names:
            close = did_you_mean(near(use.name, list(at.names)))
            help = None if close else says("declare `{name}` under `variables`", name=use.name)
            message = says("no variable `{name}`{close}", name=use.name, close=close)
            reading.tell(at, Place(place, "value", (use.start, use.end)), "undeclared-variable", message, help)
    for name, attribute in read.uses.attributes:
        known = members_of(at.names[name].schema) if name in at.names else None
        if known is not None and attribute.name not in known:
            message = no_member(name, attribute.name, known)
            span = (attribute.start, attribute.end)
            reading.tell(at, Place(place, "value", span), "undeclared-variable", message)


def _text(node: Node) -> str | None:
    """A directive's text; None for what holds none."""
    if not isinstance(node, Scalar) or (not node.style and node.value in NULLS) or not node.value.strip():
        return None
    text: str = node.value
    return text
