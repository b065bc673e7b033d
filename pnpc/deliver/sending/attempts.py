"""What an engine sends, and where it comes from: a file whose messages are all there, or a caller who brings them one by one."""

import random
from collections.abc import Iterator
from typing import NamedTuple, Protocol

from pnpc.deliver.journal.records import Claim, KnownMessage
from pnpc.deliver.sending.message import OutgoingMessage, tag_for

_SLOWEST = 30.0  # seconds between two attempts of a message


class Attempt(NamedTuple):
    """A message that is to be sent: attempts so far, those of them that may have reached LINE, tries in this run.
    `number` is the journal's; None for a message that was never tried."""

    message: OutgoingMessage
    attempts: int
    unknown: int
    tries: int = 0
    number: int | None = None

    @classmethod
    def of(cls, message: OutgoingMessage, known: KnownMessage | None) -> "Attempt":
        """The next attempt of a message, by what a journal knows of it (None: nothing)."""
        return cls(message, 0, 0) if known is None else cls(message, known.attempts, known.unknown, 0, known.message)

    def claim(self, journal: str, api: str, at: int) -> Claim:
        """What is asked of a journal, which has this name in delivery tags, before the attempt goes to an address at a time."""
        message, number = self.message, self.number
        tag = tag_for(message, journal, self.unknown)
        # What may have been sent is sent again as it was, whatever was sent since in other words.
        subject = message.subject() if self.unknown == 0 else None
        return Claim(
            message.id, subject, number, self.attempts + 1, message.line, tag, message.row, message.shape(api), at
        )

    def pause(self) -> float:
        """Seconds until it may be tried again: longer each time, and never the same for all."""
        return float(random.uniform(0.5, 1.0) * min(_SLOWEST, 0.25 * 2**self.tries))


class MessageSource(Protocol):
    """Where messages come from: a file, or whoever calls. `is_over` is true when none will come any more."""

    is_over: bool

    def take(self) -> Attempt | None:
        """The next message; None if there is none now."""


class AttemptList:
    """A source of messages that are all there."""

    def __init__(self, attempts: Iterator[Attempt]) -> None:
        self.is_over = False
        self._attempts = attempts

    def take(self) -> Attempt | None:
        """The next message. Raises what the iterator raises."""
        attempt = next(self._attempts, None)
        self.is_over = attempt is None
        return attempt
