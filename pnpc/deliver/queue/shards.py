"""Shards: parts of payload files, each with all that a worker on another machine must know to send it. No secret is in them.

A shard names its file by a path that each worker must be able to read, and its contents by a digest: a file that was changed
since is refused.
"""

import os
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from types import UnionType
from typing import Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

from pnpc.deliver.payload_files import BLOCK, FilePart
from pnpc.deliver.sending.artifact import Artifact
from pnpc.project.files import shown
from pnpc.project.remote import is_url
from pnpc.project.streams import open_in

_VERSION = 2  # of what a shard says: it grows with each change that an older worker could not read
GIVE_BACKS = "give_backs"  # beside what a shard says: how often it was given back
MOST_DEATHS = 5  # of workers that had a shard, in a row: then it has failed
MOST_CHANNEL = 100  # characters of a channel's name: the name of a queue has at most 128
_NOT_ZERO = ("rate", "concurrency", "lines", "first")
_BYTES = 1 << 20  # of a list that are read at once


class BadShard(Exception):
    """A shard that no worker can send, or not one of this version. Its text is one line for people."""


class ListFile(NamedTuple):
    """A list of people (`--only`) by its path, and the SHA-256 of its bytes."""

    file: str
    digest: str


class ShardSettings(NamedTuple):
    """How a shard is to be sent: the checked options of `pnpc push --queue`. `country` is the recipients', `hours` as it was
    written; both may be None. `not_after`: seconds since 1970."""

    api: str
    rate: int
    concurrency: int
    not_after: float | None
    hours: str | None
    outside: str
    country: str | None
    only: tuple[ListFile, ...]
    resend_unknown: bool
    send_changed: bool
    channel: str | None


class Shard(NamedTuple):
    """Lines of a payload file: how many, how many messages are in them, for which target, and how they are to be sent. `last_run`: the
    last run that the journal knew when the shard was queued. Unknown messages are sent again only where no later run has tried them,
    so that a shard that is taken many times notifies no person many times."""

    part: FilePart
    lines: int
    messages: int
    target: str
    settings: ShardSettings
    last_run: int

    @property
    def name(self) -> str:
        """For people: the file and its lines."""
        return f"{shown(self.part.name)}:{self.part.first}-{self.part.first + self.lines - 1}"

    @property
    def lines_key(self) -> str:
        """The same for the same lines to the same address, whatever the file is called."""
        part = self.part
        return _key(self.settings.api, part.whole, part.offset, part.size)

    @property
    def key(self) -> str:
        """The same for the same lines that are to be sent in the same way."""
        return _key(self.lines_key, *self.settings)


# `stopped`: its worker had to stop; `left`: a push tried all its messages, and some were left; `trouble`: its worker could send
# nothing; `death`: its worker died, or failed in a way that is not foreseen.
GiveBackCause = Literal["stopped", "left", "trouble", "death"]


class GiveBacks(NamedTuple):
    """How often a shard was given back with messages left, for trouble, and, in a row, since its worker died; `by`: the worker that gave
    it back last, 0 where another one did that for it."""

    left: int = 0
    trouble: int = 0
    deaths: int = 0
    by: int = 0

    def after(self, cause: GiveBackCause, by: int) -> "GiveBacks":
        """What is so when it is given back once more."""
        left, trouble = self.left + (cause == "left"), self.trouble + (cause == "trouble")
        return GiveBacks(left, trouble, self.deaths + 1 if cause == "death" else 0, by)

    @property
    def is_deadly(self) -> bool:
        """Whether it would kill one worker after the other."""
        return self.deaths >= MOST_DEATHS


def shards_of(artifact: Artifact, settings: ShardSettings, lines: int, last_run: int) -> Iterator[Shard]:
    """The shards of payload files, at most `lines` lines each (whole blocks of them). Those without messages are left out."""
    blocks = -(-lines // BLOCK)
    messages = Counter[tuple[int, int]]()
    for name in artifact.names():
        file = artifact.file_of(name.line)
        messages[file.before, (name.line - file.before - 1) // (BLOCK * blocks)] += 1
    for file in artifact.files:
        offset = 0
        for number, begin in enumerate(range(0, len(file.blocks), blocks)):
            size, first = sum(file.sizes[begin : begin + blocks]), begin * BLOCK
            part = FilePart(
                _everywhere(file.name), offset, size, first + 1, file.digest_of(begin, begin + blocks), file.digest
            )
            offset += size
            if count := messages[file.before, number]:
                yield Shard(part, min(blocks * BLOCK, file.lines - first), count, artifact.target, settings, last_run)


def list_file(name: str) -> ListFile:
    """A list as it is now. Raises CouldNotRead."""
    digest = sha256()
    with open_in(name) as stream:
        while data := stream.read(_BYTES):
            digest.update(data)
    return ListFile(_everywhere(name), digest.hexdigest())


def _everywhere(name: str) -> str:
    """The name of a file that holds in each folder: its whole path, or a URL."""
    return name if is_url(name) else os.path.abspath(name)


def written(shard: Shard) -> dict[str, Any]:
    """A shard as JSON."""
    settings = shard.settings._asdict() | {"only": [listed._asdict() for listed in shard.settings.only]}
    return {
        "version": _VERSION, "part": shard.part._asdict(), "lines": shard.lines, "messages": shard.messages,
        "target": shard.target, "settings": settings, "last_run": shard.last_run,
    }  # fmt: skip


def read(said: object) -> Shard:
    """A shard from JSON, whatever it is. Raises BadShard."""
    version = said.get("version") if isinstance(said, dict) else None
    if type(version) is int and version != _VERSION:
        raise BadShard(
            f"the shard was queued by another pnpc (version {version}; this one knows {_VERSION}): use that pnpc"
        )
    try:
        _typed(int, version, "version")
        shard: Shard = _typed(Shard, said, "shard")
    except ValueError as error:
        raise BadShard(f"its row in the queue is damaged ({error}): queue the file again") from None
    return shard


def give_backs_of(said: object) -> GiveBacks:
    """How often a shard was given back, by its JSON; what can't be read there counts as 0."""
    numbers = said.get(GIVE_BACKS) if isinstance(said, dict) else None
    numbers = numbers if isinstance(numbers, dict) else {}
    return GiveBacks(**{
        name: number for name in GiveBacks._fields if type(number := numbers.get(name)) is int and number >= 0
    })  # fmt: skip


def _typed(kind: Any, value: object, name: str) -> Any:
    """A value of JSON as a type: a tuple with names, a tuple of one type, a choice of types, or a plain one. Raises ValueError."""
    if hasattr(kind, "_fields"):
        fields = value if isinstance(value, dict) else {}
        return kind(**{field: _typed(of, fields.get(field, ...), field) for field, of in get_type_hints(kind).items()})
    if get_origin(kind) is tuple and isinstance(value, list):
        return tuple(_typed(get_args(kind)[0], item, name) for item in value)
    kinds = get_args(kind) if get_origin(kind) is UnionType else (kind,)
    if type(value) is int and float in kinds:
        return float(value)
    if type(value) not in kinds or (type(value) is int and value < (name in _NOT_ZERO)):
        raise ValueError(f"`{name}` is missing or wrong")
    return value


def _key(*parts: object) -> str:
    """32 hexadecimal digits of SHA-256."""
    return sha256(repr(parts).encode("utf-8", "backslashreplace")).hexdigest()[:32]
