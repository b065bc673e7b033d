"""Where the payloads of parts go: a file for each part, named after it."""

import os
from collections.abc import Sequence
from typing import NamedTuple

from pnpc.project import remote
from pnpc.project.files import is_same, shown
from pnpc.project.parts.listing import Part, PartList

_ENDINGS = {"jsonl": ".jsonl", "json": ".json", "curl": ".sh"}  # by the format of the output
_STAR = "*"


class BadOutput(Exception):
    """Names that can't be written to; its text is one line for people."""


class Outputs(NamedTuple):
    """Files of a folder: `before` and `after` stand around what a part is called."""

    before: str
    after: str

    def name(self, part: Part) -> str:
        """The file of a part."""
        return f"{self.before}{part.label}{self.after}"

    def folders(self, parts: Sequence[Part]) -> list[str]:
        """The folders of this machine that the files lie in."""
        names = (self.name(part) for part in parts)
        return sorted({os.path.dirname(name) or os.curdir for name in names if not remote.is_url(name)})

    def check(self, listed: PartList) -> None:
        """Raises BadOutput where two parts would have one file, or a part would be written over or read next time."""
        taken: dict[str, Part] = {}
        for part in listed.parts:
            name = self.name(part)
            other = taken.setdefault(name, part)
            if other is not part:
                names = f"{shown(other.name)} and {shown(part.name)}"
                raise BadOutput(f"{names} would both be written to {shown(name)}: rename one of them")
            if is_same(name, part.name):
                raise BadOutput(f"{shown(name)} is a table: -o must name another folder")
        if listed.is_whole_folder and _is_in(self.name(listed.parts[0]), listed.folder):
            raise BadOutput(
                f"the next run would read the files of -o as tables: name a folder outside {shown(listed.folder)}"
            )


def outputs_of(name: str, format: str) -> Outputs | None:
    """The files that `-o` asks for: a folder's (`out/`), or names with a `*` for the part (`out/*.jsonl.zst`); None if it
    is a single file. Raises BadOutput."""
    folder, base = os.path.split(name)
    if _STAR in folder or base.count(_STAR) > 1:
        raise BadOutput(f"-o {shown(name)}: one `*`, in the name of the file, stands for the name of the part")
    if _STAR in base:
        before, _, after = name.partition(_STAR)
        return Outputs(before, after)
    if not base or (not remote.is_url(name) and os.path.isdir(name)):
        return Outputs(os.path.join(name, ""), _ENDINGS[format])
    return None


def make_folder(name: str) -> None:
    """Make the folder of a file. Raises OSError; on an object store there is nothing to make."""
    if not remote.is_url(name) and (folder := os.path.dirname(name)):
        os.makedirs(folder, exist_ok=True)


def _is_in(name: str, folder: str) -> bool:
    if remote.is_url(name) or remote.is_url(folder):
        return name.startswith(f"{folder}/")
    return os.path.realpath(name).startswith(os.path.join(os.path.realpath(folder), ""))
