"""Files by a pattern of a config: `*`, `?`, `[a-z]` inside a name, `**` for folders at any depth. No link to a folder is
followed by `**`, so that a walk ends; nor are more entries looked at than a project has."""

import os
from collections.abc import Iterator
from fnmatch import fnmatchcase

from pnpc.text.lazy import regex

MOST_ENTRIES = 100_000  # files and folders that a pattern goes through

_MAGIC = regex(r"[*?\[]")
_MOST_STEPS = 50  # parts of a pattern, between its slashes


class TooMuch(Exception):
    """A pattern that makes us look at more than MOST_ENTRIES entries of folders."""


def files(root: str, pattern: str) -> list[str]:
    """The names below a folder that a pattern matches, sorted; of folders none. Raises TooMuch.

    A name that begins with a dot is matched by a part that does as well.
    """
    steps = [step for step in pattern.replace("\\", "/").split("/") if step not in ("", ".")]
    if len(steps) > _MOST_STEPS:
        raise TooMuch
    walk = _Walk()
    names = [root]
    for number, step in enumerate(steps):
        last = number == len(steps) - 1
        names = list(dict.fromkeys(match for name in names for match in walk.step(name, step, last=last)))
    return sorted(name for name in names if not os.path.isdir(name))


class _Walk:
    def __init__(self) -> None:
        self._seen = 0

    def step(self, folder: str, step: str, *, last: bool) -> Iterator[str]:
        """What a part of a pattern matches in a folder."""
        if step == "**":
            yield from self._below(folder, files=last)
        elif _MAGIC.search(step) is None:
            if os.path.lexists(os.path.join(folder, step)):
                yield os.path.join(folder, step)
        else:
            for entry in self._entries(folder):
                if (step[0] == "." or entry.name[0] != ".") and fnmatchcase(entry.name, step):
                    yield entry.path

    def _below(self, folder: str, *, files: bool) -> Iterator[str]:
        """A folder and all those below it, or with `files` the files in them."""
        stack = [folder]
        while stack:
            current = stack.pop()
            if not files:
                yield current
            for entry in self._entries(current):
                if entry.name[0] == ".":
                    continue
                if entry.is_dir(follow_symlinks=False):
                    stack.append(entry.path)
                elif files:
                    yield entry.path

    def _entries(self, folder: str) -> Iterator["os.DirEntry[str]"]:
        try:
            entries = list(os.scandir(folder))
        except OSError:
            return  # a file, or a folder that we may not look into: nothing in it matches
        self._seen += len(entries) + 1
        if self._seen > MOST_ENTRIES:
            raise TooMuch
        yield from entries
