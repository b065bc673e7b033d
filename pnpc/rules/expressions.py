"""What the rules about expressions and variables look at: every text of a spec that can hold an expression."""

from collections.abc import Iterator
from re import compile as regex

from pnpc.spec.expression import Expression, ExpressionError, Uses, simple_uses, split
from pnpc.spec.notice import Field, Notice
from pnpc.spec.suggest import did_you_mean, near
from pnpc.text.finding import Finding, Place
from pnpc.text.nodes import Mapping, Node, Scalar, Sequence
from pnpc.text.path import Path

ALWAYS = {"recipient": ("index", "to")}
_FIXED = frozenset(("templateKey", "itemKey", "buttonKey"))
_RAW = regex(r"\{\{([^}]*)\}\}")
_NAME = regex(r"[A-Za-z_][A-Za-z0-9_]*")
_SIMPLE_FILTERS = frozenset(("currency", "date", "default", "number", "time", "truncate", "urlencode"))


def texts(notice: Notice) -> Iterator[Field]:
    """The texts of the message and the delivery tag that hold `{{`, but for those that can't (expression-not-allowed)."""
    return (field for field in _all_texts(notice) if field.path[-1] not in _FIXED)


def _all_texts(notice: Notice) -> Iterator[Field]:
    if not notice.is_spec or "{{" not in notice.document.source.text:
        return
    yield from _texts(notice.tree.node(notice.base), notice.base)
    if notice.delivery_tag and "{{" in notice.delivery_tag.text:
        yield notice.delivery_tag


def _texts(node: Node | None, path: Path) -> Iterator[Field]:
    if isinstance(node, Scalar):
        if "{{" in node.value:
            yield Field(node.value, path)
    elif isinstance(node, Mapping):
        for key, value in node.value:
            if isinstance(key, Scalar):
                yield from _texts(value, (*path, key.value))
    elif isinstance(node, Sequence):
        for index, one in enumerate(node.value):
            yield from _texts(one, (*path, index))


def _uses(expression: Expression) -> Uses:
    """What an expression uses; Jinja2 is loaded only for one that is not of the simple form."""
    found = simple_uses(expression)
    if found is not None and all(use.name in _SIMPLE_FILTERS for use in found.filters):
        return found
    from pnpc.spec.language import uses

    return uses(expression)


def _read(field: Field) -> tuple[list[Uses], ExpressionError | None]:
    found: list[Uses] = []
    try:
        for piece in split(field.text):
            if isinstance(piece, Expression):
                found.append(_uses(piece))
    except ExpressionError as error:
        return found, error
    return found, None


def errors(notice: Notice) -> Iterator[Finding]:
    """Expressions that can't be read."""
    for field in texts(notice):
        error = _read(field)[1]
        if error is not None:
            yield Finding(Place(field.path, "value", (error.start, error.end)), error.message)


def undeclared(notice: Notice) -> Iterator[Finding]:
    """Names that are no variable of the spec, and attributes that `recipient` does not have."""
    for field in texts(notice):
        for uses in _read(field)[0]:
            for use in uses.names:
                if use.name not in notice.variables and use.name not in ALWAYS:
                    close = did_you_mean(near(use.name, [*notice.variables, *ALWAYS]))
                    help = None if close else f"declare `{use.name}` under `variables`"
                    yield Finding(Place(field.path, "value", use[1:]), f"no variable `{use.name}`{close}", help)
            for name, attribute in uses.attributes:
                if name in ALWAYS and name not in notice.variables and attribute.name not in ALWAYS[name]:
                    message = f"`{name}` has no `{attribute.name}`; it has {' and '.join(ALWAYS[name])}"
                    yield Finding(Place(field.path, "value", attribute[1:]), message)


def unused(notice: Notice) -> Iterator[Finding]:
    """Variables that no expression uses; silent while an expression can't be read, for it may be the one."""
    if not notice.variables:
        return
    used: set[str] = set()
    for field in _all_texts(notice):
        found, error = _read(field)
        if error is not None:
            return
        used |= {use.name for uses in found for use in uses.names}
    for name in notice.variables:
        if name not in used and _NAME.fullmatch(name) and name not in _mentioned(notice):
            yield Finding(Place(("variables", name), "key"), f"variable `{name}` is never used")


def _mentioned(notice: Notice) -> set[str]:
    """Words inside braces anywhere in the text: an expression without quotes is a mapping to YAML, but was meant."""
    text = notice.document.source.text
    return {word for inside in _RAW.findall(text) for word in _NAME.findall(inside)}
