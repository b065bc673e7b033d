"""The one key that a misspelt word can stand for, so that a fix may write it unasked."""

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from pnpc.data import read_json
from pnpc.line.names import SINCH_OF
from pnpc.text.suggest import one_edit

_SHORTEST = 4  # letters of a key of which one may be wrong; of a shorter one two may only have changed places


class _Names(NamedTuple):
    keys: frozenset[str]
    words: frozenset[str]


def slip_of(word: str, free: Iterable[str], known: Iterable[str] = ()) -> str | None:
    """The key that `word` must mean: one edit away (a letter more, less or other, or two that changed places).

    None if the word could mean anything else: if it is a key of LINE's or of ours elsewhere, or an English word; if a
    second key, be it of another object, is as near; or if the near one is not `free` here. `known` are all keys here.
    LINE's name of a property that has another name here, in a body of Sinch's, means that one.
    """
    free = frozenset(free)
    if SINCH_OF.get(word) in free:
        return SINCH_OF[word]
    if not any(one_edit(word, key) for key in free):
        return None  # before the names are read
    names = _names()
    if word in names.keys or word.lower() in names.words:
        return None
    near = {key for key in free.union(known, names.keys) if one_edit(word, key)}
    if len(near) != 1:
        return None
    (meant,) = near
    letters = meant.removeprefix("$")
    is_short = len(letters) < _SHORTEST and sorted(word) != sorted(meant)
    return meant if meant in free and not is_short else None


def is_a_key(word: str) -> bool:
    """Whether a word is a key of LINE's, of a spec or of JSON Schema somewhere: in another place it is a misplaced key."""
    return word in _names().keys


@cache
def _names() -> _Names:
    content = read_json("schemas", "names.json")
    return _Names(frozenset(content["keys"]), frozenset(content["words"]))
