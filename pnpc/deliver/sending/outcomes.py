"""What an answer, or the lack of one, means for a message and for the run, a pure table; and why a run ended early.

LINE knows no retry key for notification messages: after a lost answer it is not known whether the message was sent, so
only what certainly was not sent is sent again. The status line alone decides; a broken body changes nothing.

Sources: LINE's reference of the endpoints (200, 202, 400, 401, 403, 413, 415, 422, 429); its page on retries, which
says of 5xx that the message may have been delivered; RFC 9110 for the rest.
"""

from http import HTTPStatus as Http
from typing import Literal, NamedTuple

from pnpc.compile.targets import Target
from pnpc.compile.targets.line import Line

Kind = Literal["accepted", "refused", "unknown", "not_sent"]
Advice = Literal["go", "slow", "stop"]


class Observation(NamedTuple):
    """What was seen of one request.

    `left`: bytes of it may have left. `status`: of the status line, None if none came. `error`: one word for why none
    came, `detail` the words of the system. `retry_after`: seconds, where the answer named them. `token_ended`: another
    access token may change a 401. `date`: the answer's header Date, as it came.
    """

    left: bool
    status: int | None = None
    body: bytes = b""
    error: str = ""
    request_id: str | None = None
    retry_after: float | None = None
    detail: str = ""
    token_ended: bool = False
    date: str = ""


class Outcome(NamedTuple):
    """What became of a message, why (one word of a closed list), and what the run should do."""

    kind: Kind
    reason: str
    advice: Advice = "go"


# Each reason in words; `{receiver}` is who takes the requests of the target.
REASONS = {
    "accepted": "{receiver} accepted it",
    "request": "400: {receiver} refuses the request",
    "too-large": "413: the body is too large",
    "media-type": "415: the content type is refused",
    "recipient": "422: it can't be sent to this person",
    "refused": "another 4xx",
    "server-error": "5xx: it may have been sent all the same",
    "answer-lost": "408, or an invalid answer: it may have been sent",
    "timeout": "no answer in time: it may have been sent",
    "connection-lost": "the connection broke after sending began: it may have been sent",
    "stopped": "the run was stopped while it waited for an answer",
    "process-ended": "the process ended before it noted an answer",
    "restored": "the journal was restored from a backup that is older: it may have been sent",
    "connect": "no connection, so nothing was sent",
    "rate-limit": "429: too fast, so nothing was sent",
    "monthly-limit": "429: the month's messages are used up; the run stops",
    "no-token": "no access token is to be had, so nothing was sent; the run stops",
    "token-ended": "401: the access token has ended, so nothing was sent; it is renewed",
    "unauthorized": "401: the access token is refused; the run stops",
    "forbidden": "403: the account may not use this API; the run stops",
    "not-found": "404, 405 or 410: this is not an endpoint for messages; the run stops",
    "redirect": "3xx: not followed, because the request would go elsewhere; the run stops",
}

_FINAL = {Http.BAD_REQUEST: "request", Http.REQUEST_ENTITY_TOO_LARGE: "too-large"} | {
    Http.UNSUPPORTED_MEDIA_TYPE: "media-type",
    Http.UNPROCESSABLE_ENTITY: "recipient",
}
_STOPPING = {Http.UNAUTHORIZED: "unauthorized", Http.FORBIDDEN: "forbidden"} | dict.fromkeys(
    (Http.NOT_FOUND, Http.METHOD_NOT_ALLOWED, Http.GONE), "not-found"
)


def in_words(reason: str, receiver: str) -> str:
    """A reason in words about a target; one that an older pnpc has written stays as it is."""
    return REASONS[reason].format(receiver=receiver) if reason in REASONS else reason


# `answer`: an answer that holds for all messages; `refusals`: the first answers are the same refusal; `trouble`: no answers, or
# 429 for too long; `away`: the journal can't be reached just now; `payloads`: the payload files can't be read; `closed`: a program closed its sender.
StopKind = Literal[
    "answer", "away", "closed", "deadline", "failure", "hours", "journal", "payloads", "refusals", "signal", "trouble"
]


class StopReason(NamedTuple):
    """Why a run ended early. `text` is one line for people; of the kind `answer` it is a word of REASONS. `signal` is
    the name of the first signal that came, whatever ended the run first."""

    kind: StopKind
    text: str
    signal: str = ""

    def words(self, receiver: str) -> str:
        """For people; `receiver` takes the requests of the target."""
        return in_words(self.text, receiver) if self.kind == "answer" else self.text


def stopped_by(signal: str) -> StopReason:
    """A signal came."""
    return StopReason("signal", f"stopped by {signal}", signal)


def classify(seen: Observation, target: type[Target] = Line) -> Outcome:
    """The outcome of a request to a target."""
    if seen.status is None:
        advice: Advice = "stop" if seen.error == "no-token" else "go"
        return Outcome("unknown", seen.error) if seen.left else Outcome("not_sent", seen.error, advice)
    status = seen.status
    if seen.token_ended and status == Http.UNAUTHORIZED:
        return Outcome("not_sent", "token-ended")
    if status in target.accepted:
        return Outcome("accepted", "accepted")
    if Http.MULTIPLE_CHOICES <= status < Http.BAD_REQUEST:
        return Outcome("not_sent", "redirect", "stop")
    if status == Http.TOO_MANY_REQUESTS:
        monthly = target.used_up is not None and target.used_up in seen.body.lower()
        return Outcome("not_sent", "monthly-limit", "stop") if monthly else Outcome("not_sent", "rate-limit", "slow")
    if status in _STOPPING:
        return Outcome("not_sent", _STOPPING[Http(status)], "stop")
    if status == Http.REQUEST_TIMEOUT or status < Http.MULTIPLE_CHOICES:
        return Outcome("unknown", "answer-lost")
    if Http.BAD_REQUEST <= status < Http.INTERNAL_SERVER_ERROR:
        return Outcome("refused", _FINAL.get(status, "refused"))  # type: ignore[call-overload]
    return Outcome("unknown", "server-error")
