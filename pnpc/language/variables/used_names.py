"""What a message's expressions use: every text that can hold one is read once, and Jinja2 loaded only for unusual ones."""

from bisect import bisect_left
from collections.abc import Iterable
from typing import NamedTuple

from pnpc.language.expressions.expression import (
    FILTERS,
    FORMATS,
    Expression,
    ExpressionError,
    Uses,
    simple_names,
    simple_uses,
    split,
)
from pnpc.language.message.context import Context
from pnpc.language.message.notice import Field, Notice
from pnpc.text.document import Mapping, Node, Scalar, Sequence, end, start
from pnpc.text.lazy import regex
from pnpc.text.members import members
from pnpc.text.path import Path

# What every expression may use beside the spec's variables.
ALWAYS = {"recipient": ("index", "to")}
_KNOWN = frozenset(FILTERS)
_FORMAT = regex(r"\b(date|time)\(\s*['\"]([^'\"]*)['\"]")
# A `truncate` without a length, and an argument for a filter that takes none.
_LACKING = regex(r"\|\s*(?:truncate\b(?!\(\s*[1-9])|(?:urlencode|number)\(\s*[^\s)])")
_MAY_LACK = ("truncate", "urlencode(", "number(")
_OPENING = regex(r"\{\{")
_FIXED = frozenset(("templateKey", "itemKey", "buttonKey"))
FILTER_NAME = regex(r"\|\s*([A-Za-z_][A-Za-z0-9_]*)")


class TextUses(NamedTuple):
    """A text whose expressions need a closer look: what they use, and the error of the first one that can't be read."""

    field: Field
    uses: list[Uses]
    error: ExpressionError | None

    @property
    def fixed(self) -> bool:
        """Whether this text can't hold an expression at all; expression-not-allowed reports it."""
        return self.field.path[-1] in _FIXED


class UsedNames(NamedTuple):
    """The names that a message's expressions use, and the texts that need a closer look."""

    used: set[str]
    doubtful: list[TextUses]


def reads(notice: Notice, context: Context) -> UsedNames:
    """The expressions of a message and its delivery tag, read once for all rules."""
    return context.once(notice, _reads)


def _reads(notice: Notice) -> UsedNames:
    result = UsedNames(set(notice.expansion.used) if notice.expansion is not None else set(), [])
    if not notice.is_spec or not _may_hold(notice.document.source.text):
        return result
    fields = notice.texts() + [field for _, field in notice.catalog_keys if "{{" in field.text]
    if notice.kind != "template":
        root = notice.tree.node(notice.base)
        if root is not None:
            _gather(root, notice.base, fields, _openings(notice))
    for field in fields:
        if "{{" in field.text:
            names = _sound_names(field.text, notice)
            if names is None:
                read = read_uses(field)
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
        if attributes and name in notice.variables:
            return None  # it may not have such a member
        if filters and not (_KNOWN.issuperset(FILTER_NAME.findall(filters)) and _has_known_arguments(filters)):
            return None
    return [name for name, _, _ in simple]


def _has_known_arguments(text: str) -> bool:
    if any(word in text for word in _MAY_LACK) and _LACKING.search(text) is not None:
        return False
    return "(" not in text or all(name in FORMATS[filter] for filter, name in _FORMAT.findall(text))


def _may_hold(text: str) -> bool:
    """Whether a document of this text may hold an expression; its braces may be written as an escape."""
    return "{{" in text or "\\" in text


def _openings(notice: Notice) -> list[int] | None:
    """The offsets of every `{{` of a document: a node whose span has none holds no expression. None where that is not so:
    an alias stands for text elsewhere, a brace may be written as an escape, and nodes made by a loop have no span of their own.
    """
    text = notice.document.source.text
    if notice.expansion is not None or "&" in text or "\\" in text:
        return None
    return [match.start() for match in _OPENING.finditer(text)]


def _gather(node: Node, path: Path, fields: list[Field], openings: list[int] | None) -> None:
    """Add the texts below a node that hold `{{`: not a generator, because a message may have a thousand nodes."""
    if isinstance(node, Mapping):
        children: Iterable[tuple[str | int, Node]] = members(node).items()
    elif isinstance(node, Sequence):
        children = enumerate(node.value)
    else:
        return
    for step, child in children:
        if child.__class__ is Scalar:
            if "{{" in child.value:
                fields.append(Field(child.value, (*path, step)))
        elif openings is None or bisect_left(openings, start(child)) < bisect_left(openings, end(child)):
            _gather(child, (*path, step), fields, openings)


def read_uses(field: Field) -> TextUses:
    """What a text's expressions use; Jinja2 is loaded only for a text that is not of the simple form."""
    simple = simple_uses(field.text)
    if (
        simple is not None
        and _has_known_arguments(field.text)
        and all(use.name in _KNOWN for uses in simple for use in uses.filters)
    ):
        return TextUses(field, simple, None)
    from pnpc.language.filling.jinja import uses  # Jinja2 takes 60 ms to load, and few expressions need it

    used: list[Uses] = []
    try:
        for piece in split(field.text):
            if isinstance(piece, Expression):
                used.append(uses(piece))
    except ExpressionError as error:
        return TextUses(field, used, error)
    return TextUses(field, used, None)
