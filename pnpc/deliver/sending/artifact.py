"""Payload files: read once to find every line fit before anything is sent, and again to send exactly those lines.

Lines are numbered through all files of a push, in their order; `Artifact.place` says where one stands.
"""

import json
import os
import shutil
import tempfile
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from operator import attrgetter
from typing import IO, NamedTuple

from pnpc.compile.tables.chunks import MAX_BLANK
from pnpc.compile.tables.seen import Seen, key
from pnpc.compile.targets import DEFAULT, TARGETS, Target
from pnpc.deliver.payload_files import BadPayloads, Changed, FilePart, LinePlace, PayloadFile, blocks_of
from pnpc.deliver.sending.message import OutgoingMessage, check, read
from pnpc.deliver.sending.names import LineName, NameFile
from pnpc.deliver.sending.routes import BadLine
from pnpc.project.files import shown
from pnpc.project.streams import open_in, open_part

MOST_TOLD = 10  # bad lines that are shown
_ENDING = 3  # characters of a key that name its country: _ja, _th, _tw


class Artifact(NamedTuple):
    """Payload files whose every line can be sent.

    `name`: of them all, for people. `messages`: lines that are not blank. `target` and `apis`: what the lines name.
    `repeats`: each line with the message of an earlier one, and the first such line. `shared_tags`: messages whose delivery
    tag another one has. `endings`: how the keys of LINE's templates end, which names their country. `names` are those of all
    messages, in order.
    """

    name: str
    files: tuple[PayloadFile, ...]
    messages: int
    target: str
    apis: tuple[str, ...]
    paths: tuple[str, ...]
    repeats: Mapping[int, int]
    shared_tags: int
    endings: tuple[str, ...]
    names: Callable[[], Iterator[LineName]]

    @property
    def kind(self) -> type[Target]:
        """The target of all its lines."""
        return TARGETS[self.target]

    @property
    def digest(self) -> str:
        """SHA-256 of one file's bytes, uncompressed; of several, of their digests. A part has its own."""
        first, *others = digests = [file.digest if file.part is None else file.part.digest for file in self.files]
        return sha256("".join(digests).encode()).hexdigest() if others else first

    def file_of(self, line: int) -> PayloadFile:
        """The file in which a line stands."""
        return self.files[bisect_left(self.files, line, key=attrgetter("before")) - 1]

    def place(self, line: int) -> LinePlace:
        """Where a line stands."""
        file = self.file_of(line)
        return LinePlace(file.name, line - file.before + (0 if file.part is None else file.part.first - 1))

    def read_again(self, wanted: Callable[[int], bool]) -> Iterator[OutgoingMessage]:
        """The messages of the lines that are wanted, in order. Raises Changed, CouldNotRead, OSError."""
        for file in self.files:
            for line, raw in file.read_again():
                if raw.strip() and wanted(line):
                    yield read(raw, line, self.apis[0])


class _Survey:
    """What is learnt line by line at the first reading."""

    def __init__(self, names: NameFile) -> None:
        self.names = names
        self.messages = 0
        self.targets: dict[str, None] = {}
        self.apis: dict[str, None] = {}
        self.paths: dict[str, None] = {}
        self.endings: dict[str, None] = {}
        self.repeated_ids: set[str] = set()
        self.shared_tags = 0
        self.first: list[tuple[LinePlace, str]] = []
        self.bad = 0
        self._ids, self._tags = Seen(), Seen()

    def add(self, raw: bytes, line: int, place: LinePlace) -> None:
        """Look at a line."""
        self.messages += 1
        try:
            self._look(check(raw, line))
        except BadLine as error:
            self.bad += 1
            if len(self.first) < MOST_TOLD:
                self.first.append((place, str(error)))

    def _look(self, message: OutgoingMessage) -> None:
        self.targets[message.target] = None
        self.apis[message.api] = None
        self.paths[message.path] = None
        if isinstance(template := message.body.get("templateKey"), str):
            self.endings[template[-_ENDING:]] = None
        self.names.add(message)
        if len(self.targets) > 1:
            raise BadLine("the lines before go to another target; push one target at a time")
        if len(self.apis) > 1:
            raise BadLine("the lines before go to another region; push one at a time")
        if _repeats(self._ids, message.id):
            self.repeated_ids.add(message.id)
        elif message.tag is not None:
            self.shared_tags += _repeats(self._tags, message.tag)


