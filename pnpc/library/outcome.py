"""What became of a message that a program sent, and what to do about it."""

from datetime import UTC, datetime
from typing import Literal, NamedTuple, cast

from pnpc.compile.targets import Target
from pnpc.deliver.journal.records import KnownMessage, Result
from pnpc.deliver.journal.timestamps import SECOND
from pnpc.deliver.sending.outcomes import StopReason, in_words

# Reasons that a sender has beside those of a push and of the journal (`outcomes.REASONS`).
SENDER_REASONS = ("settled", "claimed", "changed", "only")
State = Literal["accepted", "delivered", "refused", "unknown", "not_sent", "held"]

_TO_DO = {
    "accepted": "nothing; `pnpc status` shows whether it was delivered",
    "delivered": "nothing",
    "refused": "correct the message: this one is not sent again",
    "unknown": "do not send it again: it may have arrived. A delivery event proves that it did; `pnpc journal settle` is for "
    "what you know yourself",
    "not_sent": "send it again later: nothing was sent",
    "held": "if the other words are meant, send with send_changed=True",
}
# Where the reason of a refusal, or of a message that was not sent, says more than its state.
_TO_DO_ABOUT = {
    "recipient": "reach this person in another way, such as an SMS: the same message is not sent again",
    "unauthorized": "give a valid access token, then send again: nothing was sent",
    "forbidden": "the account may not send such messages: ask for it, then send again; nothing was sent",
    "monthly-limit": "raise the account's limit, or wait for the next month; nothing was sent",
}
_SETTLED = "a person settled that it was sent"
_HELD = {
    "changed": ("this person was sent other words with the same delivery tag", _TO_DO["held"]),
    "only": ("this person is not on the list of `only`", "to send to everybody, take `only` away"),
}


class SendOutcome(NamedTuple):
    """What became of a message. It is in the journal when a caller hears it.

    `state`: `accepted` (the target took it), `delivered` (an event proves it), `refused` (it never will be sent), `unknown` (it
    may have been sent, and is not sent again), `not_sent` (surely not sent; it may be sent again), `held` (not sent, because
    this person was sent other words with the same delivery tag, or is not on the list of `only`). `sent_now`: a request left for
    this call; else the journal knew the message before, nothing left, or another call at the same moment sent it. `at` is when that became known. `reason` is a word of
    the closed list in docs/push.md, the same now and whenever the message is asked for again; `why` and `what_to_do` are for people. `status` is
    the answer's, `request_id` the name by which the target's support finds the request, `message_id` the target's own name of
    the message: each None where there is none.
    """

    id: str
    state: State
    sent_now: bool
    at: datetime | None
    reason: str
    why: str
    what_to_do: str
    status: int | None = None
    request_id: str | None = None
    message_id: str | None = None

    @property
    def is_sent(self) -> bool:
        """Whether the target has the message."""
        return self.state in ("accepted", "delivered")


def of_result(id: str, result: Result, target: type[Target]) -> SendOutcome:
    """The outcome of a request, as the journal has it."""
    state = cast("State", result.outcome)
    return SendOutcome(
        id, state, state != "not_sent", _time(result.at), result.reason, _why(result.reason, target), _to_do(state, result.reason),
        result.status, result.request_id, result.message_id,
    )  # fmt: skip


def of_known(id: str, known: KnownMessage, target: type[Target]) -> SendOutcome:
    """The outcome of a message that the journal knows as delivered, accepted, refused or unknown: it is not sent again."""
    state, reason = cast("State", known.state), known.reason
    if state == "delivered":
        why = "a delivery event proves that it arrived"
    else:
        why = _SETTLED if reason == "settled" else _why(reason, target)
    return SendOutcome(
        id, state, False, _time(known.at), reason, f"{why} (known from the journal)", _to_do(state, reason),
        known.status, known.request_id, known.message_id,
    )  # fmt: skip


def of_held(id: str, reason: Literal["changed", "only"]) -> SendOutcome:
    """The outcome of a message in other words than this person was sent, or to somebody who is not on a list."""
    return SendOutcome(id, "held", False, None, reason, *_HELD[reason])


def of_other_sender(id: str) -> SendOutcome:
    """The outcome of a message that another sender with the same journal has claimed."""
    why = "another sender is sending it"
    return SendOutcome(id, "unknown", False, None, "claimed", why, "ask again later: send tells what became of it")


def of_stop(id: str, why: StopReason, last: Result | None, target: type[Target]) -> SendOutcome:
    """The outcome of a message that was not sent, because sending stopped; `last` is the result of its last try."""
    reason = why.text if why.kind == "answer" else "stopped"
    outcome = SendOutcome(id, "not_sent", False, None, reason, why.words(target.receiver), _to_do("not_sent", reason))
    if last is None:
        return outcome
    return outcome._replace(at=_time(last.at), status=last.status, request_id=last.request_id)


def _why(reason: str, target: type[Target]) -> str:
    return in_words(reason, target.receiver)


def _to_do(state: State, reason: str) -> str:
    return _TO_DO_ABOUT.get(reason, _TO_DO[state])


def _time(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / SECOND, UTC)
