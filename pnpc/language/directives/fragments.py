"""Fragments read: their nodes, their text joined to that of the spec."""

from pnpc.language.message.fragments import Fragment, NoFragment
from pnpc.language.message.notice import is_spec
from pnpc.text.document import Mapping, Node, Scalar, Sequence, Unreadable
from pnpc.text.joined import Joined, JoinedFile
from pnpc.text.nodes import compose
from pnpc.text.source import Span, Undecodable, decode
from pnpc.text.values import NULLS
from pnpc.text.wording import as_written, says


def load(found: Fragment, joined: Joined) -> JoinedFile:
    """A fragment's nodes, its text joined to that of the spec; once, however often it is included. Raises NoFragment."""
    known = joined.known.get(found.identity)
    if known is None:
        known = joined.known[found.identity] = _read(found, joined)
    _refuse(known, found.name)
    return known


def _read(found: Fragment, joined: Joined) -> JoinedFile:
    try:
        source = decode(found.name, found.data)
    except Undecodable as error:
        raise NoFragment(
            says("`{name}` is not UTF-8: {reason}", name=found.name, reason=as_written(error.reason))
        ) from None
    try:
        documents = list(compose(source))
    except Unreadable as error:
        finding = error.finding
        part = joined.add(source, None)
        where = finding.where if isinstance(finding.where, Span) else Span(0, 0)
        at = Span(part.base + where.start, part.base + where.end)
        raise NoFragment(says("`{name}` can't be read", name=found.name), None, ((at, finding.message),)) from None
    root = documents[0].root
    if len(documents) > 1:
        raise NoFragment(
            says(
                "`{name}` holds {count} documents; a fragment is one mapping",
                name=found.name,
                count=len(documents),
            )
        )
    if not isinstance(root, Mapping):
        raise NoFragment(
            says("`{name}` holds {noun}; a fragment is a mapping", name=found.name, noun=as_written(_noun(root)))
        )
    return joined.add(source, root, json=documents[0].json)


def _refuse(part: JoinedFile, name: str) -> None:
    if is_spec(part.root):
        help = says("a fragment is a part of a message, a mapping without the key `pnpc`")
        raise NoFragment(says("`{name}` is a spec of its own", name=name), help)


def _noun(root: Node | None) -> str:
    if isinstance(root, Sequence):
        return "a list"
    return "nothing" if root is None or (isinstance(root, Scalar) and root.value in NULLS) else "a text"
