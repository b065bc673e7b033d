"""Runs of a push, as a journal knows them: which file, to which address, by which channel."""

from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

NO_FILE = "-"  # in place of the digest of a payload file; no run has it


class NewRun(NamedTuple):
    """A push that begins. `payloads` is the SHA-256 of its file, or of its files' digests, `lines` how many messages are in
    them; `channel` a name that a person gave, `secret` what lets the push in, of which a digest is kept. `files` are those
    that have lines: how many lines are in the files before it, and its own SHA-256. `send_changed`: a message goes also where
    its recipient was sent the same in other words."""

    file: str
    payloads: str
    lines: int
    target: str
    api: str
    channel: str | None
    secret: str
    files: Sequence[tuple[int, str]] = ()
    send_changed: bool = False


class PushRun(NamedTuple):
    """A push that a journal knows; `at` is when it began (milliseconds). `remaining`: lines that it left unsent,
    `unknown`: those of which it did not know; None for one that was killed, or is running."""

    run: int
    file: str
    payloads: str
    lines: int
    target: str
    api: str
    channel: str | None
    at: int
    remaining: int | None
    unknown: int | None


def kept(text: str) -> str:
    """A text as a journal keeps it: bytes of a name or of an argument that are not UTF-8 as escapes."""
    return text.encode("utf-8", "backslashreplace").decode()


def digest_of(salt: str, text: str) -> str:
    """16 hexadecimal digits by which a text is known again; nothing leads back from them but a try of the same text."""
    return sha256(f"{salt}{text}".encode()).hexdigest()[:16]


def topic_of(salt: str, text: str) -> int:
    """63 bits of the same, as the number that a journal keeps."""
    return int.from_bytes(sha256(f"{salt}{text}".encode()).digest()[:8], "big") >> 1
