"""Fragments: files that `$include` names. How they are found on a disk is the project's affair."""

from collections.abc import Callable
from typing import NamedTuple

from pnpc.text.finding import Where
from pnpc.text.wording import Said


class Fragment(NamedTuple):
    """A file that a spec includes: its name for people, what tells that two names are one file, its bytes."""

    name: str
    identity: str
    data: bytes


class NoFragment(Exception):
    """A file that can't be included; its text says why, `help` what to do, `related` where the fault is."""

    def __init__(self, message: Said, help: Said | None = None, related: tuple[tuple[Where, Said], ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.related = related


# The file that `path`, written in the file of this name, means. Raises NoFragment.
Fragments = Callable[[str, str], Fragment]
