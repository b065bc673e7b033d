"""The braces in the text of a textV2 message, as LINE reads them; an expression of a spec counts as one character."""

from collections.abc import Iterator
from re import compile as regex
from re import search
from typing import NamedTuple

from pnpc.language.expressions.expression import masked
from pnpc.language.message.objects import Object
from pnpc.line.grammar.schema import Schema, load

_BRACE = regex(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


class Brace(NamedTuple):
    """A `{key}` (`sound` if LINE takes such a key), or a single brace (`key` is None), with its characters."""

    text: str
    key: str | None
    sound: bool
    start: int
    end: int


def read(message: Object) -> Iterator[Brace]:
    """The keys and the single braces of a message's text, expressions left out."""
    text = message.text("text") or ""
    pattern = _key()["pattern"]
    for found in _BRACE.finditer(masked(text, filled=message.filled)):
        if found[0] not in ("{{", "}}"):
            key = found[1]
            sound = key is not None and search(pattern, key) is not None and key.isascii()
            yield Brace(found[0], key, sound, found.start(), found.end())


def key_says() -> str:
    """What a key must be, in words."""
    says: str = _key()["x-says"]["pattern"]
    return says


def _key() -> Schema:
    """The grammar of a key, which is that of the names in `substitution`."""
    keys: Schema = load("message-object")["$defs"]["textV2"]["properties"]["substitution"]["propertyNames"]
    return keys
