"""What an answer tells the breaker (trouble, a limit, or a refusal that others may share), and what a journal keeps of it."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from pnpc.compile.targets import Target
from pnpc.compile.targets.line import Line
from pnpc.deliver.journal.records import Result
from pnpc.deliver.journal.timestamps import now
from pnpc.deliver.sending.breaker import SeenOutcome
from pnpc.deliver.sending.outcomes import Observation, Outcome
from pnpc.deliver.sending.redact import redacted

_MOST_NAMED = 200  # characters of a message's name


def seen_as(seen: Observation, outcome: Outcome, target: type[Target] = Line) -> SeenOutcome:
    """An outcome as the breaker takes it."""
    if outcome.advice == "slow":
        return SeenOutcome(limited=True)
    if outcome.kind == "unknown" or seen.status is None:
        return SeenOutcome(trouble=True)
    # 422 is about this person alone: twenty in a row are a poor table, but no reason to stop.
    if outcome.kind == "refused" and seen.status != HTTPStatus.UNPROCESSABLE_ENTITY:
        return SeenOutcome(refusal=f"{seen.status} {property_of(answer_of(seen.body, target))}")
    return SeenOutcome()


def answer_of(body: bytes, target: type[Target]) -> Mapping[str, Any]:
    """The JSON object of a target's answer, in LINE's form; an empty one if it has none."""
    return target.said(_object(body))


def result_of(intent: int, claimed: int, seen: Observation, outcome: Outcome, target: type[Target]) -> Result:
    """The result of an intent, which was claimed at a time (milliseconds since 1970)."""
    said = seen.body.decode("utf-8", "replace") if seen.status is not None else seen.detail
    at = now()
    took = max(0, at - claimed)  # a clock may be set back
    named = _message_id(seen, outcome, target)
    return Result(intent, outcome.kind, outcome.reason, seen.status, seen.request_id, redacted(said), at, took, named)


def _message_id(seen: Observation, outcome: Outcome, target: type[Target]) -> str | None:
    """The name that a target gave to a message that it accepted."""
    if target.message_key is None or outcome.kind != "accepted":
        return None
    named = _object(seen.body).get(target.message_key)
    return named[:_MOST_NAMED] if isinstance(named, str) and named.isprintable() and named else None


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def property_of(answer: Mapping[str, Any]) -> str:
    """The first property that an answer names; its message where it names none."""
    details = answer.get("details")
    first = details[0] if isinstance(details, list) and details else None
    named = first.get("property") if isinstance(first, dict) else None
    return str(named or answer.get("message") or "")
