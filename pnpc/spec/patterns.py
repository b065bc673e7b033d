"""A spec's own regular expressions, matched without the risk that one of them never ends."""

import re
from collections.abc import Callable
from functools import lru_cache

SECONDS = 1.0
_LONG = 10_000
_ESCAPE = re.compile(r"\\.", re.DOTALL)
_CLASS = re.compile(r"\[\^?\]?[^\]]*\]")
_REPEAT = re.compile(r"[*+?]|\{[0-9]*,[0-9]*\}")
_REPEATED_GROUP = re.compile(r"\)[*+?{]")
_END = re.compile(r"(\\.)|(\[\^?\]?(?:\\.|[^\]\\])*\])|(\$)", re.DOTALL)


class TooSlow(Exception):
    """A pattern that took more than SECONDS on one text."""


@lru_cache(maxsize=256)
def matcher(pattern: str) -> Callable[[str], bool]:
    """Whether a text holds a match, as JSON Schema's `pattern` asks. Raises re.error for what is no pattern.

    Python's own engine is used where it can't blow up: at most one repeat, no repeated group, a text that is not
    long. Else the `regex` library, which takes a time limit; TooSlow when it is reached.
    """
    exact = _anchored(pattern)
    plain = re.compile(exact).search
    tame = _is_tame(pattern)

    def matches(text: str) -> bool:
        if tame and len(text) <= _LONG:
            return plain(text) is not None
        return _limited(exact, text)

    return matches


def _anchored(pattern: str) -> str:
    """`$` as JSON Schema's dialect means it, the very end: Python's also matches before a last line break."""
    return _END.sub(lambda found: r"\Z" if found[3] else found[0], pattern)


def _is_tame(pattern: str) -> bool:
    bare = _CLASS.sub("c", _ESCAPE.sub("e", pattern))
    return len(_REPEAT.findall(bare)) <= 1 and not _REPEATED_GROUP.search(bare) and "(?" not in bare


def _limited(pattern: str, text: str) -> bool:
    import regex  # loaded only for the rare pattern that needs it: 20 ms

    try:
        return regex.search(pattern, text, timeout=SECONDS, flags=regex.VERSION0) is not None
    except TimeoutError:
        raise TooSlow(f"the pattern {pattern} takes more than {SECONDS:g} second on a text of {len(text):,}") from None
    except regex.error:
        return re.search(pattern, text[:_LONG]) is not None
