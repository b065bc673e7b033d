"""What a flexible message can show: a look at every object of its whole tree that finds all media, texts and links.

The grammar is not asked: a misplaced, misspelt or unknown object is looked at like any other, both values of a
duplicate key too. What is no property of LINE's and holds a URL counts as a medium, for nothing says that it is none.
`schemas/media.json` says which types and properties are media.
"""

from re import IGNORECASE
from typing import NamedTuple

from pnpc.language.message.notice import Field, Notice
from pnpc.language.message.objects import Object, Objects, Walk, around, under
from pnpc.language.message.pairs import Pair, pairs, text_of
from pnpc.language.message.reader import Reader, gathered
from pnpc.line.media_types import fold, media_facts
from pnpc.text.document import Scalar, Sequence
from pnpc.text.finding import Where
from pnpc.text.lazy import regex
from pnpc.text.path import Path
from pnpc.text.values import NULLS

UNKNOWN = "unknown-media"
EMOJI = "line-emoji"

_URL = regex(r"\s*(?:(?:[a-z][a-z0-9+.-]*:)?//|(?:data|file|blob|content|https?):)", IGNORECASE)

_MOST_RELATED = 25  # places beside the first: nobody looks at more, and each costs a search
# Kinds of names whose texts are what they are, whatever they hold.
_SHOWN = ("read", "links", "free")


class Medium(NamedTuple):
    """One thing that shows a picture, a video or a sound, or may.

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
    """A message's media (what stands beside the messages last), and what its reader reads and taps."""

    media: list[Medium]
    reader: Reader


def survey(found: Objects) -> Surface:
    """Look at every object of a notice, whatever its shape."""
    look = _Look(found.notice)
    look.all(found.walk)
    look.all(around(found.notice))
    look.say_where_else()
    reader = gathered(look.texts, look.chats, look.links, filled=found.notice.is_spec)
    return Surface(look.media, reader)


