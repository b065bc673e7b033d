"""Who was sent what: every message that was accepted, and how many requests were answered how."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import IO, Any

from pnpc.emulator.clock import day, iso


class LedgerEntry:
    """One accepted message: when, for which recipient (`to` is a digest), with which tag, and when it was delivered (None:
    not yet).

    `fault` spoiled the answer to it (None: it was answered), `body` is the request as it came. Times are seconds since
    the epoch, on the emulator's clock.
    """

    __slots__ = ("body", "channel", "delivered", "fault", "kind", "person", "request_id", "tag", "time", "to")

    def __init__(
        self, time: float, kind: str, channel: str, to: str, tag: str | None, person: str, request_id: str,
        fault: str | None, body: bytes,
    ) -> None:  # fmt: skip
        self.time, self.kind, self.channel, self.to, self.tag = time, kind, channel, to, tag
        self.person, self.request_id, self.fault, self.body = person, request_id, fault, body
        self.delivered: float | None = None

    def as_json(self) -> dict[str, Any]:
        """The entry for programs; times in ISO 8601."""
        return {
            "time": iso(self.time), "kind": self.kind, "to": self.to, "tag": self.tag, "person": self.person,
            "requestId": self.request_id, "fault": self.fault,
            "delivered": None if self.delivered is None else iso(self.delivered), "body": json.loads(self.body),
        }  # fmt: skip


class Ledger:
    """The entries in their order; with `file`, each is also written there as a line of JSON when it is accepted."""

    def __init__(self, file: IO[str] | None = None) -> None:
        self._entries: list[LedgerEntry] = []
        self._file = file
        self._delivered: Counter[tuple[str, str, str]] = Counter()
        self._accepted: Counter[tuple[str, str]] = Counter()
        self.answers: Counter[str] = Counter()  # by status, or by the fault that struck

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[LedgerEntry]:
        return iter(tuple(self._entries))

    def add(self, entry: LedgerEntry) -> LedgerEntry:
        """Take an entry down. Raises OSError for a file that can't be written."""
        self._entries.append(entry)
        self._accepted[entry.channel, _month(entry.time)] += 1
        if self._file is not None:
            self._file.write(json.dumps(entry.as_json(), ensure_ascii=False) + "\n")
            self._file.flush()
        return entry

    def deliver(self, entry: LedgerEntry, now: float) -> None:
        """The message has reached the person."""
        entry.delivered = now
        self._delivered[entry.channel, entry.kind, day(now)] += 1

    def accepted_in_month(self, channel: str, now: float) -> int:
        """How many messages a channel has sent in the month of a moment (UTC+9)."""
        return self._accepted[channel, _month(now)]

    def delivered_on(self, channel: str, kind: str, date: str) -> int:
        """How many messages of a kind were delivered for a channel on a day, `yyyyMMdd` in UTC+9."""
        return self._delivered[channel, kind, date]

    def find(self, to: str | None = None, tag: str | None = None) -> list[LedgerEntry]:
        """The entries of a person, of a tag, or all."""
        return [entry for entry in self._entries if to in (None, entry.to) and tag in (None, entry.tag)]

    def duplicates(self) -> list[list[LedgerEntry]]:
        """Groups of entries in which one person was sent the same body more than once."""
        return _groups((sha256(entry.to.encode() + entry.body).digest(), entry) for entry in self._entries)

    def shared_tags(self) -> list[list[LedgerEntry]]:
        """Groups of entries that share a delivery tag: the webhook can't tell them apart."""
        return _groups((entry.tag, entry) for entry in self._entries if entry.tag is not None)

    def clear(self) -> None:
        """Forget all entries; counts of days and months stay."""
        self._entries.clear()


def _groups(pairs: Iterable[tuple[object, LedgerEntry]]) -> list[list[LedgerEntry]]:
    groups: dict[object, list[LedgerEntry]] = {}
    for key, entry in pairs:
        groups.setdefault(key, []).append(entry)
    return [group for group in groups.values() if len(group) > 1]


def _month(seconds: float) -> str:
    return day(seconds)[: len("yyyyMM")]
