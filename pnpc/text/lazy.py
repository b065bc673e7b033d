"""Regular expressions that are compiled at their first use, so that a start compiles only those that its file needs."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

_compile = re.compile
_ours = False
_METHODS = ("match", "search", "fullmatch", "finditer", "findall", "sub", "subn", "split")


class _Lazy:
    def __init__(self, pattern: str, flags: int) -> None:
        self._pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        compiled = _compile(self._pattern, self._flags)
        # From now on the methods are attributes, and `__getattr__` is not called for them.
        self.__dict__.update({method: getattr(compiled, method) for method in _METHODS})
        return getattr(compiled, name)


def regex(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Like `re.compile`, but compiled at the first use, which is also when an invalid pattern raises re.error."""
    return cast("re.Pattern[str]", _Lazy(pattern, flags))


def claim_process() -> None:
    """Declare that this process is the command line's, which has only one thread while it starts."""
    global _ours
    _ours = True


@contextmanager
def patterns_at_first_use() -> Iterator[None]:
    """Inside this block, patterns of the libraries that are imported are compiled at their first use too.

    PyYAML alone spends 7 ms on patterns that only its slow reader needs. Without `claim_process` the block does nothing,
    because another thread might compile a pattern at the same time.
    """
    if not _ours:
        yield
        return
    re.compile = regex  # type: ignore[assignment]
    try:
        yield
    finally:
        re.compile = _compile