class _Look:
    """One look at all objects, and what it has found."""

    def __init__(self, notice: Notice) -> None:
        self.kinds = media_facts()
        self.filled = notice.is_spec
        self.is_container = notice.form == "container"
        self.merges = "<<" in notice.document.source.text
        self.media: list[Medium] = []
        self.texts: list[Field] = []
        self.chats: list[Field] = []
        self.links: list[Field] = []
        self.emoji: dict[Path | None, tuple[int, list[Where]]] = {}

    def all(self, walk: Walk) -> None:
        """Look at what a walk has met."""
        for one in walk.objects:
            if not self.is_ordinary(one):
                self.look(one)
        lists: dict[Path, list[Pair]] = {}
        for slot, node, path in walk.loose:
            pair = Pair(slot, node, node, path, twice=False)
            if self.is_suspect(pair, self.kinds.names.get(slot)):
                lists.setdefault(path[:-1], []).append(pair)
        for suspects in lists.values():
            self.unknown(suspects, None)

    def is_ordinary(self, one: Object) -> bool:
        """Gather from an object in which nothing can be a medium, as nearly all are; False, and nothing done, else."""
        members, kinds = one.members, self.kinds
        if len(members) != len(one.node.value) or not kinds.lists.isdisjoint(members) or self.brings_in(one):
            return False
        if one.type not in kinds.idle and "type" in members:
            return False
        fields: list[tuple[str, Field]] = []
        for member, value in members.items():
            if value.__class__ is Scalar:
                kind, text = kinds.holds.get(member), value.value
                if kind == "plain":
                    if ":" in text or "/" in text:  # as `may_be_url` asks; written out, for it is asked of nearly all
                        return False
                elif text and (value.style or text not in NULLS):
                    if kind not in _SHOWN or (member, text) in kinds.doubtful:
                        return False
                    fields.append((kind, Field(text, (*one.path, member))))
        for kind, field in fields:
            self.gather(kind, field, is_chat=one.role == "message" and field.path[-1] == "text")
        return True

    def brings_in(self, one: Object) -> bool:
        """Whether an object merges another (`<<`): so many members may hide that one is written twice."""
        return self.merges and any(key.value == "<<" for key, _ in one.node.value)

    def look(self, one: Object) -> None:
        """Look at every member of an object, and at what those hold that are none by their name."""
        members = list(pairs(one.node, one.path, self.kinds.plain))
        types = [pair for pair in members if pair.name == "type"]
        medium = next((pair for pair in types if fold(text_of(pair) or "") in self.kinds.types), None)
        strange = next((pair for pair in types if not self.is_known(pair)), None)
        leads = strange is None or one.slot in self.kinds.actions  # links of what is no action are no links
        suspects: list[Pair] = []
        for pair in members:
            kind = self.kinds.names.get(pair.name)
            self.note(pair, kind, one)
            if isinstance(pair.value, Scalar):
                lost = kind == "links" and not leads and pair.value.value
                if lost or self.is_suspect(pair, kind):
                    suspects.append(pair)
        if medium is not None:
            self.typed(one, medium, suspects)
        elif suspects:
            self.named(one, suspects, strange)
        for pair in members:
            if one.members.get(pair.name) is not pair.value:
                self.all(under(one, pair.name, pair.value))

    def gather(self, kind: str, field: Field, *, is_chat: bool) -> None:
        """Keep what is read or tapped."""
        if kind == "read":
            (self.chats if is_chat else self.texts).append(field)
        elif kind == "links":
            self.links.append(field)

    def note(self, pair: Pair, kind: str | None, one: Object) -> None:
        """Texts, links, and what brings no asset but touches on media."""
        text = text_of(pair)
        is_message = one.role == "message"
        if text:
            self.gather(kind or "", Field(text, pair.path), is_chat=is_message and pair.name == "text")
        elif not (isinstance(pair.value, Sequence) and pair.value.value):
            return
        found = self.kinds.doubtful.get((pair.name, text))
        if found is not None and (is_message or not found[1]):
            where = pair.at("value" if text else "key")
            self.doubt(Medium(found[0], text or pair.name, where), one)

    def doubt(self, medium: Medium, one: Object) -> None:
        """Note a medium that is none for certain; emoji once a message, for twenty warnings say no more than one."""
        message = _message(one)
        if medium.rule != EMOJI:
            self.media.append(medium)
        elif message not in self.emoji:
            self.emoji[message] = (len(self.media), [])
            self.media.append(medium)
        else:
            self.emoji[message][1].append(medium.where)

    def say_where_else(self) -> None:
        """Add to each message's first emoji where the next ones stand."""
        for first, others in self.emoji.values():
            self.media[first] = self.media[first]._replace(related=tuple(others[:_MOST_RELATED]))

    def is_known(self, pair: Pair) -> bool:
        """Whether a `type` is one of LINE's; what an expression will make of it is not known."""
        text = text_of(pair)
        return text is not None and (fold(text) in self.kinds.harmless or fold(text) in self.kinds.types)

    def is_suspect(self, pair: Pair, kind: str | None) -> bool:
        """Whether a text's name, or what it holds under a name that LINE gives no URL, makes it a medium."""
        text = text_of(pair)
        if not text or kind in _SHOWN:
            return False
        if kind == "media" or (kind is None and fold(pair.name) in self.kinds.media_names):
            return True
        if kind is None and self.filled and text.lstrip().startswith("{{"):
            return True
        return _URL.match(text) is not None or (kind is None and self.is_file(text))

    def is_file(self, text: str) -> bool:
        return text.rpartition(".")[2].casefold() in self.kinds.endings and "." in text

    def typed(self, one: Object, pair: Pair, suspects: list[Pair]) -> None:
        text = text_of(pair) or ""
        rule, shows = self.kinds.types[fold(text)]
        url = None
        if text in self.kinds.supplied and [suspect.name for suspect in suspects] == ["url"] and self.is_in_flex(one):
            url = text_of(suspects[0])
        self.media.append(Medium(rule, text, pair.at(), shows, tuple(suspect.at() for suspect in suspects), url))

    def is_in_flex(self, one: Object) -> bool:
        """Whether an object stands in the contents of a Flex message."""
        while one.parent is not None and one.parent.role != "message":
            one = one.parent
        message = one.parent
        return self.is_container or (message is not None and message.type == "flex" and one.slot == "contents")

    def named(self, one: Object, suspects: list[Pair], strange: Pair | None) -> None:
        """Properties that hold media in an object that is none: those of a known place together, and the rest."""
        place = self.kinds.places.get(_place(one), {})
        placed = [suspect for suspect in suspects if suspect.name in place]
        if placed:
            rule, shows = place[placed[0].name]
            related = tuple(suspect.at("key") for suspect in placed[1:])
            self.media.append(Medium(rule, placed[0].name, placed[0].at("key"), shows, related))
        self.unknown([suspect for suspect in suspects if suspect.name not in place], strange)

    def unknown(self, suspects: list[Pair], strange: Pair | None) -> None:
        if suspects:
            first = suspects[0]
            shows = "type" if strange is not None else "name" if first.name not in self.kinds.names else "place"
            written = (text_of(strange) or "type") if strange is not None else first.name
            related = tuple(one.at() for one in suspects[1:])
            self.media.append(Medium(UNKNOWN, written, first.at(), shows, related))


def _message(one: Object) -> Path | None:
    """The path of the message object that an object stands in, or is."""
    message = one if one.role == "message" else one.ancestor("message")
    return message.path if message is not None else None


def _place(one: Object) -> Path:
    """The path of an object as `media.json` writes it: from the message object down, indexes as `*`."""
    message = _message(one)
    if message is None:
        return ()
    return tuple("*" if isinstance(step, int) else step for step in one.path[len(message) :])
