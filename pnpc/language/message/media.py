"""What a flexible message can show: every object of its tree is looked at, for media, texts and links.

The grammar is not asked: a misplaced, misspelt or unknown object is looked at like any other, and so are both values of a
duplicate key. A property that LINE does not know and that holds a URL counts as a medium: it may be one.
`schemas/media.json` says which types and properties are media.
"""

from re import IGNORECASE
from typing import NamedTuple

from pnpc.language.message.links import Reader, gathered
from pnpc.language.message.notice import Field, Notice
from pnpc.language.message.objects import Object, Objects, Walk, around, under
from pnpc.language.message.pairs import Pair, pairs, text_of
from pnpc.line.media_types import fold, media_facts
from pnpc.text.document import Scalar, Sequence
from pnpc.text.finding import Where
from pnpc.text.lazy import regex
from pnpc.text.path import Path
from pnpc.text.values import NULLS

UNKNOWN = "unknown-media"
EMOJI = "line-emoji"

_URL = regex(r"\s*(?:(?:[a-z][a-z0-9+.-]*:)?//|(?:data|file|blob|content|https?):)", IGNORECASE)

_MOST_RELATED = 25  # places beside the first: more do not help a reader, and each costs a search
# Kinds of names whose texts are never media, whatever they hold.
_SHOWN = ("read", "links", "free")


class Medium(NamedTuple):
    """A value that shows a picture, a video or a sound, or may.

    `rule` reports it; `written` is the type or the property's name as it stands in the text; `shows` says what it is.
    `url`: the only URL of a Flex component that LINE itself may supply; else None.
    """

    rule: str
    written: str
    where: Where
    shows: str = ""
    related: tuple[Where, ...] = ()
    url: str | None = None


class Surface(NamedTuple):
    """A message's media (those beside the messages last), and what its reader reads and taps."""

    media: list[Medium]
    reader: Reader


def survey(objects: Objects) -> Surface:
    """Look at every object of a notice, whatever its shape."""
    look = _Look(objects.notice)
    look.all(objects.walk)
    look.all(around(objects.notice))
    look.say_where_else()
    reader = gathered(look.texts, look.chats, look.links, filled=objects.notice.is_spec)
    return Surface(look.media, reader)


