"""Expressions in URLs: whether their values can break the URL, and whether the declared examples do."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from pnpc.language.expressions.expression import MASK, ExpressionError, simple
from pnpc.language.message.context import Context
from pnpc.language.message.links import Link
from pnpc.language.message.notice import Notice
from pnpc.language.message.urls import UrlFault, faults
from pnpc.language.variables.declared import NOBODY, declarations
from pnpc.rules.shared.media import reader
from pnpc.text.document import Scalar
from pnpc.text.finding import Place
from pnpc.text.lazy import regex
from pnpc.text.members import members

if TYPE_CHECKING:
    from pnpc.language.proof.expression_tree import Piece

# Patterns that allow only letters, digits, `_` and `-`, as for most codes and numbers.
_SAFE_PATTERN = regex(
    r"\^(?:\[(?:A-Z|a-z|0-9|[A-Za-z0-9_]|-(?=\]))+\]|[A-Za-z0-9_-]|\\d|\{[0-9]+(?:,[0-9]*)?\}|[?*+])+\$"
)
_SAFE_TYPES = ("integer", "boolean")
_SAFE_FORMATS = ("uuid", "date", "ipv4", "hostname")
_BEHIND_HOST = regex("://[^/?#]*[/?#]")
_ENCODES = regex(r"\|\s*urlencode\b")
_IN_PATH = frozenset("/:@!$'()*,;=-._~+&")  # characters of a declared value that are safe in a path
_IN_QUERY = frozenset("/:@!$'()*,;-._~?")  # in a query, & = + # have a meaning


class UnsafeExpression(NamedTuple):
    """An expression in a link whose value may break the link."""

    link: Link
    piece: "Piece"

    def place(self) -> Place:
        """The characters of the expression."""
        return self.link.at(self.piece.start, self.piece.end)


def may_break(notice: Notice, context: Context) -> bool:
    """Whether an expression in a link must be looked at: most are a code, a number, or encoded."""
    return notice.is_spec and any(not _is_plainly_safe(link, notice) for link in _links(notice, context))


def _links(notice: Notice, context: Context) -> list[Link]:
    read = reader(notice, context)
    return [link for link in (*read.links, *read.chats, *read.quoted) if MASK in link.masked]


def _is_plainly_safe(link: Link, notice: Notice) -> bool:
    written = simple(link.text)
    if written is None:
        return False
    for expression in written:
        if any(name == "urlencode" for name, _ in expression.filters) or expression.name == "recipient":
            continue
        if (
            expression.attributes
            or expression.filters
            or not _is_declared_safe(members(notice.variables.get(expression.name)))
        ):
            return False
    return True


def _is_declared_safe(declared: dict[str, Any]) -> bool:
    stated = {name: node.value for name, node in declared.items() if isinstance(node, Scalar)}
    if stated.get("type") in _SAFE_TYPES or stated.get("format") in _SAFE_FORMATS:
        return True
    return _SAFE_PATTERN.fullmatch(stated.get("pattern", "")) is not None


def unsafe(notice: Notice, context: Context) -> Iterator[UnsafeExpression]:
    """The expressions behind the host of a link whose values may break the link."""
    from pnpc.language.proof.bounds import bounds_of  # the proof is needed only for a link that may break
    from pnpc.language.proof.expression_tree import Piece, pieces
    from pnpc.language.variables.scope import scope

    country = context.country(notice) or ""
    for link in _links(notice, context):
        try:
            written = pieces(link.text)
        except ExpressionError:
            continue  # expression-syntax reports it
        for piece in written:
            if not isinstance(piece, Piece) or _ENCODES.search(link.text[piece.start : piece.end]):
                continue
            if _BEHIND_HOST.search(link.masked[: piece.start]) is None:
                continue  # the host, or all of the URL, comes from the data
            worked = bounds_of(piece, scope(notice, link.path), country, as_boolean=False)
            if not worked.faults and not _is_safe(worked.extent, in_query="?" in link.masked[: piece.start]):
                yield UnsafeExpression(link, piece)


def _is_safe(extent: Any, *, in_query: bool) -> bool:
    from pnpc.line.grammar.units import UNRESERVED  # needed only for a link that may break

    if not extent.kinds & ~UNRESERVED:
        return True
    allowed = _IN_QUERY if in_query else _IN_PATH
    return bool(extent.known) and all(
        character in allowed or (character.isascii() and character.isalnum()) or character == "_"
        for text in extent.known
        for character in text
    )


class BrokenLink(NamedTuple):
    """A link that is broken once it is filled with the declared examples; `filled` is its text then."""

    link: Link
    filled: str
    fault: UrlFault


def broken_by_examples(notice: Notice, context: Context) -> Iterator[BrokenLink]:
    """The links to tap that are broken once they are filled with the examples (or defaults) of the variables.

    Not the links in texts, which people read, and not those under a directive, which are sent for some data only: the
    filled message shows whether these are broken.
    """
    from pnpc.language.filling.jinja import CompiledText, RenderError  # only for links that may break

    data = _examples(notice, context)
    for link in reader(notice, context).links:
        if MASK not in link.masked or _is_plainly_safe(link, notice) or faults_of(link):
            continue
        if notice.expansion is not None and notice.expansion.steps(link.path):
            continue
        try:
            filled = CompiledText(link.text, context.country(notice) or "").fill(data)
        except (ExpressionError, RenderError):
            continue  # other rules report it, or a variable has no example
        for fault in faults(filled):
            if fault.kind == "broken":
                yield BrokenLink(link, filled, fault)


def faults_of(link: Link) -> list[UrlFault]:
    """What is broken in a link whatever is filled in; other rules report it."""
    return [fault for fault in faults(link.masked) if fault.kind == "broken"]


def _examples(notice: Notice, context: Context) -> dict[str, Any]:
    data: dict[str, Any] = {"recipient": NOBODY}
    for name, declared in context.once(notice, declarations).items():
        schema = declared.schema or {}
        value = next((schema[key] for key in ("example", "default") if key in schema), None)
        if value is not None:
            data[name] = value
    return data
