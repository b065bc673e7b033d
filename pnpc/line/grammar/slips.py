"""The only key that a misspelt word can mean, so that a safe fix may write it."""

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from pnpc.data import read_json
from pnpc.line.names import SINCH_OF
from pnpc.text.suggest import one_edit

_SHORTEST = 4  # letters of a key in which one may be wrong; in a shorter key only two letters may be exchanged


class _Names(NamedTuple):
    keys: frozenset[str]
    words: frozenset[str]


def slip_of(word: str, free: Iterable[str], known: Iterable[str] = ()) -> str | None:
    """The key that `word` must mean: one edit away (a letter added, missing or different, or two exchanged).

    None if the word could mean anything else: it is a key in another place, or an English word; a second key, even of
    another object, is as near; or the near key is not `free` here. `known` are all keys that are allowed here. In a Sinch
    body, LINE's name of a property means Sinch's name of it.
    """
    free = frozenset(free)
    if SINCH_OF.get(word) in free:
        return SINCH_OF[word]
    if not any(one_edit(word, key) for key in free):
        return None  # most words end here, and the file of names need not be read
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
    """Whether a word is a key anywhere in LINE's bodies, in specs or in JSON Schema, so that it may be misplaced."""
    return word in _names().keys


@cache
def _names() -> _Names:
    content = read_json("schemas", "names.json")
    return _Names(frozenset(content["keys"]), frozenset(content["words"]))
