"""What every journal answers, in whatever database it is: the questions are asked in SQL that SQLite and PostgreSQL both take.

Where the two differ, a `Dialect` says how. All times are milliseconds since 1970 in UTC.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Literal, Self

from pnpc.deliver.journal.dialect import Dialect, Selection
from pnpc.deliver.journal.known import known, sent_in_other_words
from pnpc.deliver.journal.records import Claim, Counts, Event, Intent, JournalFailed, KnownMessage, Result
from pnpc.deliver.journal.runs import NewRun, PushRun, topic_of
from pnpc.deliver.journal.statements import RUNS
from pnpc.project.journals import one_address

Use = Literal["send", "listen"]  # what a program does with a journal


class AnyJournal(ABC):
    """An open journal. Close it, or use it as a context."""

    name: str  # for people
    dialect: Dialect
    is_remote: bool  # see `pnpc.deliver.sending.protocols.Claims`
    patience: float

    def __init__(self) -> None:
        self._read_salt: str | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @abstractmethod
    def close(self) -> None:
        """Close the file, or the connection."""

    # --- what any process may ask ---

    def name_in_tags(self) -> str:
        """12 hexadecimal digits that no other journal has."""
        return str(self._one("SELECT journal FROM journal")[0])

    def runs(self) -> list[PushRun]:
        """All runs, in order."""
        return [PushRun(*row) for row in self.rows(RUNS)]

    def known(self, target: str, api: str, ids: Sequence[str]) -> dict[str, KnownMessage]:
        """What is known of messages that were tried at an address, by their ids. Raises JournalFailed."""
        return known(self.rows, self.dialect, self._by_id(self._address(target, api), ids))

    def sent_in_other_words(self, target: str, api: str, subjects: Mapping[str, str], payloads: str) -> set[str]:
        """Of messages, each an id with its subject, those that were sent in other words: the same subject under another id.
        Two messages of one payload file (its digest is `payloads`) are meant as they are. Raises JournalFailed."""
        if not subjects:
            return set()
        topics = {id: topic_of(self._salt(), subject) for id, subject in subjects.items()}
        selection = self._by_topic(self._address(target, api), sorted(set(topics.values())))
        return sent_in_other_words(self.rows, self.dialect, selection, topics, payloads)

    @abstractmethod
    def _by_id(self, address: int | None, ids: Sequence[str]) -> Selection:
        """The messages of an address with some ids, as (id, message)."""

    @abstractmethod
    def _by_topic(self, address: int | None, topics: Sequence[int]) -> Selection:
        """The messages of an address with some topics, as (topic, id, message)."""

    @abstractmethod
    def rows(self, sql: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """The rows of a SELECT over the tables of `schemas/journal.sql`. Raises JournalFailed."""

    @abstractmethod
    def snapshot(self) -> AbstractContextManager[None]:
        """All that is read inside the block is of one moment, whoever writes meanwhile."""

    def sent(self, tags: Iterable[str]) -> dict[str, tuple[int, int]]:
        """Which of some delivery tags are ours, each with when a request first and last took it along."""
        sql = f"SELECT tag, min(at), max(at) FROM intents WHERE tag {self.dialect.is_listed} GROUP BY tag"
        return {tag: (first, last) for tag, first, last in self.rows(sql, self.dialect.list_of(list(tags)))}

    def has_message(self, message_id: str) -> bool:
        """Whether a message of ours has this name at its target."""
        return next(self.rows("SELECT 1 FROM results WHERE message_id = ?", message_id), None) is not None

    # --- what any process may write ---

    @abstractmethod
    def add_events(self, events: Iterable[Event]) -> int:
        """Keep the delivery events whose tag or message is one of ours, each id once; how many were new. Raises JournalFailed.

        They are durable when this returns.
        """

    @abstractmethod
    def listen(self, since: int, now: int, heard: int | None = None) -> int:
        """Note a receiver of events that has been there `since`; gives its number, for `alive`. Raises JournalFailed."""

    @abstractmethod
    def alive(self, listener: int, now: int, heard: int | None = None) -> None:
        """Note that a receiver is still there, and when it last heard LINE. Raises JournalFailed."""

    @abstractmethod
    def write(self, *statements: tuple[str, Sequence[tuple[object, ...]]]) -> None:
        """Run each statement for its rows, all in one transaction. Raises JournalFailed."""

    @abstractmethod
    def forgetting(self) -> AbstractContextManager[None]:
        """What is overwritten inside the block leaves no copy where the database can see to it. Raises JournalFailed."""

    # --- what a sender does: see `pnpc.deliver.sending.protocols` ---

    def demand_rights(self, use: Use) -> None:  # noqa: B027
        """Refuse a role that lacks a right for what it is about to do. Raises NotAJournal, JournalFailed. A file is opened by who may
        write it."""

    def wait_for_silent(self, say: Callable[[str], None]) -> None:  # noqa: B027
        """Wait until it is known of each sender that gives no sign of life whether it is dead, and what it had under way is
        unknown; `say` hears, in words for people, what is waited for. Raises JournalFailed. Nothing to do where one process at a
        time sends."""

    @abstractmethod
    def begin(self, run: NewRun, now: int) -> int:
        """Take the journal up for a run; how many intents of dead processes become unknown by that. Raises JournalFailed."""

    @abstractmethod
    def claim(self, claims: Sequence[Claim], results: Sequence[Result]) -> Sequence[Intent | None]:
        """Write claims and results, durable when this returns. Raises JournalFailed."""

    @abstractmethod
    def leaves(self) -> None:
        """A claimed request is about to leave. Raises TooLate where it must not."""

    @abstractmethod
    def recent(self, url: str, since: int) -> list[int]:
        """When requests were about to leave for a URL, from `since` on, in order of time."""

    def limiter(self, url: str, rate: int) -> Any:  # noqa: ARG002
        """The `pnpc.deliver.sending.protocols.Limiter` of a URL that all senders with this journal share; None where one process
        at a time sends with it, and counts for itself."""
        return None

    @abstractmethod
    def refusals(self) -> list[tuple[str, int]]:
        """Why this run's messages were refused, each reason with their number, the most first."""

    @abstractmethod
    def end(self, counts: Counts, sent: int, now: int) -> None:
        """Note how the run ended. Raises JournalFailed."""

    # --- underneath ---

    def _salt(self) -> str:
        if self._read_salt is None:
            self._read_salt = str(self._one("SELECT salt FROM journal")[0])
        return self._read_salt

    def _address(self, target: str, api: str) -> int | None:
        sql = "SELECT address FROM addresses WHERE target = ? AND api = ?"
        row = next(self.rows(sql, target, one_address(api)), None)
        return None if row is None else int(row[0])

    def _one(self, sql: str, *values: object) -> tuple[Any, ...]:
        row = next(self.rows(sql, *values), None)
        if row is None:
            raise JournalFailed(f"can't read the journal {self.name}: it lacks what every journal has")
        return row
