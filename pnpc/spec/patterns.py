"""A spec's own regular expressions, matched without the risk that one of them never ends."""

import re
from collections.abc import Callable
from functools import lru_cache

SECONDS = 1.0
_LONG = 10_000
_REPEAT = re.compile(r"(?<!\\)(?:[*+]|\{[0-9]*,[0-9]*\})")


class TooSlow(Exception):
    """A pattern that took more than SECONDS on one text."""


@lru_cache(maxsize=256)
def matcher(pattern: str) -> Callable[[str], bool]:
    """Whether a text holds a match, as JSON Schema's `pattern` asks. Raises re.error for what is no pattern.

    Python's own engine is used where it can't blow up: at most one open-ended repeat, a text that is not long.
    Else the `regex` library, which takes a time limit; TooSlow when it is reached.
    """
    plain = re.compile(pattern).search
    tame = len(_REPEAT.findall(pattern)) <= 1

    def matches(text: str) -> bool:
        if tame and len(text) <= _LONG:
            return plain(text) is not None
        return _limited(pattern, text)

    return matches


def _limited(pattern: str, text: str) -> bool:
    import regex  # loaded only for the rare pattern that needs it: 20 ms

    try:
        return regex.search(pattern, text, timeout=SECONDS, flags=regex.VERSION0) is not None
    except TimeoutError:
        raise TooSlow(f"the pattern {pattern} takes more than {SECONDS:g} second on a text of {len(text):,}") from None
    except regex.error:
        return re.search(pattern, text[:_LONG]) is not None