@contextmanager
def survey(*names: str | FilePart) -> Iterator[Artifact]:
    """Read payload files (`-` is standard input; gzip and Zstandard are known), or parts of them, and find every line fit to
    be sent.

    What can be read only once is kept in a file without a name, as long as the block. Raises BadPayloads, Changed,
    CouldNotRead, OSError.
    """
    with ExitStack() as kept:
        name_file = NameFile(kept.enter_context(tempfile.TemporaryFile()))
        survey, files = _Survey(name_file), list[PayloadFile]()
        for name in names:
            before = files[-1].before + files[-1].lines if files else 0
            if isinstance(name, FilePart):
                files.append(_surveyed_part(name, before, survey))
            else:
                files.append(_surveyed(name, before, _stream(name, kept), survey))
        if survey.bad:
            raise BadPayloads(survey.first, survey.bad)
        artifact = Artifact(
            ", ".join(file.name for file in files), tuple(files), survey.messages, next(iter(survey.targets), DEFAULT), tuple(survey.apis),
            tuple(survey.paths), {}, survey.shared_tags, tuple(survey.endings), name_file.read,
        )  # fmt: skip
        if survey.repeated_ids:
            artifact = artifact._replace(repeats=_repeats_in(artifact, survey.repeated_ids))
        yield artifact


def _stream(name: str, kept: ExitStack) -> Callable[[], IO[bytes]]:
    """Opens a file from its beginning, as often as it is called. What can be read only once is kept until the stack ends."""
    if name != "-" and os.path.isfile(name):
        return lambda: open_in(name)
    copy = kept.enter_context(tempfile.TemporaryFile())  # noqa: SIM115  # closed by the stack
    with open_in(name) as stream:
        shutil.copyfileobj(stream, copy)
    copy.flush()

    def again() -> IO[bytes]:
        copy.seek(0)
        return os.fdopen(os.dup(copy.fileno()), "rb")

    return again


def _surveyed(name: str, before: int, stream: Callable[[], IO[bytes]], survey: _Survey, first: int = 1) -> PayloadFile:
    """One file, whose lines go to the survey; they are counted from `first`."""
    whole, blocks, sizes, line, blank = sha256(), [], [], 0, 0
    with stream() as lines:
        for block in blocks_of(name, lines):
            data = b"".join(block)
            whole.update(data)
            blocks.append(sha256(data).digest())
            sizes.append(len(data))
            for raw in block:
                line += 1
                if raw.strip():
                    survey.add(raw, before + line, LinePlace(name, line + first - 1))
                    blank = 0
                else:
                    blank += len(raw)
                    if blank > MAX_BLANK:
                        place = LinePlace(name, line + first - 1)
                        raise BadPayloads([(place, f"more than {MAX_BLANK:,} bytes of blank lines")], 1)
    return PayloadFile(name, whole.hexdigest(), before, line, tuple(blocks), tuple(sizes), stream)


def _surveyed_part(part: FilePart, before: int, survey: _Survey) -> PayloadFile:
    """A part of a file. Raises Changed if it is not what it was when the part was cut."""
    file = _surveyed(part.name, before, lambda: open_part(part.name, part.offset, part.size), survey, part.first)
    if file.digest_of(0, len(file.blocks)) != part.digest:
        raise Changed(f"{shown(part.name)} is not the file that was queued: it was changed")
    return file._replace(digest=part.whole, part=part)


def _repeats_in(artifact: Artifact, ids: set[str]) -> dict[int, int]:
    """The lines with the message of an earlier line, and the first such line, where these ids stand, or may stand, in
    several. Raises Changed; BadPayloads where an id is that of several messages: as the journal knows messages by their
    ids, the others would never be sent, and count as sent."""
    first: dict[str, tuple[int, bytes]] = {}
    repeats: dict[int, int] = {}
    bad: list[tuple[LinePlace, str]] = []
    for message in artifact.read_again(lambda _: True):
        if message.id not in ids:
            continue
        sent = json.dumps([message.path, message.tag, message.body], sort_keys=True)
        digest = sha256(sent.encode()).digest()
        line, other = first.setdefault(message.id, (message.line, digest))
        if other != digest:
            place, of_other = artifact.place(message.line), artifact.place(line)
            named = f"line {of_other.line:,}" if of_other.file == place.file else str(of_other)
            bad.append((place, f"`id` is that of {named}, which is another message"))
        elif line != message.line:
            repeats[message.line] = line
    if bad:
        raise BadPayloads(bad[:MOST_TOLD], len(bad))
    return repeats


def _repeats(seen: Seen, text: str) -> bool:
    """Whether a text was there before."""
    return seen.add((key(sha256(text.encode()).hexdigest()),)).count > 0
