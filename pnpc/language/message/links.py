"""Links in a text, with scheme, host, path and query at their characters (code points); and what a reader reads and taps."""

from collections.abc import Iterator
from functools import lru_cache
from re import IGNORECASE
from typing import NamedTuple

from pnpc.language.expressions.expression import MASK, masked
from pnpc.language.message.notice import Field, Notice
from pnpc.text.finding import Place
from pnpc.text.lazy import regex
from pnpc.text.path import Path

# What nearly every URL looks like. `is_usual` must never accept one in which `pnpc.language.message.urls` finds a fault.
_USUAL = regex(
    r"https?://(?=[^/?#]{1,253}(?:[/?#]|\Z))(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*"
    r"[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z])?(?::[1-9][0-9]{0,3})?"
    r"(?:[/?](?:[A-Za-z0-9/?._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2}|\{\{[^{}%]*\}\})*)?(?:#[A-Za-z0-9/?._~=&-]*)?"
)
_IN_TEXT = regex(r"https?://[^\s<>\"'「」『』（）()【】、。，！？]+", IGNORECASE)
_TAIL = ".,;:!?"
_PARTS = regex(r"\s*([a-z][a-z0-9+.-]*)://([^/?#\\\s]*)([^?#\s]*)(\?[^#\s]*)?", IGNORECASE)
_PAIR = regex(r"[?&;]([^=&;]*)=?([^&;]*)")


class LinkPart(NamedTuple):
    """A piece of a link, and the character (code point) of the link at which it starts."""

    text: str
    start: int


class Link(NamedTuple):
    """A link of a text; `masked` is `text` with MASK for each character of an expression, `offset` where it starts."""

    text: str
    masked: str
    path: Path
    offset: int
    inside: bool = False

    def whole(self) -> Place:
        """The place of the link: its characters if it stands inside a text, else the whole value."""
        return self.at(0, len(self.text)) if self.inside else Place(self.path)

    def at(self, start: int, end: int) -> Place:
        """The place of a range of the link's characters."""
        return Place(self.path, "value", (self.offset + start, self.offset + end))


class Parts(NamedTuple):
    """The parts of a link; `host` without user and port, in lower case, with an `x` for each character of an expression."""

    scheme: str
    host: str
    path: LinkPart
    query: LinkPart
    host_start: int
    host_end: int


def is_usual(text: str) -> bool:
    """Whether a URL as written (`{{ … }}` is an expression) is surely sound; if False, ask `pnpc.language.message.urls.faults`."""
    return _USUAL.fullmatch(text) is not None


def whole(field: Field, *, filled: bool) -> Link:
    """A field that is a link."""
    return Link(field.text, masked(field.text, filled=filled), field.path, 0)


def within(field: Field, *, filled: bool) -> Iterator[Link]:
    """The web links in a text that people read."""
    if "://" not in field.text:
        return
    text = masked(field.text, filled=filled)
    for match in _IN_TEXT.finditer(text):
        end = match.start() + len(match[0].rstrip(_TAIL))
        yield Link(field.text[match.start() : end], text[match.start() : end], field.path, match.start(), inside=True)


@lru_cache(maxsize=1024)
def parts(text: str) -> Parts | None:
    """The parts of a link (its masked text) that has a scheme and `//`; None for any other."""
    match = _PARTS.match(text)
    if match is None:
        return None
    authority = match[2].rpartition("@")[2]
    begin = match.end(2) - len(authority)
    host = authority.partition("]")[0] + "]" if authority.startswith("[") else authority.partition(":")[0]
    named = "".join("x" if letter == MASK else letter for letter in host).casefold().rstrip(".")
    query = LinkPart(match[4] or "", match.start(4) if match[4] else match.end())
    return Parts(match[1].casefold(), named, LinkPart(match[3], match.start(3)), query, begin, begin + len(host))


def pairs(query: LinkPart) -> Iterator[tuple[LinkPart, LinkPart]]:
    """The keys and values of a query."""
    for match in _PAIR.finditer(query.text):
        yield LinkPart(match[1], query.start + match.start(1)), LinkPart(match[2], query.start + match.start(2))


def ending(link: Link) -> str:
    """The ending of the file that a link leads to, in lower case; empty if it has none, or an expression makes it."""
    split = parts(link.masked)
    name = split.path.text.rpartition("/")[2] if split is not None else ""
    last = name.rpartition(".")[2] if "." in name else ""
    return "" if MASK in last else last.casefold()


class Reader(NamedTuple):
    """What a reader of a message sees: `texts` are read, `links` open after a tap; `chats` are web links in the text of a chat
    message, `quoted` those in other texts."""

    texts: list[Field]
    links: list[Link]
    chats: list[Link]
    quoted: list[Link]

    def tapped(self) -> list[Link]:
        """The links that open after a tap: those in the text of a chat message, too."""
        return self.links + self.chats


def of_template(notice: Notice) -> Reader:
    """What is read and tapped of a message of the template kind: its contents and its buttons."""
    texts = [content for content in notice.contents if content.text]
    links = [button.url for button in notice.buttons if button.url is not None and button.url.text]
    return gathered(texts, [], links, filled=notice.is_spec)


def gathered(texts: list[Field], chats: list[Field], links: list[Field], *, filled: bool) -> Reader:
    """A reader of texts, of chat texts and of links; `filled`: whether `{{ … }}` in them is an expression."""
    return Reader(
        texts + chats,
        [whole(field, filled=filled) for field in links],
        [link for field in chats for link in within(field, filled=filled)],
        [link for field in texts for link in within(field, filled=filled)],
    )
