"""Regular expressions, also those of specs, matched in limited time; and the counting of grapheme clusters."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from pnpc.line.grammar.allowance import current
from pnpc.text.lazy import regex
from pnpc.text.wording import Said, says

Result = TypeVar("Result")

SECONDS = 0.25  # limit for one text; all texts of a run together also share its allowance
_LONG = 10_000  # code points; the time of longer texts is always limited
_STEPS = 10**8  # the most that trying every way through a pattern may take: about a second
_FEW_STEPS = 10**5  # about a millisecond: not worth reading the clock
_MOST_OPTIONAL = 64  # `?` in a pattern; each doubles the number of ways, and a float can't count beyond this
MOST_NESTED = 64  # groups inside each other; the parsers of patterns recurse once for each
_ESCAPE = regex(r"\\.", re.DOTALL)
_CLASS = regex(r"\[\^?\]?[^\]]*\]")
_REPEAT = regex(r"[*+]|\{[0-9]*,[0-9]*\}")
_REPEATED_GROUP = regex(r"\)[*+{]")
_END = regex(r"(\\.)|(\[\^?\]?(?:\\.|[^\]\\])*\])|(\$)", re.DOTALL)
_WARNED_ABOUT = ("[[", "[^[", "--", "&&", "||", "~~")  # what Python may one day read as operations on sets


class TooSlow(Exception):
    """A pattern needs more than SECONDS for one text, or more than is left of the run's allowance; so it has no answer."""

    def __init__(self, message: Said) -> None:
        super().__init__(message)
        self.message = message


@lru_cache(maxsize=256)
def matcher(pattern: str) -> Callable[[str], bool]:
    """The test whether a text contains a match, as JSON Schema's `pattern` asks. Raises re.error for an invalid pattern.

    Python's `re` is used where its time is limited anyway: no repeated group, and a text that is short enough for the
    number of repeats. Otherwise the `regex` library, which has a time limit. The test raises TooSlow when the limit is
    reached, or when the run has no time left.
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
    """The search of Python's `re`, and the longest text, in code points, for which it is certain to end in time (-1: none).

    Raises re.error for an invalid pattern.
    """
    return quietly(re.compile, exact(pattern)).search, _longest(pattern, _STEPS)


def quietly(read: Callable[[str], Result], pattern: str) -> Result:
    """The result of `read` for a pattern, without Python's warnings about syntax that it may read differently one day."""
    if not any(sign in pattern for sign in _WARNED_ABOUT):
        return read(pattern)
    import warnings  # needed only for the rare pattern with such syntax

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        return read(pattern)


def clusters(text: str) -> int:
    """The number of grapheme clusters in a text, which people see as characters. Source: Unicode, UAX #29."""
    import regex as library  # takes 20 ms, and only texts near their limit are counted

    return sum(1 for _ in library.finditer(r"\X", text))


def exact(pattern: str) -> str:
    """A pattern for Python whose `$` means the very end, as in JSON Schema: Python's also matches before a last line break."""
    if pattern.endswith("$") and pattern.count("$") == 1 and "\\" not in pattern:
        return pattern[:-1] + r"\Z"  # enough for nearly every pattern of a spec; _END need not be compiled
    return _END.sub(lambda match: r"\Z" if match[3] else match[0], pattern)


def nesting(pattern: str) -> int:
    """How deep the groups of a pattern are nested; 0 for a pattern with fewer than MOST_NESTED groups."""
    deepest = depth = 0
    for character in _bare(pattern) if pattern.count("(") > MOST_NESTED else "":
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    return deepest


def _bare(pattern: str) -> str:
    """A pattern in which each escape and each character class is replaced by one letter."""
    return _CLASS.sub("c", _ESCAPE.sub("e", pattern) if "\\" in pattern else pattern)


def _longest(pattern: str, steps: int) -> int:
    """The longest text, in code points, for which Python's `re` is certain to need at most `steps`; -1 if not known.

    Each repeat may end anywhere in the text, each `?` doubles the number of ways, and the search may start anywhere: with
    r repeats and q question marks a text of n code points takes at most 2^q * n^(r+1) steps.
    """
    bare = _bare(pattern)
    if (")" in bare and _REPEATED_GROUP.search(bare)) or "(?" in bare:
        return -1
    repeats, optional = len(_REPEAT.findall(bare)), bare.count("?")
    if optional > _MOST_OPTIONAL:
        return -1
    return min(_LONG, int((steps / 2**optional) ** (1 / (repeats + 1)) + 0.001))


def _charged(plain: Callable[[str], object] | None, pattern: str, text: str) -> bool:
    """A match that may take long, charged to the run: with Python's `re` (`plain`) if it is certain to end, else `regex`."""
    allowance = current()
    seconds = min(SECONDS, allowance.seconds)
    if seconds <= 0:
        raise TooSlow(
            says("the pattern {pattern} was not tried: this run has no time left for slow patterns", pattern=pattern)
        )
    if plain is not None:
        with allowance.timed():
            return plain(text) is not None
    return _limited(pattern, text, seconds)


def _limited(pattern: str, text: str, seconds: float) -> bool:
    import regex as library  # takes 20 ms, and only rare patterns need it

    try:
        with current().timed():
            return library.search(pattern, text, timeout=seconds, flags=library.VERSION0) is not None
    except TimeoutError:
        message = says(
            "the pattern {pattern} takes too long on a text of {length:,} characters", pattern=pattern, length=len(text)
        )
        raise TooSlow(message) from None
    except library.error:
        # Python accepts the pattern and this library does not, so its time can't be limited.
        raise TooSlow(says("the pattern {pattern} can't be tried with a time limit", pattern=pattern)) from None
