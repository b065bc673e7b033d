"""What became of a journal's messages, added up: how many stand where, and why."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from pnpc.compile.targets import TARGETS, Target
from pnpc.compile.targets.line import Line
from pnpc.deliver.standing.statuses import STANDINGS, TriedMessage
from pnpc.language.message.answers import details
from pnpc.report.clean import visible

_TOLD = frozenset(("refused", "undelivered", "unconfirmed", "unknown"))  # states with reasons
_MOST_REASONS = 500  # kept apart; LINE's words may name a value, and then there are as many as messages
_MOST_IDS = 3  # of request ids, and of the target's names of messages, for each reason


class Reason(NamedTuple):
    """Why messages stand where they do: the journal's word, the status of HTTP, and what LINE said."""

    standing: str
    reason: str | None
    status: int | None
    says: str | None


class StatusSummary:
    """Adds up messages. `counts` by standing, `reasons` of those that did not arrive, `request_ids` and `message_ids` (the
    target's own names of messages) for each of them."""

    def __init__(self) -> None:
        self.counts = dict.fromkeys(STANDINGS, 0)
        self.reasons: Counter[Reason] = Counter()
        self.request_ids: dict[Reason, list[str]] = {}
        self.message_ids: dict[Reason, list[str]] = {}
        self.attempts = 0
        self.again = 0
        self.first: int | None = None
        self.last: int | None = None
        self._words: dict[tuple[str | None, str], str | None] = {}

    def add(self, message: TriedMessage) -> None:
        """Count a message that was tried."""
        self.counts[message.standing] += 1
        self.attempts += message.attempts
        self.again += message.attempts > 1
        if self.first is None or self.last is None:
            self.first = self.last = message.at
        elif message.at > self.last:
            self.last = message.at
        elif message.at < self.first:
            self.first = message.at
        if message.standing in _TOLD:
            self._tell(message)

    def finish(self, remaining: int) -> None:
        """Count what was not tried, given the number of messages that are left to be sent."""
        self.counts["planned"] = max(remaining, self.counts["planned"])

    def _tell(self, message: TriedMessage) -> None:
        says = self._says(message.answer, message.target) if message.standing == "refused" else message.why
        reason = Reason(message.standing, message.reason, message.status, says)
        if reason not in self.reasons and len(self.reasons) >= _MOST_REASONS:
            reason = reason._replace(says="(other words)")
        self.reasons[reason] += 1
        for listed, id in ((self.request_ids, message.request_id), (self.message_ids, message.message_id)):
            ids = listed.setdefault(reason, [])
            if id is not None and len(ids) < _MOST_IDS:
                ids.append(id)

    def _says(self, answer: str | None, target: str) -> str | None:
        if (answer, target) not in self._words:
            if len(self._words) > _MOST_REASONS:
                self._words = {}
            self._words[answer, target] = words(answer, target)
        return self._words[answer, target]


def words(answer: str | None, target: str) -> str | None:
    """What a target's answer says, as one line: its details with their places, else its message, else the text.

    Whoever stood between the target and us may have written it: what a terminal would obey, or no file can hold, is made
    visible.
    """
    return None if answer is None else visible(_words(answer, TARGETS.get(target, Line)))


def _words(answer: str, target: type[Target]) -> str:
    try:
        said = json.loads(answer)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        return " ".join(answer.split())
    said = target.said(said)
    parts = [_detail(detail) for detail in details(said)]
    return "; ".join(part for part in parts if part) or _text(said, "message") or " ".join(answer.split())


def _detail(detail: Mapping[str, Any]) -> str:
    place = _text(detail, "property")
    says = _text(detail, "message")
    return f"{says} (at `{place}`)" if place else says


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    return " ".join(value.split()) if isinstance(value, str) else ""
