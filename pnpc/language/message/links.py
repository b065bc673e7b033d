"""Links as they stand in a text: scheme, host, path and query, all counted in the characters of that text."""

from collections.abc import Iterator
from functools import lru_cache
from re import IGNORECASE
from typing import NamedTuple

from pnpc.language.expressions.expression import MASK, masked
from pnpc.language.message.notice import Field
from pnpc.text.finding import Place
from pnpc.text.lazy import regex
from pnpc.text.path import Path

# What nearly every URL is. `is_usual` must never take one that `pnpc.language.message.urls` has something to say of.
_USUAL = regex(
    r"https?://(?=[^/?#]{1,253}(?:[/?#]|\Z))(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*"
    r"[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z])?(?::[1-9][0-9]{0,3})?"
    r"(?:[/?](?:[A-Za-z0-9/?._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2}|\{\{[^{}%]*\}\})*)?(?:#[A-Za-z0-9/?._~=&-]*)?"
)
_IN_TEXT = regex(r"https?://[^\s<>\"'「」『』（）()【】、。，！？]+", IGNORECASE)
_TAIL = ".,;:!?"
_PARTS = regex(r"\s*([a-z][a-z0-9+.-]*)://([^/?#\\\s]*)([^?#\s]*)(\?[^#\s]*)?", IGNORECASE)
_PAIR = regex(r"[?&;]([^=&;]*)=?([^&;]*)")


class Part(NamedTuple):
    """A piece of a link, and the character of the link at which it starts."""

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
        """The place of the link: of its characters if it stands inside a text, else of the value that it is."""
        return self.at(0, len(self.text)) if self.inside else Place(self.path)

    def at(self, start: int, end: int) -> Place:
        """The place of a range of the link's characters."""
        return Place(self.path, "value", (self.offset + start, self.offset + end))


class Parts(NamedTuple):
    """What a link is made of; `host` without user and port, in lower case, an `x` for what an expression fills in."""

    scheme: str
    host: str
    path: Part
    query: Part
    host_start: int
    host_end: int


def is_usual(text: str) -> bool:
    """Whether nothing can be wrong with a URL as written (`{{ … }}` is an expression); False: ask `pnpc.language.message.urls.faults`."""
    return _USUAL.fullmatch(text) is not None


def whole(field: Field, *, filled: bool) -> Link:
    """A field that is a link."""
    return Link(field.text, masked(field.text, filled=filled), field.path, 0)


def within(field: Field, *, filled: bool) -> Iterator[Link]:
    """The web links in a text that people read."""
    if "://" not in field.text:
        return
    text = masked(field.text, filled=filled)
    for found in _IN_TEXT.finditer(text):
        end = found.start() + len(found[0].rstrip(_TAIL))
        yield Link(field.text[found.start() : end], text[found.start() : end], field.path, found.start(), inside=True)


@lru_cache(maxsize=1024)
def parts(text: str) -> Parts | None:
    """The parts of a link (its masked text) that has a scheme and `//`; None for any other."""
    found = _PARTS.match(text)
    if found is None:
        return None
    authority = found[2].rpartition("@")[2]
    begin = found.end(2) - len(authority)
    host = authority.partition("]")[0] + "]" if authority.startswith("[") else authority.partition(":")[0]
    named = "".join("x" if letter == MASK else letter for letter in host).casefold().rstrip(".")
    query = Part(found[4] or "", found.start(4) if found[4] else found.end())
    return Parts(found[1].casefold(), named, Part(found[3], found.start(3)), query, begin, begin + len(host))


def pairs(query: Part) -> Iterator[tuple[Part, Part]]:
    """The keys and values of a query."""
    for found in _PAIR.finditer(query.text):
        yield Part(found[1], query.start + found.start(1)), Part(found[2], query.start + found.start(2))


def ending(link: Link) -> str:
    """The ending of the file that a link leads to, in lower case; empty if it has none that is known before it is filled."""
    found = parts(link.masked)
    name = found.path.text.rpartition("/")[2] if found is not None else ""
    last = name.rpartition(".")[2] if "." in name else ""
    return "" if MASK in last else last.casefold()
