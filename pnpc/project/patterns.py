"""Patterns as git writes them, and the paths that they are held against."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

    Patterns = GitIgnoreSpec


def compiled(lines: Sequence[str]) -> "Patterns":
    """Patterns made ready: a path is matched by the last of them that says something of it.

    What is no pattern is passed over, as git does with a line of a .gitignore; a config's are refused when it is read.
    """
    from pathspec import GitIgnoreSpec  # only where there are patterns

    try:
        return GitIgnoreSpec.from_lines(lines)
    except ValueError:
        return GitIgnoreSpec.from_lines([line for line in lines if is_pattern(line)])


def is_pattern(line: str) -> bool:
    """Whether a line is one that git can match a path with."""
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True


def below(path: str, folder: str) -> str:
    """A path as patterns of a folder see it, both being absolute; a slash at its end is kept."""
    base = folder if folder.endswith(os.sep) else folder + os.sep
    if path.startswith(base):
        return path[len(base) :].replace(os.sep, "/")
    return os.path.relpath(path, folder).replace(os.sep, "/") + ("/" if path.endswith("/") else "")
