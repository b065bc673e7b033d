"""Regular expressions, a spec's own too, matched without the risk that one of them never ends; and clusters."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from pnpc.line.grammar.allowance import current
from pnpc.text.lazy import regex

Result = TypeVar("Result")

SECONDS = 0.25  # that one text may take; all texts of a run share its allowance
_LONG = 10_000
_STEPS = 10**8  # at most so many, were every way through a pattern tried: about a second
_FEW_STEPS = 10**5  # about a millisecond: not worth a look at the clock
_MOST_OPTIONAL = 64  # `?` in a pattern; more of them double the ways beyond what a float can count
MOST_NESTED = 64  # groups inside each other: what reads a pattern takes a step of recursion for each
_ESCAPE = regex(r"\\.", re.DOTALL)
_CLASS = regex(r"\[\^?\]?[^\]]*\]")
_REPEAT = regex(r"[*+]|\{[0-9]*,[0-9]*\}")
_REPEATED_GROUP = regex(r"\)[*+{]")
_END = regex(r"(\\.)|(\[\^?\]?(?:\\.|[^\]\\])*\])|(\$)", re.DOTALL)
_WARNED_OF = ("[[", "[^[", "--", "&&", "||", "~~")


class TooSlow(Exception):
    """A pattern that took more than SECONDS on one text, or more than is left of the run's allowance."""


@lru_cache(maxsize=256)
def matcher(pattern: str) -> Callable[[str], bool]:
    """Whether a text holds a match, as JSON Schema's `pattern` asks. Raises re.error for what is no pattern.

    Python's own engine is used where it can't blow up: no repeated group, and a text that is short for so many
    repeats. Else the `regex` library, which takes a time limit; TooSlow when it is reached, or when the run has no
    time left for patterns that may need it.
    """
    plain, longest = quick(pattern)
    cheap = _longest(pattern, _FEW_STEPS)

    def matches(text: str) -> bool:
        if len(text) <= cheap:
            return plain(text) is not None
        return _charged(plain if len(text) <= longest else None, exact(pattern), text)

    return matches


@lru_cache(maxsize=256)
def quick(pattern: str) -> tuple[Callable[[str], object], int]:
    """Python's own search for a pattern, and the longest text that it surely settles in time (-1: none).

    Raises re.error for what is no pattern.
    """
    return quietly(re.compile, exact(pattern)).search, _longest(pattern, _STEPS)


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
    if pattern.endswith("$") and pattern.count("$") == 1 and "\\" not in pattern:
        return pattern[:-1] + r"\Z"  # nearly every pattern of a spec, without another pattern made ready
    return _END.sub(lambda found: r"\Z" if found[3] else found[0], pattern)


def nesting(pattern: str) -> int:
    """How many groups of a pattern stand inside each other at most."""
    deepest = depth = 0
    for character in _bare(pattern) if pattern.count("(") > MOST_NESTED else "":
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    return deepest


def _bare(pattern: str) -> str:
    """A pattern with one letter for each escape and each class."""
    return _CLASS.sub("c", _ESCAPE.sub("e", pattern) if "\\" in pattern else pattern)


def _longest(pattern: str, steps: int) -> int:
    """The longest text that Python's engine surely settles in so many steps; -1 if there is no telling.

    Each repeat may end anywhere in the text, each `?` doubles the ways, and the search may start anywhere.
    """
    bare = _bare(pattern)
    if (")" in bare and _REPEATED_GROUP.search(bare)) or "(?" in bare:
        return -1
    repeats, optional = len(_REPEAT.findall(bare)), bare.count("?")
    if optional > _MOST_OPTIONAL:
        return -1
    return min(_LONG, int((steps / 2**optional) ** (1 / (repeats + 1)) + 0.001))


def _charged(plain: Callable[[str], object] | None, pattern: str, text: str) -> bool:
    """A match that may take long, on the run's account: by Python's engine if that ends in time, else with a limit."""
    allowance = current()
    seconds = min(SECONDS, allowance.seconds)
    if seconds <= 0:
        raise TooSlow(f"the pattern {pattern} was not tried: this run has no time left for slow patterns")
    if plain is not None:
        with allowance.timed():
            return plain(text) is not None
    return _limited(pattern, text, seconds)


def _limited(pattern: str, text: str, seconds: float) -> bool:
    import regex as library  # loaded only for the rare pattern that needs it: 20 ms

    try:
        with current().timed():
            return library.search(pattern, text, timeout=seconds, flags=library.VERSION0) is not None
    except TimeoutError:
        raise TooSlow(f"the pattern {pattern} takes too long on a text of {len(text):,} characters") from None
    except library.error:
        # Python reads it, this library does not: nothing can bound the time of a match.
        raise TooSlow(f"the pattern {pattern} can't be tried with a time limit") from None
