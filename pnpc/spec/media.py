"""What a flexible message can show: one walk over its whole tree that finds every medium, text and link.

The walk does not ask the grammar: a misplaced, misspelt or unknown object is looked at like any other, both values of
a duplicate key too. What is no property of LINE's and holds a URL counts as a medium, for nothing says that it is none.
`schemas/media.json` says which types and properties are media.
"""

from collections.abc import Iterator
from re import IGNORECASE
from typing import NamedTuple

from pnpc.spec.kinds import fold, kinds
from pnpc.spec.notice import Field, Notice
from pnpc.spec.reader import Reader, gathered
from pnpc.text.finding import Place, Where
from pnpc.text.lazy import regex
from pnpc.text.members import entries, is_merge
from pnpc.text.nodes import Mapping, Node, Scalar, Sequence, end, start
from pnpc.text.path import Path
from pnpc.text.source import Span
from pnpc.text.values import NULLS

UNKNOWN = "unknown-media"
EMOJI = "line-emoji"

_URL = regex(r"\s*(?:(?:[a-z][a-z0-9+.-]*:)?//|(?:data|file|blob|content|https?):)", IGNORECASE)


class Medium(NamedTuple):
    """One thing that shows a picture, a film or a sound, or may.

    `rule` reports it; `written` is the type or the property's name as it stands in the text; `shows` says what it is.
    `url` is given only for a Flex component that LINE itself may supply: the one URL that it has.
    """

    rule: str
    written: str
    where: Where
    shows: str = ""
    related: tuple[Where, ...] = ()
    url: str | None = None


class Surface(NamedTuple):
    """A message's media in the order of the text, and what its reader reads and taps."""

    media: list[Medium]
    reader: Reader


class Pair(NamedTuple):
    """A member of an object; `twice` if its key stood there before."""

    name: str
    key: Node
    value: Node
    path: Path
    twice: bool

    def at(self, part: str = "value") -> Where:
        """Where the value (or the key) stands: paths can't tell duplicate keys apart, so those give characters."""
        if self.twice:
            node = self.key if part == "key" else self.value
            return Span(start(node), end(node))
        return Place(self.path, "key" if part == "key" else "value")


def survey(notice: Notice) -> Surface:
    """Walk the message part of a notice, whatever its shape."""
    walk = _Walk(filled=notice.is_spec)
    node = notice.tree.node(notice.base)
    if node is not None:
        if notice.form in ("message", "container"):
            walk.begin(notice.base, flex=notice.form == "container")
        walk.visit(node, notice.base, "", "")
    reader = gathered(walk.texts, walk.chats, walk.links, filled=notice.is_spec)
    return Surface(walk.media, reader)


def pairs(node: Mapping, path: Path, plain: frozenset[str] = frozenset()) -> Iterator[Pair]:
    """The members of a mapping, duplicates and merged ones (`<<`) too; of those named in `plain`, what may be a URL."""
    seen: set[str] = set()
    merges = False
    for key, value in node.value:
        name = key.value if isinstance(key, Scalar) else "?"
        if name == "<<" and is_merge(key):
            merges = True
        elif name not in plain or _may_be_url(value):
            yield Pair(name, key, value, (*path, name), name in seen)
            seen.add(name)
    if not merges:
        return
    own = {key.value for key, _ in node.value if isinstance(key, Scalar)}
    for name, (key, value) in entries(node).items():
        if name not in own and (name not in plain or _may_be_url(value)):
            yield Pair(name, key, value, (*path, name), twice=False)


def _may_be_url(value: Node) -> bool:
    return not isinstance(value, Scalar) or ":" in value.value or "/" in value.value


