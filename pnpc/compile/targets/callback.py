"""What a target says of a message afterwards, in a post to `pnpc listen`: bytes in, values out."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import NamedTuple


class BadCallback(Exception):
    """A signed post that is not a callback of the target. Its text is one line for people."""


class DeliveryReport(NamedTuple):
    """What a post says of one message. `report` is the same for a post that comes again, and for no other one.

    `message_id` and `tag` name the message (see `Target.message_key`, `Target.tag`); one of them may be None. `at` is
    the report's own time, in milliseconds since 1970; None if it has none. `failed`: it was not delivered, and `why`
    holds the target's words.
    """

    report: str
    message_id: str | None
    tag: str | None
    at: int | None
    failed: bool = False
    why: str | None = None


class Callback(ABC):
    """The posts of one target."""

    secret: str
    """The variable of the environment that holds the secret of the signature."""
    header: str
    """The header, in lower case, that holds the signature, and that no other target's posts have."""

    @abstractmethod
    def is_signed(self, secret: str, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether a post is signed with a secret. `headers` are by their lower-case names; the body is as it came."""

    @abstractmethod
    def read(self, body: bytes) -> DeliveryReport | None:
        """The report in a post; None if it is about something else. Raises BadCallback."""
