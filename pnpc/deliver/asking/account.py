"""What LINE says of the account: its name, its webhook and a test of it, the month's quota, what it may send."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

from pnpc.deliver.asking.asker import Asker, Inquiry
from pnpc.deliver.asking.verdicts import REASONS, LineVerdict, content, of_question
from pnpc.deliver.sending.outcomes import Observation
from pnpc.line.service import questions

_CONSOLE = "in the LINE Developers Console"


class AccountFact(NamedTuple):
    """One thing that is known of the account.

    `state`: `ok`, `attention` (something is to be done), or why it is not known: `cannot-tell`, `not-asked`. `says` is a line
    for people, `to_do` what to do; `data` the values of LINE's answer. `date` is the answer's header Date. `ends`: nothing else
    needs to be asked, for it would have no answer either.
    """

    topic: str
    state: str
    says: str
    to_do: str = ""
    data: Mapping[str, Any] = {}
    date: str = ""
    ends: bool = False


class _NotLinesShape(Exception):
    """An answer without what LINE documents."""


async def account_facts(asker: Asker) -> list[AccountFact]:
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


async def about_account(asker: Asker) -> AccountFact:
    """The account's name and ids."""
    return await _ask(asker, "account", "bot-info", _account)


def template_fact(calibrated: LineVerdict) -> AccountFact:
    """Whether the account may send messages of the template kind, by what LINE said of one that can't exist."""
    topic = "template messages"
    says, to_do = REASONS[calibrated.reason]
    if calibrated.word == "refused" or calibrated.reason in ("order", "recipient"):
        return AccountFact(topic, "ok", "allowed")
    if calibrated.reason == "forbidden":
        return AccountFact(topic, "attention", f"not allowed: {says}", to_do)
    return AccountFact(topic, calibrated.word, says, to_do)


async def _ask(asker: Asker, topic: str, name: str, read: Callable[[dict[str, Any]], AccountFact]) -> AccountFact:
    """The fact that a question is about."""
    question = questions()[name]
    seen = await asker.ask(Inquiry(question, {} if question.method == "POST" else None))
    return _fact(topic, seen, read)


def _fact(topic: str, seen: Observation, read: Callable[[dict[str, Any]], AccountFact]) -> AccountFact:
    if topic == "webhook" and seen.status == HTTPStatus.NOT_FOUND:
        to_do = f"set the URL of your receiver (`pnpc listen`) {_CONSOLE}, or no delivery is heard of"
        return AccountFact(topic, "attention", "no URL is known (404): probably none is set", to_do)
    verdict = of_question(seen)
    if verdict.word != "verified":
        return AccountFact(topic, verdict.word, *REASONS[verdict.reason], ends=verdict.scope == "all")
    try:
        return read(content(seen) or {})._replace(date=seen.date)
    except _NotLinesShape:
        return AccountFact(
            topic, "cannot-tell", "the answer does not have what LINE documents", "is it LINE's address?"
        )


def _account(said: dict[str, Any]) -> AccountFact:
    name, ids = (
        _text(said, "displayName"),
        {key: said[key] for key in ("basicId", "userId") if isinstance(said.get(key), str)},
    )
    words = f"{name} ({', '.join(ids.values())})" if ids else name
    return AccountFact("account", "ok", words, "", {"name": name, **ids})


def _webhook(said: dict[str, Any]) -> AccountFact:
    url, active = _text(said, "endpoint"), said.get("active")
    if not isinstance(active, bool):
        raise _NotLinesShape
    data = {"url": url, "active": active}
    if active:
        return AccountFact("webhook", "ok", f"on, {url}", "", data)
    return AccountFact("webhook", "attention", f"off, {url}", f"turn on `Use webhook` {_CONSOLE}", data)


def _tested(said: dict[str, Any]) -> AccountFact:
    success, status = said.get("success"), said.get("statusCode")
    if type(status) is not int:
        raise _NotLinesShape
    reason, detail = (str(said.get(name) or "") for name in ("reason", "detail"))
    data = {"success": success is True, "statusCode": status, "reason": reason, "detail": detail}
    if success is True:
        return AccountFact("webhook test", "ok", f"answered {status}", "", data)
    answered = f"answered {status}" if status > 0 else "no answer"
    words = ", ".join(dict.fromkeys(word for word in (answered, reason, detail) if word and word != str(status)))
    to_do = "the receiver must answer 2xx within 2 seconds, also to a post without events"
    return AccountFact("webhook test", "attention", f"failed: {words}", to_do, data)


async def _quota(asker: Asker) -> AccountFact:
    limit = await _ask(asker, "quota", "quota", _limit)
    if limit.state != "ok":
        return limit
    used = await _ask(asker, "quota", "quota-consumption", _used)
    if used.state != "ok":
        return used
    most, count = limit.data["limit"], used.data["used"]
    data = {"limit": most, "used": count}
    if most is None:
        return AccountFact("quota", "ok", f"{count:,} messages this month, no limit", "", data)
    if count < most:
        return AccountFact("quota", "ok", f"{count:,} of {most:,} messages this month", "", data)
    to_do = "raise the limit in LINE Official Account Manager, or send next month"
    return AccountFact("quota", "attention", f"used up: {count:,} of {most:,} messages this month", to_do, data)


def _limit(said: dict[str, Any]) -> AccountFact:
    kind, value = said.get("type"), said.get("value")
    if kind == "none":
        return AccountFact("quota", "ok", "", "", {"limit": None})
    if kind != "limited" or type(value) is not int:
        raise _NotLinesShape
    return AccountFact("quota", "ok", "", "", {"limit": value})


def _used(said: dict[str, Any]) -> AccountFact:
    used = said.get("totalUsage")
    if type(used) is not int:
        raise _NotLinesShape
    return AccountFact("quota", "ok", "", "", {"used": used})


def _text(said: dict[str, Any], name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str) or not value:
        raise _NotLinesShape
    return value
