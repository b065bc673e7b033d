"""Regular expressions compiled when they are first used: a start pays only for those that its file needs."""

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
        # From now on the methods are found at once, and this function is not called again.
        self.__dict__.update({method: getattr(compiled, method) for method in _METHODS})
        return getattr(compiled, name)


def regex(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Like `re.compile`, but the work is done at the first use; so is a pattern's error."""
    return cast("re.Pattern[str]", _Lazy(pattern, flags))


def claim_process() -> None:
    """This process is the command line's, and has one thread while it starts."""
    global _ours
    _ours = True


@contextmanager
def patterns_at_first_use() -> Iterator[None]:
    """While libraries are imported in this block, their own patterns are not compiled before they are used either.

    PyYAML alone compiles for 7 ms what only its slow reader needs. It does nothing in a process that is not ours: there
    another thread may be compiling a pattern just now.
    """
    if not _ours:
        yield
        return
    re.compile = regex  # type: ignore[assignment]
    try:
        yield
    finally:
        re.compile = _compile
