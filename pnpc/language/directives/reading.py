"""One reading of a spec's directives: the place that is read, the findings and used names so far, and the fragments."""

from typing import NamedTuple

from pnpc.language.cases.parts import Fragment, Key, Known, KnownNames, Loop, NoFragment, Site
from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice, is_spec
from pnpc.language.variables.declared import RECIPIENT, declarations
from pnpc.text.document import Mapping, Node, Scalar, Sequence, Unreadable, end
from pnpc.text.finding import Finding, Fix, Place
from pnpc.text.joined import Joined, JoinedFile
from pnpc.text.nodes import compose
from pnpc.text.path import Path
from pnpc.text.source import Span, Undecodable, decode
from pnpc.text.tree import Tree
from pnpc.text.values import NULLS
from pnpc.text.wording import Said, says
from pnpc.text.yaml.scalar import within


class At(NamedTuple):
    """Where a node stands: the file's name and nodes, the path in it, the names that may be used, the includes on the way.

    `sites` are the `$include`s that led to the file, the outer first; `depth` counts levels with fragments put in.
    """

    file: str
    tree: Tree
    path: Path
    names: KnownNames
    sites: tuple[Site, ...]
    depth: int

    def below(self, step: str | int) -> "At":
        """One step down."""
        return self._replace(path=(*self.path, step), depth=self.depth + 1)


class Reading:
    """What the reading of one document shares.

    `findings` go with the tree that their places are in. `used` are the names that directives use; `loops` one loop
    for each array; `files` the fragments, by the file that names them and the name; `values` counts the values that fragments add; `full`: they
    add too many; `broken`: a fragment or a loop is missing.
    """

    def __init__(self, notice: Notice, context: Context, joined: Joined) -> None:
        self.notice = notice
        self.context = context
        self.country = context.country(notice) or ""
        self.joined = joined
        self.survey = Survey()
        self.findings: list[tuple[Finding, Tree]] = []
        self.used: set[str] = set()
        self.loops: dict[Key, Loop] = {}
        self.files: dict[tuple[str, str], JoinedFile] = {}
        self.values = 0
        self.full = False
        self.broken = False

    def tell(
        self, at: At, place: Place, rule: str, message: Said, help: Said | None = None,
        related: tuple[tuple[Place | Span, Said], ...] = (), fix: Fix | None = None,
    ) -> None:  # fmt: skip
        """Note a finding; of one in a fragment, also where that is included."""
        ways = tuple((site.where, says("included from here")) for site in reversed(at.sites))
        self.findings.append((Finding(place, message, help, (*related, *ways), fix, rule), at.tree))

    def characters(self, node: Node, at: tuple[int, int]) -> Span:
        """The span of some characters (code points) of a scalar's value."""
        return within(self.joined, node, *at)  # type: ignore[arg-type]


def whole(node: Node) -> Span:
    """The span of a node."""
    return Span(node.start_mark.index, end(node))


def known_names(notice: Notice) -> dict[str, Known]:
    """The names that may be used everywhere in a spec."""
    names = {name: Known((name,), declaration.schema or {}) for name, declaration in declarations(notice).items()}
    return {**names, "recipient": Known(("recipient",), RECIPIENT)}


class Below(NamedTuple):
    """`directives`: whether a key begins with `$`; `values` and `depth` with aliases written out."""

    directives: bool
    values: int
    depth: int


_LEAF = Below(False, 1, 1)


class Survey:
    """What stands below the nodes of a document and its fragments, each node looked at once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Node, Below]] = {}  # the node is kept, so that no other gets its id

    def below(self, node: Node) -> Below:
        """What stands below a node, the node itself included."""
        if node.__class__ is Scalar:
            return _LEAF
        waiting = [node]
        while waiting:  # no recursion: fragments inside fragments may be deep
            last = waiting[-1]
            if id(last) not in self._known:
                unknown = [
                    child for child in _below(last) if child.__class__ is not Scalar and id(child) not in self._known
                ]
                if unknown:
                    waiting += unknown
                    continue
                self._known[id(last)] = (last, self._look(last))
            waiting.pop()
        return self._known[id(node)][1]

    def _look(self, node: Node) -> Below:
        keys = [key for key, _ in node.value] if isinstance(node, Mapping) else []
        below = [_LEAF if child.__class__ is Scalar else self._known[id(child)][1] for child in _below(node)]
        return Below(
            any(isinstance(key, Scalar) and key.value.startswith("$") for key in keys)
            or any(child.directives for child in below),
            1 + len(keys) + sum(child.values for child in below),
            1 + max((child.depth for child in below), default=0),
        )


def _below(node: Node) -> list[Node]:
    if isinstance(node, Mapping):
        return [value for _, value in node.value]
    return node.value if isinstance(node, Sequence) else []


def load(fragment: Fragment, joined: Joined) -> JoinedFile:
    """A fragment's nodes, its text joined to that of the spec; once, however often it is included. Raises NoFragment."""
    known = joined.known.get(fragment.identity)
    if known is None:
        known = joined.known[fragment.identity] = _fragment(fragment, joined)
    _refuse(known, fragment.name)
    return known


def _fragment(fragment: Fragment, joined: Joined) -> JoinedFile:
    try:
        source = decode(fragment.name, fragment.data)
    except Undecodable as error:
        raise NoFragment(says("`{name}` is not UTF-8: {reason}", name=fragment.name, reason=error.reason)) from None
    try:
        documents = list(compose(source))
    except Unreadable as error:
        finding = error.finding
        part = joined.add(source, None)
        where = finding.where if isinstance(finding.where, Span) else Span(0, 0)
        at = Span(part.base + where.start, part.base + where.end)
        raise NoFragment(says("`{name}` can't be read", name=fragment.name), None, ((at, finding.message),)) from None
    root = documents[0].root
    if len(documents) > 1:
        raise NoFragment(
            says(
                "`{name}` holds {count} documents; a fragment is one mapping",
                name=fragment.name,
                count=len(documents),
            )
        )
    if not isinstance(root, Mapping):
        raise NoFragment(says("`{name}` holds {noun}; a fragment is a mapping", name=fragment.name, noun=_noun(root)))
    return joined.add(source, root, json=documents[0].json)


def _refuse(part: JoinedFile, name: str) -> None:
    if is_spec(part.root):
        help = says("a fragment is a part of a message, a mapping without the key `pnpc`")
        raise NoFragment(says("`{name}` is a spec of its own", name=name), help)


def _noun(root: Node | None) -> Said:
    if isinstance(root, Sequence):
        return says("a list")
    return says("nothing") if root is None or (isinstance(root, Scalar) and root.value in NULLS) else says("a text")
