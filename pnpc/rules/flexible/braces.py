"""The braces in the text of a textV2 message, as LINE reads them. An expression of a spec counts as one character."""

from collections.abc import Iterator
from re import compile as regex
from re import search
from typing import NamedTuple

from pnpc.language.expressions.expression import masked
from pnpc.language.message.objects import Object
from pnpc.line.grammar.schema import Schema, load

_BRACE = regex(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


class Brace(NamedTuple):
    """A `{key}` (`sound`: LINE accepts such a key) or a single brace (`key` is None), from `start` to `end` of the text."""

    text: str
    key: str | None
    sound: bool
    start: int
    end: int


def read(message: Object) -> Iterator[Brace]:
    """The keys and single braces in a message's text, without its expressions."""
    text = message.text("text") or ""
    pattern = _key()["pattern"]
    for match in _BRACE.finditer(masked(text, filled=message.filled)):
        if match[0] not in ("{{", "}}"):
            key = match[1]
            sound = key is not None and search(pattern, key) is not None and key.isascii()
            yield Brace(match[0], key, sound, match.start(), match.end())


def key_says() -> str:
    """What a key must be, in words."""
    says: str = _key()["x-says"]["pattern"]
    return says


def _key() -> Schema:
    """The grammar of a key: that of the names in `substitution`."""
    keys: Schema = load("message-object")["$defs"]["textV2"]["properties"]["substitution"]["propertyNames"]
    return keys
