"""The answers to what a channel asks LINE without sending anything: its account, its month, its webhook, a validation.

The shapes are those of LINE's reference and of its SDK; the values come from the settings.
"""

import json
from http import HTTPStatus
from typing import Any

from pnpc.emulator.answers import Answer, accepted, of_content, whole
from pnpc.emulator.clock import iso
from pnpc.emulator.settings import EmulatorSettings
from pnpc.emulator.webhooks import SentPost

TEST = "webhook-test"


def told(name: str, raw: bytes, settings: EmulatorSettings, used: int, webhook: str | None) -> Answer:
    """The answer to a question by its name (see `pnpc.line.service.questions`). `used`: the month's messages, `webhook`: the
    URL that is set. For `webhook-test` it is what keeps LINE from testing; 200 where nothing does."""
    if name == "bot-info":
        return of_content(_account(settings))
    if name == "quota":
        limit = settings.monthly_limit
        return of_content({"type": "none"} if limit is None else {"type": "limited", "value": limit})
    if name == "quota-consumption":
        return of_content({"totalUsage": used})
    if name == "webhook-endpoint":
        if webhook is None:
            return whole("no-webhook")
        return of_content({"endpoint": webhook, "active": settings.webhook_active})
    if name == TEST:
        return _testable(raw, webhook)
    return accepted(HTTPStatus.OK)  # validate: the body was looked at before


def tested(post: SentPost, now: float) -> Answer:
    """What a test of a webhook found; `now` in seconds since the epoch."""
    status = post.status or 0
    detail = str(status) if post.status else "no answer"
    reason = "OK" if post.reason is None else post.reason
    result = {"success": post.reason is None, "timestamp": iso(now), "statusCode": status}
    return of_content({**result, "reason": reason, "detail": detail})


def _account(settings: EmulatorSettings) -> dict[str, Any]:
    """Of an account whose chat is off."""
    return {
        "userId": settings.destination,
        "basicId": settings.basic_id,
        "displayName": settings.display_name,
        "chatMode": "bot",
        "markAsReadMode": "auto",
    }


def _testable(raw: bytes, webhook: str | None) -> Answer:
    try:
        asked = json.loads(raw) if raw.strip() else {}
    except (ValueError, RecursionError):
        return whole("json", line=1, column=1)
    if not isinstance(asked, dict):
        return whole("json", line=1, column=1)
    return whole("no-webhook") if webhook is None else accepted(HTTPStatus.OK)


def endpoint_of(raw: bytes) -> str | None:
    """The URL that a test names instead of the one that is set. The body has been looked at."""
    asked = json.loads(raw) if raw.strip() else {}
    url = asked.get("endpoint")
    return url if isinstance(url, str) and url else None
