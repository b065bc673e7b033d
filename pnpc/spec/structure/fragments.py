"""Fragments: files that `$include` names. How they are read from a disk is the project's affair."""

from collections.abc import Callable
from typing import NamedTuple

from pnpc.spec.notice import is_spec
from pnpc.text.finding import Where
from pnpc.text.joined import Joined, Part
from pnpc.text.nodes import Mapping, Node, Scalar, Sequence, Unreadable, compose
from pnpc.text.source import Span, Undecodable, decode
from pnpc.text.values import NULLS


class Fragment(NamedTuple):
    """A file that a spec includes: its name for people, what tells that two names are one file, its bytes."""

    name: str
    identity: str
    data: bytes


class NoFragment(Exception):
    """A file that can't be included; its text says why, `help` what to do, `related` where the fault is."""

    def __init__(self, message: str, help: str | None = None, related: tuple[tuple[Where, str], ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.related = related


# The file that `path`, written in the file of this name, means. Raises NoFragment.
Fragments = Callable[[str, str], Fragment]


def load(found: Fragment, joined: Joined) -> Part:
    """A fragment's nodes, its text joined to that of the spec; once, however often it is included. Raises NoFragment."""
    known = joined.known.get(found.identity)
    if known is None:
        known = joined.known[found.identity] = _read(found, joined)
    _refuse(known, found.name)
    return known


def _read(found: Fragment, joined: Joined) -> Part:
    try:
        source = decode(found.name, found.data)
    except Undecodable as error:
        raise NoFragment(f"`{found.name}` is not UTF-8: {error.reason}") from None
    try:
        documents = list(compose(source))
    except Unreadable as error:
        finding = error.finding
        part = joined.add(source, None)
        where = finding.where if isinstance(finding.where, Span) else Span(0, 0)
        at = Span(part.base + where.start, part.base + where.end)
        raise NoFragment(f"`{found.name}` can't be read", None, ((at, finding.message),)) from None
    root = documents[0].root
    if len(documents) > 1:
        raise NoFragment(f"`{found.name}` holds {len(documents)} documents; a fragment is one mapping")
    if not isinstance(root, Mapping):
        raise NoFragment(f"`{found.name}` holds {_noun(root)}; a fragment is a mapping")
    return joined.add(source, root, json=documents[0].json)


def _refuse(part: Part, name: str) -> None:
    if is_spec(part.root):
        help = "a fragment is a part of a message, a mapping without the key `pnpc`"
        raise NoFragment(f"`{name}` is a spec of its own", help)


def _noun(root: Node | None) -> str:
    if isinstance(root, Sequence):
        return "a list"
    return "nothing" if root is None or (isinstance(root, Scalar) and root.value in NULLS) else "a text"
