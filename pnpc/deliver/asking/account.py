"""What LINE says of the account: its name, its webhook and a test of it, the month's quota, what it may send."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from pnpc.deliver.asking.asker import Asker, Inquiry
from pnpc.deliver.asking.fact import Fact
from pnpc.deliver.asking.verdicts import REASONS, LineVerdict, content, of_question
from pnpc.deliver.sending.outcomes import Observation
from pnpc.line.service import questions

_CONSOLE = "in the LINE Developers Console"


class _NotLinesShape(Exception):
    """An answer without what LINE documents."""


async def account_facts(asker: Asker) -> list[Fact]:
    """What LINE says of the account itself. After an answer that speaks for all questions no more are asked.

    The test of a webhook makes LINE post a body without events to it.
    """
    account = await about_account(asker)
    if account.ends:
        return [account]
    webhook = await _ask(asker, "webhook", "webhook-endpoint", _webhook)
    facts = [account, webhook]
    if webhook.data and not webhook.ends:
        facts.append(await _ask(asker, "webhook test", "webhook-test", _tested))
    return facts if facts[-1].ends else [*facts, await _quota(asker)]


async def about_account(asker: Asker) -> Fact:
    """The account's name and ids."""
    return await _ask(asker, "account", "bot-info", _account)


def template_fact(calibrated: LineVerdict) -> Fact:
    """Whether the account may send messages of the template kind, by what LINE said of one that can't exist."""
    topic = "template messages"
    says, to_do = REASONS[calibrated.reason]
    if calibrated.word == "refused" or calibrated.reason in ("order", "recipient"):
        return Fact(topic, "ok", "allowed")
    if calibrated.reason == "forbidden":
        return Fact(topic, "attention", f"not allowed: {says}", to_do)
    return Fact(topic, calibrated.word, says, to_do)


async def _ask(asker: Asker, topic: str, name: str, read: Callable[[dict[str, Any]], Fact]) -> Fact:
    """The fact that a question is about."""
    question = questions()[name]
    seen = await asker.ask(Inquiry(question, {} if question.method == "POST" else None))
    return _fact(topic, seen, read)


def _fact(topic: str, seen: Observation, read: Callable[[dict[str, Any]], Fact]) -> Fact:
    if topic == "webhook" and seen.status == HTTPStatus.NOT_FOUND:
        to_do = f"set the URL of your receiver (`pnpc listen`) {_CONSOLE}, or no delivery is heard of"
        return Fact(topic, "attention", "no URL is known (404): probably none is set", to_do)
    verdict = of_question(seen)
    if verdict.word != "verified":
        says, to_do = REASONS[verdict.reason]
        why = f"{says}: {' '.join(verdict.detail.split())}" if verdict.detail else says
        return Fact(topic, verdict.word, why, to_do, ends=verdict.scope == "all")
    try:
        return read(content(seen) or {})._replace(date=seen.date)
    except _NotLinesShape:
        return Fact(topic, "cannot-tell", "the answer does not have what LINE documents", "is it LINE's address?")


def _account(said: dict[str, Any]) -> Fact:
    name, ids = (
        _text(said, "displayName"),
        {key: said[key] for key in ("basicId", "userId") if isinstance(said.get(key), str)},
    )
    words = f"{name} ({', '.join(ids.values())})" if ids else name
    return Fact("account", "ok", words, "", {"name": name, **ids})


def _webhook(said: dict[str, Any]) -> Fact:
    url, active = _text(said, "endpoint"), said.get("active")
    if not isinstance(active, bool):
        raise _NotLinesShape
    data = {"url": url, "active": active}
    if active:
        return Fact("webhook", "ok", f"on, {url}", "", data)
    return Fact("webhook", "attention", f"off, {url}", f"turn on `Use webhook` {_CONSOLE}", data)


def _tested(said: dict[str, Any]) -> Fact:
    success, status = said.get("success"), said.get("statusCode")
    if type(status) is not int:
        raise _NotLinesShape
    reason, detail = (str(said.get(name) or "") for name in ("reason", "detail"))
    data = {"success": success is True, "statusCode": status, "reason": reason, "detail": detail}
    if success is True:
        return Fact("webhook test", "ok", f"answered {status}", "", data)
    answered = f"answered {status}" if status > 0 else "no answer"
    words = ", ".join(dict.fromkeys(word for word in (answered, reason, detail) if word and word != str(status)))
    to_do = "the receiver must answer 2xx within 2 seconds, also to a post without events"
    return Fact("webhook test", "attention", f"failed: {words}", to_do, data)


async def _quota(asker: Asker) -> Fact:
    limit = await _ask(asker, "quota", "quota", _limit)
    if limit.state != "ok":
        return limit
    used = await _ask(asker, "quota", "quota-consumption", _used)
    if used.state != "ok":
        return used
    most, count = limit.data["limit"], used.data["used"]
    data = {"limit": most, "used": count}
    if most is None:
        return Fact("quota", "ok", f"{count:,} messages this month, no limit", "", data)
    if count < most:
        return Fact("quota", "ok", f"{count:,} of {most:,} messages this month", "", data)
    to_do = "raise the limit in LINE Official Account Manager, or send next month"
    return Fact("quota", "attention", f"used up: {count:,} of {most:,} messages this month", to_do, data)


def _limit(said: dict[str, Any]) -> Fact:
    kind, value = said.get("type"), said.get("value")
    if kind == "none":
        return Fact("quota", "ok", "", "", {"limit": None})
    if kind != "limited":
        raise _NotLinesShape
    return Fact("quota", "ok", "", "", {"limit": _count(value)})


def _used(said: dict[str, Any]) -> Fact:
    return Fact("quota", "ok", "", "", {"used": _count(said.get("totalUsage"))})


def _count(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise _NotLinesShape
    return value


def _text(said: dict[str, Any], name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str) or not value:
        raise _NotLinesShape
    return value