class _Walk:
    """One walk: where it is (the message object, whether inside its Flex contents), and what it has found."""

    def __init__(self, *, filled: bool) -> None:
        self.kinds = kinds()
        self.filled = filled
        self.media: list[Medium] = []
        self.texts: list[Field] = []
        self.chats: list[Field] = []
        self.links: list[Field] = []
        self.emoji: dict[Path | None, int] = {}
        self.message: Path | None = None
        self.flex = False

    def begin(self, message: Path, *, flex: bool) -> None:
        """From here on paths are seen from this message object (of a Flex container, which is the contents of one)."""
        self.message, self.flex = (None if flex else message), flex

    def visit(self, node: Node, path: Path, name: str, holder: str) -> None:
        """A node under a property `name`; `holder` is the name of the property that its object stands under."""
        if isinstance(node, Mapping):
            self.mapping(node, path, name)
        elif isinstance(node, Sequence):
            self.sequence(node, path, name, holder)

    def sequence(self, node: Sequence, path: Path, name: str, holder: str) -> None:
        suspects = []
        messages = name == "messages" and self.message is None and not self.flex
        for index, item in enumerate(node.value):
            below = (*path, index)
            if isinstance(item, Scalar):
                pair = Pair(name, item, item, below, twice=False)
                if self.is_suspect(pair, self.kinds.names.get(name)):
                    suspects.append(pair)
            elif messages and isinstance(item, Mapping):
                self.begin(below, flex=False)
                self.mapping(item, below, name)
                self.message = None
            else:
                self.visit(item, below, name, holder)
        self.unknown(suspects, None)

    def mapping(self, node: Mapping, path: Path, name: str) -> None:
        members = list(pairs(node, path, self.kinds.plain))
        types = [pair for pair in members if pair.name == "type"]
        medium = next((pair for pair in types if fold(_text(pair) or "") in self.kinds.types), None)
        strange = next((pair for pair in types if not self.is_known(pair)), None)
        is_message = path == self.message
        suspects: list[Pair] = []
        for pair in members:
            kind = self.kinds.names.get(pair.name)
            self.note(pair, kind, is_message=is_message)
            if isinstance(pair.value, Scalar):
                lost = kind == "links" and strange is not None and name not in self.kinds.actions and pair.value.value
                if lost or self.is_suspect(pair, kind):
                    suspects.append(pair)
        if medium is not None:
            self.typed(medium, suspects)
        elif suspects:
            self.named(path, suspects, strange)
        self.below(members, name, is_message=is_message)

    def below(self, members: list[Pair], name: str, *, is_message: bool) -> None:
        is_flex = is_message and any(pair.name == "type" and _text(pair) == "flex" for pair in members)
        for pair in members:
            outside = self.flex
            self.flex = outside or (is_flex and pair.name == "contents")
            self.visit(pair.value, pair.path, pair.name, name)
            self.flex = outside

    def note(self, pair: Pair, kind: str | None, *, is_message: bool) -> None:
        """Texts, links, and what brings no asset but touches on media."""
        text = _text(pair)
        if text:
            if kind == "read":
                is_chat = is_message and pair.name == "text"
                (self.chats if is_chat else self.texts).append(Field(text, pair.path))
            elif kind == "links":
                self.links.append(Field(text, pair.path))
        elif not (isinstance(pair.value, Sequence) and pair.value.value):
            return
        found = self.kinds.doubtful.get((pair.name, text))
        if found is not None and (is_message or not found[1]):
            where = pair.at("value" if text else "key")
            self.doubt(Medium(found[0], text or pair.name, where))

    def doubt(self, medium: Medium) -> None:
        """Note a medium that is none for certain; emoji once a message, for twenty warnings say no more than one."""
        first = self.emoji.get(self.message) if medium.rule == EMOJI else None
        if first is not None:
            earlier = self.media[first]
            self.media[first] = earlier._replace(related=(*earlier.related, medium.where))
            return
        if medium.rule == EMOJI:
            self.emoji[self.message] = len(self.media)
        self.media.append(medium)

    def is_known(self, pair: Pair) -> bool:
        """Whether a `type` is one of LINE's; what an expression will make of it is not known."""
        text = _text(pair)
        return text is not None and (fold(text) in self.kinds.harmless or fold(text) in self.kinds.types)

    def is_suspect(self, pair: Pair, kind: str | None) -> bool:
        """Whether a text's name, or what it holds under a name that LINE gives no URL, makes it a medium."""
        text = _text(pair)
        if not text or kind in ("links", "read", "free"):
            return False
        if kind == "media" or (kind is None and fold(pair.name) in self.kinds.media_names):
            return True
        if kind is None and self.filled and text.lstrip().startswith("{{"):
            return True
        return _URL.match(text) is not None or (kind is None and self.is_file(text))

    def is_file(self, text: str) -> bool:
        return text.rpartition(".")[2].casefold() in self.kinds.endings and "." in text

    def typed(self, pair: Pair, suspects: list[Pair]) -> None:
        text = _text(pair) or ""
        rule, shows = self.kinds.types[fold(text)]
        url = None
        if self.flex and text in self.kinds.supplied and [one.name for one in suspects] == ["url"]:
            url = _text(suspects[0])
        self.media.append(Medium(rule, text, pair.at(), shows, tuple(one.at() for one in suspects), url))

    def named(self, path: Path, suspects: list[Pair], strange: Pair | None) -> None:
        """Properties that hold media in an object that is none: those of a known place together, and the rest."""
        place = self.kinds.places.get(self.place(path), {})
        placed = [one for one in suspects if one.name in place]
        if placed:
            rule, shows = place[placed[0].name]
            related = tuple(one.at("key") for one in placed[1:])
            self.media.append(Medium(rule, placed[0].name, placed[0].at("key"), shows, related))
        self.unknown([one for one in suspects if one.name not in place], strange)

    def unknown(self, suspects: list[Pair], strange: Pair | None) -> None:
        if suspects:
            first = suspects[0]
            shows = "type" if strange is not None else "name" if first.name not in self.kinds.names else "place"
            written = (_text(strange) or "type") if strange is not None else first.name
            related = tuple(one.at() for one in suspects[1:])
            self.media.append(Medium(UNKNOWN, written, first.at(), shows, related))

    def place(self, path: Path) -> Path:
        """A path as `media.json` writes it: from the message object down, indexes as `*`."""
        if self.message is None:
            return ()
        return tuple("*" if isinstance(step, int) else step for step in path[len(self.message) :])


def _text(pair: Pair) -> str | None:
    """A member's text; None where it is no scalar, or `null`."""
    if not isinstance(pair.value, Scalar) or (not pair.value.style and pair.value.value in NULLS):
        return None
    text: str = pair.value.value
    return text
