"""Where each message of a journal stands, as far as can be known: also what no event proves.

LINE reports a delivery by an event, and a failure by no event: a message that is not there within 24 hours is deleted.
So "not delivered" needs a receiver that was there all that time and heard LINE; else it is not known. Source:
https://developers.line.biz/en/docs/partner-docs/line-notification-messages/message-sending-complete-webhook-event/
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple

from pnpc.compile.targets import TARGETS
from pnpc.deliver.journal.any_journal import AnyJournal
from pnpc.deliver.journal.runs import PushRun
from pnpc.deliver.webhooks.inbox import waiting

# Each standing in words; `{receiver}` is who takes the requests of the target.
STANDINGS = {
    "delivered": "an event from {receiver} says so",
    "waiting": "{receiver} accepted them; an event may still come",
    "undelivered": "no event within 24 hours and the grace period, and a receiver was running",
    "unconfirmed": "{receiver} accepted them; it is not known whether they were delivered",
    "refused": "{receiver} refused them",
    "unknown": "the answer was lost: they may have been sent",
    "sending": "waiting for the answer",
    "planned": "not sent yet",
}
# Why the undelivered count as such, and why of the unconfirmed it can't be known.
REASONS = {
    "no-event": "no event came in time: LINE deletes what it can't deliver",
    "no-receiver": "no receiver of LINE's webhook ran",
    "receiver-away": "the receiver was not running all the time",
    "receiver-deaf": "the receiver heard nothing since",
    "shared-tag": "other messages have the same delivery tag",
    "reported": "reported as not delivered",
    "no-report": "no report came, which proves nothing: not every failure may be reported, and a receiver must run",
    "other-target": "the target reports no deliveries to pnpc",
}
_GAP = 60_000  # milliseconds: a receiver that was away for less counts as there, for it has to be restarted at times


class Receivers(NamedTuple):
    """When receivers of LINE's webhook were there, as intervals in order that do not touch; and when one last heard LINE."""

    there: list[tuple[int, int]]
    heard: int | None

    def doubt(self, sent: int, over: int) -> str | None:
        """Why no event for a message that was sent at a time, and could come until another, proves nothing; or None."""
        at = bisect_right(self.there, sent, key=itemgetter(0)) - 1
        if at >= 0 and over <= self.there[at][1]:
            return None if self.heard is not None and self.heard >= sent else "receiver-deaf"
        return "receiver-away" if any(began < over and sent < other for began, other in self.there) else "no-receiver"


class View(NamedTuple):
    """A look at a journal: `now`, the `grace` after 24 hours (both in milliseconds), and whether a push is running."""

    now: int
    grace: int
    is_sending: bool


class TriedMessage(NamedTuple):
    """One message that was tried. `row` of the recipients' table (FILE:LINE), `line` of the payload file; `standing`
    one of STANDINGS; `reason` one of REASONS, or the journal's word where nothing there fits; `at` when it was sent,
    `answered` when that was answered; `message_id` is the target's name of it, `why` what the target reported of it."""

    row: str | None
    line: int
    id: str
    standing: str
    reason: str | None
    status: int | None
    at: int
    answered: int | None
    request_id: str | None
    answer: str | None
    attempts: int
    message_id: str | None
    target: str
    why: str | None = None


def receivers(journal: AnyJournal) -> Receivers:
    """The receivers that a journal knows of. Raises JournalFailed."""
    there: list[tuple[int, int]] = []
    heard = None
    for begin, end, last in journal.rows("SELECT at, alive, heard FROM listeners ORDER BY at"):
        if there and begin - there[-1][1] < _GAP:
            there[-1] = (there[-1][0], max(there[-1][1], end))
        else:
            there.append((begin, end))
        heard = max((time for time in (heard, last) if time is not None), default=None)
    return Receivers(there, heard)


class QueuedLines(NamedTuple):
    """A shard of the queue: the digest of its payloads, where they go, how many messages they are."""

    payloads: str
    api: str
    messages: int


