"""The journals that a receiver of webhooks keeps events in: each event goes to the journal that has its tag.

Journals come and go while a receiver runs: a push makes one only when it begins. So a name may be that of a file that
is not there yet, or of a folder, of which every `*.journal.db` counts. An intent is written before its request leaves;
so when an event comes, its journal is there, and is found then. Of a folder, the journals that have sent nothing for
three days are left closed, until somebody opens them again. A journal that can't be used keeps no other one waiting.
For one thread at a time.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple

from pnpc.deliver import opening
from pnpc.deliver.journal.any_journal import AnyJournal
from pnpc.deliver.journal.records import Event, JournalFailed
from pnpc.deliver.journal.soundness import NotAJournal
from pnpc.deliver.journal.timestamps import SECOND
from pnpc.line.service import consent_seconds
from pnpc.project.inside import is_database
from pnpc.project.journals import SUFFIX

_SLACK = 600_000  # milliseconds by which two clocks may differ
_REST = 3 * 86_400_000  # milliseconds after its last message in which a journal of a folder is kept open
_PATIENCE = 0.5  # seconds to wait for a journal that another process writes: LINE waits two for the answer

Tell = Callable[[str], None]
Failure = JournalFailed | OSError


class EventCounts(NamedTuple):
    """What became of some events: new ones, duplicates of earlier ones, those whose tag no journal has (`strangers`),
    and those whose tag several journals have, which prove nothing (`shared`)."""

    new: int = 0
    duplicates: int = 0
    strangers: int = 0
    shared: int = 0


class KeepingRound(NamedTuple):
    """One round of keeping events: what became of them, those that are `left` to be tried again, and the first error."""

    kept: EventCounts
    left: list[Event]
    error: Failure | None


class _OpenJournal(NamedTuple):
    """An open journal, the identity of its file (of its URL, for a database), and the number of our row in its table of
    listeners; None while it could not be written."""

    journal: AnyJournal
    file: tuple[int, int]
    listener: int | None = None


class Inbox:
    """Opens journals as they appear. Close it."""

    def __init__(self, names: Sequence[str], since: int, tell: Tell, *, hears_line: bool = True) -> None:
        """`names` of files and folders; `since` when the receiver began; `tell` takes a line for people. A receiver
        that can't hear LINE (`hears_line`), for it has no channel secret, notes in no journal that it is there."""
        self._names = names
        self._since = since
        self._tell = tell
        self._hears_line = hears_line
        self._open: dict[str, _OpenJournal] = {}
        self._named: set[str] = set()
        self._resting: dict[str, int] = {}

    @property
    def journals(self) -> int:
        """How many journals are open."""
        return len(self._open)

    def look(self, now: int) -> None:
        """Open the journals that are there, and let go of those that are gone. Raises JournalFailed."""
        self._let_go()
        for name, is_named in self._candidates():
            if name not in self._open and not self._rests(name):
                self._take_up(name, now)
            if name in self._open and not is_named:
                self._let_rest(name, now)

    def keep(self, events: Sequence[Event], now: int) -> KeepingRound:
        """Keep events in their journals: all but those that are left are durable when this returns."""
        self._let_go()
        owners, errors = self._owners(events)
        if any(event.tag not in owners and not self._that_know(event) for event in events):
            looked = _tried(self.look, now)
            owners, errors = self._owners(events)
            errors += looked
        mine: dict[str, list[Event]] = {}
        left: list[Event] = []
        strangers = shared = 0
        for event in events:
            names = self._that_know(event) or _fitting(owners.get(event.tag, {}), event.at)
            if len(names) == 1:
                mine.setdefault(names[0], []).append(event)
            elif errors and event.tag not in owners:
                left.append(event)  # it may be of a journal that can't be read just now
            else:
                strangers += not names
                shared += len(names) > 1
        new = 0
        for name, some in mine.items():
            try:
                new += self._open[name].journal.add_events(some)
            except JournalFailed as error:
                errors.append(error)
                left += some
        kept = EventCounts(new, len(events) - len(left) - new - strangers - shared, strangers, shared)
        return KeepingRound(kept, left, next(iter(errors), None))

    def alive(self, now: int, heard: int | None) -> None:
        """Note in every journal that the receiver is there, and when it last heard LINE, if it can.

        Raises the first JournalFailed or OSError, after all have been tried.
        """
        errors = _tried(self.look, now)
        for name in self._open:
            errors += _tried(self._sign, name, now, heard)
        if errors:
            raise errors[0]

    def close(self) -> None:
        """Close all journals."""
        for opened in self._open.values():
            opened.journal.close()
        self._open.clear()

    def _owners(self, events: Sequence[Event]) -> tuple[dict[str, dict[str, tuple[int, int]]], list[Failure]]:
        """For each tag that a journal has, the names of those journals, each with its first and last time of sending;
        and why some could not be asked."""
        tags = {event.tag for event in events}
        owners: dict[str, dict[str, tuple[int, int]]] = {}
        errors: list[Failure] = []
        for name, opened in self._open.items():
            try:
                sent = opened.journal.sent(tags)
            except JournalFailed as error:
                errors.append(error)
                continue
            for tag, times in sent.items():
                owners.setdefault(tag, {})[name] = times
        return owners, errors

    def _that_know(self, event: Event) -> list[str]:
        """The journals that know the message which a report names. One that can't be asked now has its tag, too, and that
        says so."""
        names = []
        for name, opened in self._open.items() if event.message_id is not None else ():
            with suppress(JournalFailed):
                names += [name] if opened.journal.has_message(event.message_id or "") else []
        return names

    def _let_go(self) -> None:
        """What is written into a file without a name is lost."""
        for name, opened in list(self._open.items()):
            if _identity(name) != opened.file:
                self._tell(f"{name} was removed or replaced")
                self._open.pop(name).journal.close()

    def _take_up(self, name: str, now: int) -> None:
        """Open a journal, once under whatever names: under two, each of its events would be of several journals."""
        if _identity(name) in {opened.file for opened in self._open.values()}:
            return
        try:
            journal = opening.open_beside(name, _PATIENCE)
        except FileNotFoundError:
            return
        except NotAJournal as error:
            if name not in self._named:
                self._named.add(name)
                self._tell(str(error))
            return
        if is_database(name) and journal.name_in_tags() in {
            opened.journal.name_in_tags() for other, opened in self._open.items() if is_database(other)
        }:
            journal.close()
            return
        self._open[name] = _OpenJournal(journal, _identity(name) or (0, 0))
        # One that can't be written now is ours all the same: its events must wait for it.
        for failed in _tried(self._sign, name, now, None):
            self._tell(str(failed))

    def _sign(self, name: str, now: int, heard: int | None) -> None:
        """Note in a journal that we are there, if we hear LINE. Raises JournalFailed."""
        if not self._hears_line:
            return
        opened = self._open[name]
        if opened.listener is not None:
            opened.journal.alive(opened.listener, now, heard)
        else:
            self._open[name] = opened._replace(listener=opened.journal.listen(self._since, now, heard))

    def _let_rest(self, name: str, now: int) -> None:
        """Close a journal that no event can be meant for any more."""
        journal = self._open[name].journal
        last = next((at for (at,) in journal.rows("SELECT at FROM intents ORDER BY intent DESC LIMIT 1")), now)
        if now - last > _REST:
            self._open.pop(name).journal.close()
            self._resting[name] = os.stat(name).st_mtime_ns

    def _rests(self, name: str) -> bool:
        """Whether a journal is unchanged since it was closed; a push that has it open has a log next to it."""
        since = self._resting.get(name)
        return since is not None and not os.path.exists(f"{name}-wal") and os.stat(name).st_mtime_ns == since

    def _candidates(self) -> Iterator[tuple[str, bool]]:
        """The files that are journals by their names, and whether they were named one by one."""
        for name in self._names:
            if not os.path.isdir(name):
                yield name, True
                continue
            with os.scandir(name) as entries:
                yield from sorted((entry.path, False) for entry in entries if entry.name.endswith(SUFFIX))


def _tried(work: Callable[..., None], *values: object) -> list[Failure]:
    """Do some work; the error that ended it, if one did."""
    try:
        work(*values)
    except (JournalFailed, OSError) as error:
        return [error]
    return []


def _identity(name: str) -> tuple[int, int] | None:
    """Which file a name leads to; None if there is none. A database stays where it is."""
    if is_database(name):
        return -1, hash(name)
    try:
        stat = os.stat(name)
    except OSError:
        return None
    return stat.st_dev, stat.st_ino


def _fitting(journals: dict[str, tuple[int, int]], at: int) -> list[str]:
    """The journals that an event at a time can be of: if several have its tag, those that sent it in the day before."""
    if len(journals) < 2:
        return list(journals)
    day = waiting()
    return [name for name, (first, last) in journals.items() if first - _SLACK <= at <= last + day + _SLACK]


def waiting() -> int:
    """Milliseconds in which a message may still reach a person after LINE accepted it; then LINE has deleted it."""
    return consent_seconds() * SECOND
