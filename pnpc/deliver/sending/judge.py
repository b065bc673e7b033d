"""What an answer tells the breaker: trouble, a limit, or a refusal that others may share."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from pnpc.deliver.sending.breaker import SeenOutcome
from pnpc.deliver.sending.outcomes import Observation, Outcome


def seen_as(seen: Observation, outcome: Outcome) -> SeenOutcome:
    """An outcome as the breaker takes it."""
    if outcome.advice == "slow":
        return SeenOutcome(limited=True)
    if outcome.kind == "unknown" or seen.status is None:
        return SeenOutcome(trouble=True)
    # 422 is about this person alone: twenty in a row are a poor table, but no reason to stop.
    if outcome.kind == "refused" and seen.status != HTTPStatus.UNPROCESSABLE_ENTITY:
        return SeenOutcome(refusal=f"{seen.status} {property_of(answer_of(seen.body))}")
    return SeenOutcome()


def answer_of(body: bytes) -> Mapping[str, Any]:
    """The JSON object of an answer; an empty one if it has none."""
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
