"""Patterns as git writes them, and the paths that they are held against."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

    Patterns = GitIgnoreSpec


_STAR = "[^/]*"  # what the library writes for a `*`


class BadPattern(Exception):
    """A line that is not a pattern, such as `[z-a]`."""


def compiled(lines: Sequence[str]) -> "Patterns":
    """Patterns made ready: a path is matched by the last of them that says something of it.

    What is not a pattern is ignored, as git does with a line of a .gitignore; a config's are refused when it is read.
    """
    try:
        return _spec(lines)
    except BadPattern:
        return _spec([line for line in lines if is_pattern(line)])


def is_pattern(line: str) -> bool:
    """Whether a line is one that git can match a path with."""
    try:
        _spec([line])
    except BadPattern:
        return False
    return True


def _spec(lines: Sequence[str]) -> "Patterns":
    """The library makes a regular expression of each line, and does not look whether it is one. Raises BadPattern."""
    import re  # only a project with patterns needs these three
    import warnings

    from pathspec import GitIgnoreSpec  # only where there are patterns

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of `[a--b]`, which Python may read in another way one day
        try:
            spec = GitIgnoreSpec.from_lines(lines)
            for pattern in spec.patterns:
                if pattern.regex is not None and pattern.regex.pattern.count(_STAR) > 1:
                    pattern.regex = re.compile(_without_returns(pattern.regex.pattern))
        except (ValueError, re.error) as error:
            raise BadPattern from error
    return spec


def _without_returns(written: str) -> str:
    """The same expression, whose `*` never tries a second place: `*a*a*a*a*b` and a long name would take for ever.

    What stands between two `*` of a name matches the same number of characters everywhere: where it matches first, the
    rest has the most room. After a `**` that is not so.
    """
    first, *between, last = written.split(_STAR)
    parts = [f"{_STAR}{part}" if "(?" in part else f"(?>{_STAR}?{part})" for part in between]
    return f"{first}{''.join(parts)}{_STAR}{last}"


def below(path: str, folder: str) -> str:
    """A path as patterns of a folder see it, both being absolute; a slash at its end is kept."""
    base = folder if folder.endswith(os.sep) else folder + os.sep
    if path.startswith(base):
        return path[len(base) :].replace(os.sep, "/")
    return os.path.relpath(path, folder).replace(os.sep, "/") + ("/" if path.endswith("/") else "")