def remaining(
    journal: AnyJournal, run: int | None = None, since: int = 0, shards: Sequence[QueuedLines] = ()
) -> int:  # fmt: skip
    """Messages of payload files that no run has tried, or that certainly were not sent: of the last push to each address,
    or of one run; of pushes that began at a time or later. What an earlier push left is in the file of a later one, or is not sent any more.
    Of `shards`, whose pushes run side by side, each counts.

    A run says so at its end; of one that was killed it is what its file holds beyond the messages that were tried.
    Raises JournalFailed.
    """
    queued = {(shard.payloads, shard.api): shard.messages for shard in shards}
    last, of_shards = dict[tuple[str, str], PushRun](), dict[tuple[str, str], PushRun]()
    for each in journal.runs():
        if run in (None, each.run) and each.at >= since:
            if (each.payloads, each.api) in queued:
                of_shards[each.payloads, each.api] = each
            else:
                last[each.target, each.api] = each
    left = sum(_left(journal, each.payloads, each.api, each.lines, each.remaining) for each in last.values())
    for (payloads, api), messages in queued.items():
        shard = of_shards.get((payloads, api))
        left += _left(journal, payloads, api, messages, None if shard is None else shard.remaining)
    return left


def _left(journal: AnyJournal, payloads: str, api: str, messages: int, said: int | None) -> int:
    """What is left of messages: what their run said at its end (None: it did not), or those that were not tried."""
    if said is not None:
        return said
    ((tried,),) = journal.rows(_TRIED, payloads, api)
    return max(0, messages - int(tried))


def messages(journal: AnyJournal, view: View, run: int | None = None, since: int = 0) -> Iterator[TriedMessage]:
    """Every message that was tried, or those that one run tried last, and were tried last at a time or later; and where it
    stands. Raises JournalFailed."""
    known = receivers(journal)
    shared = {message for (message,) in journal.rows(_SHARED)}
    failed = dict(journal.rows(_FAILED))
    for message, *values in journal.rows(_MESSAGES + journal.dialect.by_message, run, since):
        tried, doubt = TriedMessage(*values), None
        if tried.standing in ("accepted", "unknown"):
            if message in failed:
                yield tried._replace(standing="undelivered", reason="reported", why=failed[message])
                continue
            reports = TARGETS[tried.target].reports if tried.target in TARGETS else "none"
            doubt = "other-target" if reports == "none" else "shared-tag" if message in shared else None
            sent = tried.answered or tried.at
            if reports == "callback" and doubt is None and _is_over(sent, view):
                doubt = "no-report"  # whoever was there: its silence proves nothing
            standing, doubt = _standing(tried.standing, doubt, sent, known, view)
            if standing == "unknown" and tried.answered is None and view.is_sending:
                standing = "sending"
            tried = tried._replace(standing=standing)
        yield tried._replace(reason=doubt or tried.reason)


def _standing(state: str, doubt: str | None, sent: int, known: Receivers, view: View) -> tuple[str, str | None]:
    """Where a message stands whose delivery is open, and why its delivery can't be known."""
    if doubt is None and not _is_over(sent, view):
        return ("waiting" if state == "accepted" else "unknown"), None
    doubt = doubt or known.doubt(sent, _over(sent, view))
    if doubt is None:
        return "undelivered", "no-event"
    return ("unconfirmed", doubt) if state == "accepted" else ("unknown", None)


def _over(sent: int, view: View) -> int:
    """Until when a report of a message may come."""
    return sent + waiting() + view.grace


def _is_over(sent: int, view: View) -> bool:
    return _over(sent, view) <= view.now


_TRIED = (
    "SELECT count(DISTINCT message) FROM intents JOIN runs USING (run) JOIN addresses USING (address)"
    " LEFT JOIN results USING (intent) WHERE payloads = ? AND api = ? AND coalesce(outcome, 'unknown') <> 'not_sent'"
)
# Then what a TriedMessage has, but for its state as the journal knows it.
_MESSAGES = (
    "SELECT message, row, line, id, state, reason, status, at, answered, request_id, answer, attempts, message_id, target"
    " FROM messages JOIN addresses USING (address) WHERE (CAST(?1 AS BIGINT) IS NULL OR run = ?1) AND at >= ?2"
)
# What a report says of messages that it calls not delivered: of the last one, where several came.
_FAILED = (
    "SELECT h.message, h.why FROM events e JOIN heard h USING (event) WHERE e.failed"
    " AND NOT EXISTS (SELECT 1 FROM heard o WHERE o.event = e.event AND o.message <> h.message) ORDER BY e.at"
)
# Messages of which an event may be that proves nothing: it may be of others as well.
_SHARED = "SELECT DISTINCT message FROM attempts WHERE delivered IS NULL AND intent IN (SELECT intent FROM heard WHERE NOT failed)"
