"""The names of the messages of a push: written while its files are checked, read when the journal is asked about them."""

import os
from collections.abc import Iterator
from typing import IO, NamedTuple

from pnpc.deliver.sending.message import OutgoingMessage
from pnpc.deliver.sending.only import person


class LineName(NamedTuple):
    """What must be known of the message of a line before it is sent: its id, its subject (see `OutgoingMessage.subject`) and
    its recipient (see `person`)."""

    line: int
    id: str
    subject: str | None
    person: str


class NameFile:
    """The names of all messages, kept in a file without a name: to read the payloads for them again costs ten times more."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def add(self, message: OutgoingMessage) -> None:
        """Keep the names of a message. An id has no sign that ends a line."""
        named = person(message.kind.recipient_name(message.body))
        self._file.write(f"{message.line} {named} {message.subject() or ''} {message.id}\n".encode())

    def read(self) -> Iterator[LineName]:
        """All names, in order."""
        self._file.flush()
        with os.fdopen(os.dup(self._file.fileno()), "rb") as file:
            file.seek(0)
            for text in file:
                line, named, subject, id = text[:-1].decode().split(" ", 3)
                yield LineName(int(line), id, subject or None, named)
