"""What the rules about expressions and variables look at: every text of a spec that can hold an expression."""

from collections.abc import Iterator
from re import compile as regex
from typing import NamedTuple

from pnpc.spec.context import Context
from pnpc.spec.expression import Expression, ExpressionError, Uses, simple_names, simple_uses, split
from pnpc.spec.notice import Field, Notice
from pnpc.spec.suggest import did_you_mean, near
from pnpc.text.finding import Finding, Place
from pnpc.text.nodes import Mapping, Node, Scalar, Sequence
from pnpc.text.path import Path

ALWAYS = {"recipient": ("index", "to")}
_FIXED = frozenset(("templateKey", "itemKey", "buttonKey"))
_RAW = regex(r"\{\{([^}]*)\}\}")
_NAME = regex(r"[A-Za-z_][A-Za-z0-9_]*")
_FILTER = regex(r"\|\s*([A-Za-z_][A-Za-z0-9_]*)")
_SIMPLE_FILTERS = frozenset(("currency", "date", "default", "number", "time", "truncate", "urlencode"))


class Read(NamedTuple):
    """A text whose expressions need a closer look: what they use, and the error of the first that can't be read."""

    field: Field
    uses: list[Uses]
    error: ExpressionError | None

    @property
    def fixed(self) -> bool:
        """Whether this text can't hold an expression at all, which expression-not-allowed tells."""
        return self.field.path[-1] in _FIXED


class Reads(NamedTuple):
    """The names that a message's expressions use, and the texts that need a closer look."""

    used: set[str]
    doubtful: list[Read]


def reads(notice: Notice, context: Context) -> Reads:
    """The expressions of a message and its delivery tag, read once for all rules."""
    return context.once(notice, _reads)


def _reads(notice: Notice) -> Reads:
    result = Reads(set(), [])
    if not notice.is_spec or "{{" not in notice.document.source.text:
        return result
    fields = notice.texts() + [field for _, field in notice.catalog_keys()]
    if notice.kind != "template":
        fields += _texts(notice.tree.node(notice.base), notice.base)
    for field in fields:
        if "{{" in field.text:
            names = _sound_names(field.text, notice)
            if names is None:
                read = _read(field)
                names = [use.name for uses in read.uses for use in uses.names]
                result.doubtful.append(read)
            result.used.update(names)
    return result


def _sound_names(text: str, notice: Notice) -> list[str] | None:
    """The names of a text in which nothing can be wrong; None for one that needs a closer look."""
    simple = simple_names(text)
    if simple is None:
        return None
    for name, attributes, filters in simple:
        if name not in notice.variables and attributes[1:] not in ALWAYS.get(name, ()):
            return None
        if filters and not _SIMPLE_FILTERS.issuperset(_FILTER.findall(filters)):
            return None
    return [name for name, _, _ in simple]


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


def _read(field: Field) -> Read:
    """What a text's expressions use; Jinja2 is loaded only for one that is not of the simple form."""
    simple = simple_uses(field.text)
    if simple is not None and all(use.name in _SIMPLE_FILTERS for one in simple for use in one.filters):
        return Read(field, simple, None)
    from pnpc.spec.language import uses

    found: list[Uses] = []
    try:
        for piece in split(field.text):
            if isinstance(piece, Expression):
                found.append(uses(piece))
    except ExpressionError as error:
        return Read(field, found, error)
    return Read(field, found, None)


def errors(notice: Notice, context: Context) -> Iterator[Finding]:
    """Expressions that can't be read."""
    for read in reads(notice, context).doubtful:
        if read.error is not None and not read.fixed:
            yield Finding(Place(read.field.path, "value", (read.error.start, read.error.end)), read.error.message)


def undeclared(notice: Notice, context: Context) -> Iterator[Finding]:
    """Names that are no variable of the spec, and attributes that `recipient` does not have."""
    for read in reads(notice, context).doubtful:
        for uses in read.uses if not read.fixed else ():
            yield from _undeclared(read.field, uses, notice)


def _undeclared(field: Field, uses: Uses, notice: Notice) -> Iterator[Finding]:
    for use in uses.names:
        if use.name not in notice.variables and use.name not in ALWAYS:
            close = did_you_mean(near(use.name, [*notice.variables, *ALWAYS]))
            help = None if close else f"declare `{use.name}` under `variables`"
            place = Place(field.path, "value", (use.start, use.end))
            yield Finding(place, f"no variable `{use.name}`{close}", help)
    for name, attribute in uses.attributes:
        if name in ALWAYS and name not in notice.variables and attribute.name not in ALWAYS[name]:
            message = f"`{name}` has no `{attribute.name}`; it has {' and '.join(ALWAYS[name])}"
            yield Finding(Place(field.path, "value", (attribute.start, attribute.end)), message)


def unused(notice: Notice, context: Context) -> Iterator[Finding]:
    """Variables that no expression uses; silent while an expression can't be read, for it may be the one."""
    found = reads(notice, context)
    idle = notice.variables.keys() - found.used
    if not idle or any(read.error is not None for read in found.doubtful):
        return
    idle -= _mentioned(notice)
    for name in notice.variables:
        if name in idle and _NAME.fullmatch(name):
            yield Finding(Place(("variables", name), "key"), f"variable `{name}` is never used")


def _mentioned(notice: Notice) -> set[str]:
    """Words inside braces anywhere in the text: an expression without quotes is a mapping to YAML, but was meant."""
    text = notice.document.source.text
    return {word for inside in _RAW.findall(text) for word in _NAME.findall(inside)}