class _Look:
    """One pass over all objects, and what it has gathered."""

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
        """Look at the objects and the scalars in lists of a walk."""
        for object in walk.objects:
            if not self.is_ordinary(object):
                self.look(object)
        lists: dict[Path, list[Pair]] = {}
        for slot, node, path in walk.loose:
            pair = Pair(slot, node, node, path, twice=False)
            if self.is_suspect(pair, self.kinds.names.get(slot)):
                lists.setdefault(path[:-1], []).append(pair)
        for suspects in lists.values():
            self.unknown(suspects, None)

    def is_ordinary(self, object: Object) -> bool:
        """Gather from an object in which nothing can be a medium, as nearly all are; for any other do nothing, and say False."""
        members, kinds = object.members, self.kinds
        if len(members) != len(object.node.value) or not kinds.lists.isdisjoint(members) or self.brings_in(object):
            return False
        if object.type not in kinds.idle and "type" in members:
            return False
        fields: list[tuple[str, Field]] = []
        for member, value in members.items():
            if value.__class__ is Scalar:
                kind, text = kinds.holds.get(member), value.value
                if kind == "plain":
                    if (
                        ":" in text or "/" in text
                    ):  # as `may_be_url`; written out, because nearly every object comes here
                        return False
                elif text and (value.style or text not in NULLS):
                    if kind not in _SHOWN or (member, text) in kinds.doubtful:
                        return False
                    fields.append((kind, Field(text, (*object.path, member))))
        for kind, field in fields:
            self.gather(kind, field, is_chat=object.role == "message" and field.path[-1] == "text")
        return True

    def brings_in(self, object: Object) -> bool:
        """Whether an object merges another (`<<`): then the number of members does not show that one is written twice."""
        return self.merges and any(key.value == "<<" for key, _ in object.node.value)

    def look(self, object: Object) -> None:
        """Look at every member of an object; also at what stands under keys that are not members by their name."""
        members = list(pairs(object.node, object.path, self.kinds.plain))
        types = [pair for pair in members if pair.name == "type"]
        medium = next((pair for pair in types if fold(text_of(pair) or "") in self.kinds.types), None)
        strange = next((pair for pair in types if not self.is_known(pair)), None)
        leads = strange is None or object.slot in self.kinds.actions  # only an action has links
        suspects: list[Pair] = []
        for pair in members:
            kind = self.kinds.names.get(pair.name)
            self.note(pair, kind, object)
            if isinstance(pair.value, Scalar):
                lost = kind == "links" and not leads and pair.value.value
                if lost or self.is_suspect(pair, kind):
                    suspects.append(pair)
        if medium is not None:
            self.typed(object, medium, suspects)
        elif suspects:
            self.named(object, suspects, strange)
        for pair in members:
            if object.members.get(pair.name) is not pair.value:
                self.all(under(object, pair.name, pair.value))

    def gather(self, kind: str, field: Field, *, is_chat: bool) -> None:
        """Keep what is read or tapped."""
        if kind == "read":
            (self.chats if is_chat else self.texts).append(field)
        elif kind == "links":
            self.links.append(field)

    def note(self, pair: Pair, kind: str | None, object: Object) -> None:
        """Gather texts and links, and note what is not a medium but near to one, such as an emoji of LINE."""
        text = text_of(pair)
        is_message = object.role == "message"
        if text:
            self.gather(kind or "", Field(text, pair.path), is_chat=is_message and pair.name == "text")
        elif not (isinstance(pair.value, Sequence) and pair.value.value):
            return
        doubtful = self.kinds.doubtful.get((pair.name, text))
        if doubtful is not None and (is_message or not doubtful[1]):
            where = pair.at("value" if text else "key")
            self.doubt(Medium(doubtful[0], text or pair.name, where), object)

    def doubt(self, medium: Medium, object: Object) -> None:
        """Note a value that may be a medium; emoji once a message, because twenty warnings say no more than one."""
        message = _message(object)
        if medium.rule != EMOJI:
            self.media.append(medium)
        elif message not in self.emoji:
            self.emoji[message] = (len(self.media), [])
            self.media.append(medium)
        else:
            self.emoji[message][1].append(medium.where)

    def say_where_else(self) -> None:
        """Add to each message's first emoji the places of the next ones."""
        for first, others in self.emoji.values():
            self.media[first] = self.media[first]._replace(related=tuple(others[:_MOST_RELATED]))

    def is_known(self, pair: Pair) -> bool:
        """Whether LINE knows a `type`; of one with an expression that is not known."""
        text = text_of(pair)
        return text is not None and (fold(text) in self.kinds.harmless or fold(text) in self.kinds.types)

    def is_suspect(self, pair: Pair, kind: str | None) -> bool:
        """Whether a text is a medium by its name, or because it holds a URL under a name that has none at LINE."""
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

    def typed(self, object: Object, pair: Pair, suspects: list[Pair]) -> None:
        text = text_of(pair) or ""
        rule, shows = self.kinds.types[fold(text)]
        url = None
        if (
            text in self.kinds.supplied
            and [suspect.name for suspect in suspects] == ["url"]
            and self.is_in_flex(object)
        ):
            url = text_of(suspects[0])
        self.media.append(Medium(rule, text, pair.at(), shows, tuple(suspect.at() for suspect in suspects), url))

    def is_in_flex(self, object: Object) -> bool:
        """Whether an object stands in the contents of a Flex message."""
        while object.parent is not None and object.parent.role != "message":
            object = object.parent
        message = object.parent
        return self.is_container or (message is not None and message.type == "flex" and object.slot == "contents")

    def named(self, object: Object, suspects: list[Pair], strange: Pair | None) -> None:
        """Properties with media, in an object whose type is not a medium: those of a known place together, and the rest."""
        place = self.kinds.places.get(_place(object), {})
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
            related = tuple(suspect.at() for suspect in suspects[1:])
            self.media.append(Medium(UNKNOWN, written, first.at(), shows, related))


def _message(object: Object) -> Path | None:
    """The path of the message object that an object stands in, or is."""
    message = object if object.role == "message" else object.ancestor("message")
    return message.path if message is not None else None


def _place(object: Object) -> Path:
    """The path of an object as `media.json` writes it: from the message object down, indexes as `*`."""
    message = _message(object)
    if message is None:
        return ()
    return tuple("*" if isinstance(step, int) else step for step in object.path[len(message) :])
