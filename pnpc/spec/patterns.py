"""Regular expressions, a spec's own too, matched without the risk that one of them never ends; and clusters."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from pnpc.text.lazy import regex

Result = TypeVar("Result")

SECONDS = 1.0
_PATIENCE = 3
_overtimes = 0
_LONG = 10_000
_STEPS = 10**8  # at most so many, were every way through a pattern tried: about SECONDS
_ESCAPE = regex(r"\\.", re.DOTALL)
_CLASS = regex(r"\[\^?\]?[^\]]*\]")
_REPEAT = regex(r"[*+]|\{[0-9]*,[0-9]*\}")
_REPEATED_GROUP = regex(r"\)[*+{]")
_END = regex(r"(\\.)|(\[\^?\]?(?:\\.|[^\]\\])*\])|(\$)", re.DOTALL)
_WARNED_OF = ("[[", "[^[", "--", "&&", "||", "~~")


class TooSlow(Exception):
    """A pattern that took more than SECONDS on one text."""


@lru_cache(maxsize=256)
def matcher(pattern: str) -> Callable[[str], bool]:
    """Whether a text holds a match, as JSON Schema's `pattern` asks. Raises re.error for what is no pattern.

    Python's own engine is used where it can't blow up: no repeated group, and a text that is short for so many
    repeats. Else the `regex` library, which takes a time limit; TooSlow when it is reached.
    """
    plain, longest = quick(pattern)

    def matches(text: str) -> bool:
        if len(text) <= longest:
            return plain(text) is not None
        return _limited(exact(pattern), text)

    return matches


@lru_cache(maxsize=256)
def quick(pattern: str) -> tuple[Callable[[str], object], int]:
    """Python's own search for a pattern, and the longest text that it surely settles in time (-1: none).

    Raises re.error for what is no pattern.
    """
    return quietly(re.compile, exact(pattern)).search, _longest(pattern)


def quietly(read: Callable[[str], Result], pattern: str) -> Result:
    """What `read` makes of a pattern, without Python's warnings of what some day it may read otherwise."""
    if not any(sign in pattern for sign in _WARNED_OF):
        return read(pattern)
    import warnings  # for the rare pattern that has one

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        return read(pattern)


def clusters(text: str) -> int:
    """How many grapheme clusters a text has, by Unicode's UAX #29: what people see as characters."""
    import regex as library  # loaded only for a text that is long enough to be counted: 20 ms

    return sum(1 for _ in library.finditer(r"\X", text))


def exact(pattern: str) -> str:
    """`$` as JSON Schema's dialect means it, the very end: Python's also matches before a last line break."""
    return _END.sub(lambda found: r"\Z" if found[3] else found[0], pattern)


def _longest(pattern: str) -> int:
    """The longest text that Python's engine surely settles in _STEPS; -1 if there is no telling.

    Each repeat may end anywhere in the text, each `?` doubles the ways, and the search may start anywhere.
    """
    bare = _CLASS.sub("c", _ESCAPE.sub("e", pattern))
    if _REPEATED_GROUP.search(bare) or "(?" in bare:
        return -1
    repeats, optional = len(_REPEAT.findall(bare)), bare.count("?")
    return min(_LONG, int((_STEPS / 2**optional) ** (1 / (repeats + 1)) + 0.001))


def _limited(pattern: str, text: str) -> bool:
    global _overtimes
    import regex as library  # loaded only for the rare pattern that needs it: 20 ms

    # A file may hold many such patterns: after a few, no more time is given to prove it of each.
    seconds = SECONDS if _overtimes < _PATIENCE else SECONDS / 50
    try:
        return library.search(pattern, text, timeout=seconds, flags=library.VERSION0) is not None
    except TimeoutError:
        _overtimes += 1
        raise TooSlow(f"the pattern {pattern} takes more than {seconds:g} second on a text of {len(text):,}") from None
    except library.error:
        return re.search(pattern, text[:_LONG]) is not None
