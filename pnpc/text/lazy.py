"""Regular expressions compiled when they are first used: a start pays only for those that its file needs."""

import re
from typing import Any, cast

_METHODS = ("match", "search", "fullmatch", "finditer", "findall", "sub", "subn", "split")


class _Lazy:
    def __init__(self, pattern: str, flags: int) -> None:
        self._pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self._pattern, self._flags)
        # From now on the methods are found at once, and this function is not called again.
        self.__dict__.update({method: getattr(compiled, method) for method in _METHODS})
        return getattr(compiled, name)


def regex(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Like `re.compile`, but the work is done at the first use; so is a pattern's error."""
    return cast("re.Pattern[str]", _Lazy(pattern, flags))
