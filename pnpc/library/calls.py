"""What callers want to send, as the engine takes it: looked up in the journal together, each message once."""

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from typing import NamedTuple

from pnpc.compile.targets import Target
from pnpc.deliver.journal.records import Claim, Counts, Intent, JournalFailed, Result
from pnpc.deliver.journal.runs import NO_FILE
from pnpc.deliver.sending.attempts import Attempt
from pnpc.deliver.sending.engine import MOST_ATTEMPTS
from pnpc.deliver.sending.message import OutgoingMessage
from pnpc.deliver.sending.only import person
from pnpc.deliver.sending.options import SendOptions
from pnpc.deliver.sending.outcomes import Observation, Outcome, StopReason
from pnpc.deliver.sending.protocols import Memory
from pnpc.library.outcome import SendOutcome, of_held, of_known, of_other_sender, of_result, of_stop
from pnpc.library.tally import MessageTally

_BLOCK = 500  # messages that are looked up at once


class SendCall(NamedTuple):
    """A message, and who waits for its outcome."""

    message: OutgoingMessage
    waiting: "list[Future[SendOutcome]]"


class Calls:
    """A `MessageSource` of the engine. `add` and `close` may be called from any thread, all else by the engine's only."""

    def __init__(self, journal: Memory, target: type[Target], api: str, options: SendOptions) -> None:
        self.is_over = False
        self.sent = 0  # requests that left, or may have left
        self._journal = journal
        self._target, self._api, self._options = target, api, options
        self._new: deque[SendCall] = deque()
        self._ready: deque[Attempt] = deque()
        self._open: dict[str, SendCall] = {}  # calls without an outcome, by the ids of their messages
        self._subjects: dict[str, str] = {}  # what they are about, with the id
        self._last: dict[str, Result] = {}
        self._given_up: set[str] = set()
        self._ids: dict[int, str] = {}  # of the messages under way, by their intents
        self._tally = MessageTally()
        self._is_closing = False

    def add(self, call: SendCall) -> None:
        """A new call."""
        self._new.append(call)

    def close(self) -> None:
        """No call comes any more."""
        self._is_closing = True

    @property
    def has_new(self) -> bool:
        """Whether calls are waiting that nobody has looked at."""
        return bool(self._new)

    def take(self) -> Attempt | None:
        """The next message to be sent; None if there is none now. Raises JournalFailed."""
        while not self._ready and self._new:
            self._look_up()
        if self._ready:
            return self._ready.popleft()
        self.is_over = self._is_closing
        return None

    def _look_up(self) -> None:
        """What the journal knows of the new calls: those that it answers get their outcome, the others are to be sent."""
        fresh = self._fresh()
        about: dict[str, str] = {}
        held: set[str] = set()
        try:
            known = self._journal.known(self._target.name, self._api, list(fresh))
            for id, call in fresh.items():
                if self._options.wants(known.get(id)) and (subject := call.message.subject()) is not None:
                    about[id] = subject
            if not self._options.send_changed:
                # No file is exempt: a service that makes other words for the same order must say that it means them.
                held = self._journal.sent_in_other_words(self._target.name, self._api, about, NO_FILE)
        except JournalFailed:  # they are looked up again
            self._new.extendleft(reversed(fresh.values()))
            for id in fresh:
                del self._open[id]
            raise
        for id, call in fresh.items():
            before = known.get(id)
            if before is not None and not self._options.wants(before):
                self._settle(of_known(id, before, self._target))
            elif not self._is_listed(call.message):
                self._settle(of_held(id, "only"))
            elif id in held or self._is_said_otherwise(id, about.get(id)):
                self._settle(of_held(id, "changed"))
            else:
                self._ready.append(Attempt.of(call.message, before))

    def _fresh(self) -> dict[str, SendCall]:
        """The next new calls, by the ids of their messages; a call for a message that is open joins the one before it."""
        fresh: dict[str, SendCall] = {}
        while self._new and len(fresh) < _BLOCK:
            call = self._new.popleft()
            same = self._open.get(call.message.id)
            if same is not None and same.message.text != call.message.text:
                for future in call.waiting:
                    _answer(future, ValueError(f"two messages have the id {call.message.id}"))
            elif same is not None:
                same.waiting.extend(call.waiting)
            else:
                self._open[call.message.id] = fresh[call.message.id] = call
        return fresh

    def _is_listed(self, message: OutgoingMessage) -> bool:
        only = self._options.only
        return only is None or person(self._target.recipient_name(message.body)) in only.people

    def _is_said_otherwise(self, id: str, subject: str | None) -> bool:
        """Whether a message in other words about the same is just being sent."""
        if subject is None:
            return False
        return self._subjects.setdefault(subject, id) != id and not self._options.send_changed

    # --- outcomes ---

    def observe(self, attempt: Attempt, _seen: Observation, outcome: Outcome) -> None:
        """What the engine tells of an attempt: whether it tries the message again is not in the result."""
        if outcome.kind == "not_sent" and attempt.tries + 1 >= MOST_ATTEMPTS:
            self._given_up.add(attempt.message.id)

    def durable(self, claims: Sequence[Claim], intents: Sequence[Intent | None], results: Sequence[Result]) -> None:
        """What the engine has committed: each result is heard of once it is durable, and not before."""
        for result in results:
            self._hear(self._ids.pop(result.intent), result)
        refused = [claim for claim, intent in zip(claims, intents, strict=True) if intent is None]
        changed = self._changed_meanwhile(refused)
        for claim in refused:
            self._settle(of_held(claim.id, "changed") if claim.id in changed else of_other_sender(claim.id))
        for claim, intent in zip(claims, intents, strict=True):
            if intent is not None:
                self._ids[intent.intent] = claim.id

    def _changed_meanwhile(self, refused: Sequence[Claim]) -> set[str]:
        """Of messages that were not granted, those that another sender has sent in other words since they were looked up."""
        about = {claim.id: claim.subject for claim in refused if claim.subject is not None}
        if not about or self._options.send_changed:
            return set()
        try:
            return self._journal.sent_in_other_words(self._target.name, self._api, about, NO_FILE)
        except JournalFailed:  # the next call for it is answered
            return set()

    def _hear(self, id: str, result: Result) -> None:
        self.sent += result.outcome != "not_sent"
        if result.outcome != "not_sent" or id in self._given_up:
            self._settle(of_result(id, result, self._target))
        else:
            self._last[id] = result

    def stopped(self, why: StopReason, *, also_new: bool) -> None:
        """The engine sends no more: what was not sent so far is given back. New calls wait for the next engine, if there
        is to be one."""
        self._ready.clear()
        while also_new and self._new:
            call = self._new.popleft()
            self._open.setdefault(call.message.id, SendCall(call.message, [])).waiting.extend(call.waiting)
        for id in list(self._open):
            self._settle(of_stop(id, why, self._last.get(id), self._target))

    def fail(self, error: Exception) -> None:
        """Nothing can be sent any more."""
        for call in (*self._open.values(), *self._new):
            for future in call.waiting:
                _answer(future, error)
        self._open.clear()
        self._new.clear()

    def counts(self) -> Counts:
        """How many messages stand where, for the journal."""
        return self._tally.counts()

    def _settle(self, outcome: SendOutcome) -> None:
        call = self._open.pop(outcome.id, None)
        if call is None:
            return
        subject = call.message.subject()
        if subject is not None and self._subjects.get(subject) == outcome.id:
            del self._subjects[subject]
        self._last.pop(outcome.id, None)
        self._given_up.discard(outcome.id)
        self._tally.note(outcome)
        for future in call.waiting:
            if _answer(future, outcome):  # one request left: it is that of one call
                outcome = outcome._replace(sent_now=False)


def _answer(future: "Future[SendOutcome]", outcome: SendOutcome | Exception) -> bool:
    """Give a caller the outcome; whether it was still waiting."""
    if not future.set_running_or_notify_cancel():
        return False
    if isinstance(outcome, Exception):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)
    return True
