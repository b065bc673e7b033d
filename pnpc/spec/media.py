"""What a flexible message can show: one walk over its whole tree that finds every medium, text and link.

The walk does not ask the grammar: a misplaced, misspelt or unknown object is looked at like any other, both values of
a duplicate key too. What is no property of LINE's and holds a URL counts as a medium, for nothing says that it is none.
`schemas/media.json` says which types and properties are media.
"""

from re import IGNORECASE
from typing import NamedTuple

from pnpc.spec.kinds import fold, kinds
from pnpc.spec.notice import Field, Notice
from pnpc.spec.pairs import Pair, may_be_url, pairs, text_of
from pnpc.spec.reader import Reader, gathered
from pnpc.text.finding import Where
from pnpc.text.lazy import regex
from pnpc.text.nodes import Mapping, Node, Scalar, Sequence
from pnpc.text.path import Path
from pnpc.text.values import NULLS

UNKNOWN = "unknown-media"
EMOJI = "line-emoji"

_URL = regex(r"\s*(?:(?:[a-z][a-z0-9+.-]*:)?//|(?:data|file|blob|content|https?):)", IGNORECASE)

# Kinds of names whose texts are what they are, whatever they hold.
_SHOWN = ("read", "links", "free")


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
        if node.__class__ is Mapping:
            self.mapping(node, path, name)
        elif node.__class__ is Sequence:
            self.sequence(node, path, name, holder)

    def sequence(self, node: Sequence, path: Path, name: str, holder: str) -> None:
        suspects = []
        messages = name == "messages" and self.message is None and not self.flex
        for index, item in enumerate(node.value):
            below = (*path, index)
            if item.__class__ is Scalar:
                pair = Pair(name, item, item, below, twice=False)
                if self.is_suspect(pair, self.kinds.names.get(name)):
                    suspects.append(pair)
            elif messages and item.__class__ is Mapping:
                self.begin(below, flex=False)
                self.mapping(item, below, name)
                self.message = None
            elif item.__class__ is Mapping:
                self.mapping(item, below, name)
            else:
                self.visit(item, below, name, holder)
        self.unknown(suspects, None)

    def mapping(self, node: Mapping, path: Path, name: str) -> None:
        if not self.is_ordinary(node, path, name):
            self.look(node, path, name)

    def is_ordinary(self, node: Mapping, path: Path, name: str) -> bool:
        """Walk an object in which nothing can be a medium, as nearly all are; False, and nothing done, for any other."""
        members = self.known(node)
        if members is None:
            return False
        holds, doubtful = self.kinds.holds, self.kinds.doubtful
        fields: list[tuple[str, Field]] = []
        below: list[tuple[str, Node]] = []
        for member, value in members.items():
            if value.__class__ is not Scalar:
                below.append((member, value))
                continue
            kind, text = holds.get(member), value.value
            if kind == "plain":
                if may_be_url(value):
                    return False
            elif text and (value.style or text not in NULLS):
                if kind not in _SHOWN or (member, text) in doubtful:
                    return False
                fields.append((kind, Field(text, (*path, member))))
        is_message = path == self.message
        for kind, field in fields:
            self.gather(kind, field, is_chat=is_message and field.path[-1] == "text")
        is_flex = is_message and "type" in members and members["type"].value == "flex"
        for member, value in below:
            if is_flex:
                self.enter(member, value, (*path, member), name, is_flex=True)
            else:
                self.visit(value, (*path, member), member, name)
        return True

    def known(self, node: Mapping) -> dict[str, Node] | None:
        """The members of an object of a type that shows no medium, or of none; None if anything about them is odd."""
        try:
            members: dict[str, Node] = {key.value: value for key, value in node.value}
        except TypeError:  # a list or mapping as a key: its value can't be hashed
            return None
        if len(members) < len(node.value) or "<<" in members or not self.kinds.lists.isdisjoint(members):
            return None
        written = members.get("type")
        if written is None:
            return members
        return members if written.__class__ is Scalar and written.value in self.kinds.idle else None

    def look(self, node: Mapping, path: Path, name: str) -> None:
        """Look at every member of an object."""
        members = list(pairs(node, path, self.kinds.plain))
        types = [pair for pair in members if pair.name == "type"]
        medium = next((pair for pair in types if fold(text_of(pair) or "") in self.kinds.types), None)
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
        is_flex = is_message and any(pair.name == "type" and text_of(pair) == "flex" for pair in members)
        for pair in members:
            self.enter(pair.name, pair.value, pair.path, name, is_flex=is_flex)

    def enter(self, member: str, value: Node, path: Path, name: str, *, is_flex: bool) -> None:
        """Visit what stands under a member; the `contents` of a Flex message are its Flex."""
        outside = self.flex
        self.flex = outside or (is_flex and member == "contents")
        self.visit(value, path, member, name)
        self.flex = outside

    def gather(self, kind: str, field: Field, *, is_chat: bool) -> None:
        """Keep what is read or tapped."""
        if kind == "read":
            (self.chats if is_chat else self.texts).append(field)
        elif kind == "links":
            self.links.append(field)

    def note(self, pair: Pair, kind: str | None, *, is_message: bool) -> None:
        """Texts, links, and what brings no asset but touches on media."""
        text = text_of(pair)
        if text:
            self.gather(kind or "", Field(text, pair.path), is_chat=is_message and pair.name == "text")
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
        text = text_of(pair)
        return text is not None and (fold(text) in self.kinds.harmless or fold(text) in self.kinds.types)

    def is_suspect(self, pair: Pair, kind: str | None) -> bool:
        """Whether a text's name, or what it holds under a name that LINE gives no URL, makes it a medium."""
        text = text_of(pair)
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
        text = text_of(pair) or ""
        rule, shows = self.kinds.types[fold(text)]
        url = None
        if self.flex and text in self.kinds.supplied and [one.name for one in suspects] == ["url"]:
            url = text_of(suspects[0])
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
            written = (text_of(strange) or "type") if strange is not None else first.name
            related = tuple(one.at() for one in suspects[1:])
            self.media.append(Medium(UNKNOWN, written, first.at(), shows, related))

    def place(self, path: Path) -> Path:
        """A path as `media.json` writes it: from the message object down, indexes as `*`."""
        if self.message is None:
            return ()
        return tuple("*" if isinstance(step, int) else step for step in path[len(self.message) :])
