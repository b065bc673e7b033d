"""What a push asks of a journal and of a limiter: the only things that it knows of either.

| protocol | kept in one file, for one process | in PostgreSQL, where many processes send |
|---|---|---|
| `Memory`, `Claims`, `PushJournal` | `pnpc.deliver.journal.journal.Journal` | `pnpc.deliver.postgres.journal.PostgresJournal` |
| `Limiter` | `pnpc.deliver.sending.rate.TokenBucket` | `pnpc.deliver.postgres.shared_rate.SharedRate` |

Their calls are short and block: a push makes them once a tick, for all messages of the tick, and never between the bytes of a
request. All times of a journal are milliseconds since 1970; those of a limiter are seconds of a clock that never jumps.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from pnpc.deliver.journal.records import Claim, Counts, Intent, KnownMessage, Result
from pnpc.deliver.journal.runs import NewRun


class Memory(Protocol):
    """What is known of messages before they are sent. All of it raises JournalFailed."""

    def known(self, target: str, api: str, ids: Sequence[str]) -> Mapping[str, KnownMessage]:
        """What is known of messages that were tried at an address (of a target), by their ids; nothing of the others."""

    def sent_in_other_words(self, target: str, api: str, subjects: Mapping[str, str], payloads: str) -> set[str]:
        """Of messages, each an id with its subject (see `OutgoingMessage.subject`), the ids of those whose subject was sent,
        or may have been, under another id. What a file with the digest `payloads` holds is no such other message."""


class Claims(Protocol):
    """What an engine asks of a journal. It promises: what `claim` gave back is on the disk, and no other sender gets it.

    `is_remote`: a claim waits for a network; then it is made in another thread, one at a time. `patience`: how many seconds a
    run waits for a journal that is away, once a claim raised JournalAway; it brings the same results again.
    """

    @property
    def is_remote(self) -> bool: ...

    @property
    def patience(self) -> float: ...

    def name_in_tags(self) -> str:
        """12 hexadecimal digits that no other journal has."""

    def claim(self, claims: Sequence[Claim], results: Sequence[Result]) -> Sequence[Intent | None]:
        """Ask to send requests, and note what became of earlier ones: all of it durable when this returns, or none of it.

        Gives an intent for each claim, in order; None for a message that another sender has claimed meanwhile: it must not be
        sent here. Raises JournalFailed: then nothing may be sent, and the same results may be brought again.
        """

    def leaves(self) -> None:
        """A claimed request is about to leave. Raises TooLate where another sender may count this one as dead."""


class PushJournal(Memory, Claims, Protocol):
    """The journal of a push or of a Sender."""

    def begin(self, run: NewRun, now: int) -> int:
        """Note that a run begins, before its first claim; how many requests an ended process left without a result. They are
        unknown from now on. Raises JournalFailed."""

    def recent(self, url: str, since: int) -> Sequence[int]:
        """When requests to a URL were claimed, from `since` on, in order of time."""

    def refusals(self) -> Sequence[tuple[str, int]]:
        """Why this run's messages were refused, each reason with their number, the most first."""

    def end(self, counts: Counts, sent: int, now: int) -> None:
        """Note how the run ended: the lines of its files, by what is known of them, and its requests. Raises JournalFailed."""


class Limiter(Protocol):
    """How many requests may leave for one endpoint of a channel."""

    def rate(self, now: float) -> float:
        """Requests a second that may leave at present, for people and metrics."""

    def take(self, wanted: int, now: float) -> int:
        """How many of the wanted requests may leave now. For each of these, `leaves` or `stays` is called afterwards, with the
        same `now` as `taken`. A limiter that is away raises what a journal raises."""

    def leaves(self, now: float, taken: float) -> None:
        """A request that was taken begins to leave. Raises TooLate where it must not any more."""

    def stays(self, taken: float) -> None:
        """A request that was taken will never leave."""

    def slow_down(self, now: float, wait: float = 0.0) -> None:
        """The other side says that it is too fast; nothing may leave for `wait` seconds."""


# The limiter of an endpoint, by its URL and the present moment: asked once for each.
Limiters = Callable[[str, float], Limiter]
