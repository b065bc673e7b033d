"""How many messages LINE says that it delivered, and how many a journal saw delivered.

https://developers.line.biz/en/reference/line-notification-messages/#get-number-of-sent-line-notification-messages
"""

import asyncio
import json
from datetime import date, datetime, timedelta, timezone
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import urlsplit

import aiohttp

from pnpc.about import VERSION
from pnpc.deliver.journal.any_journal import AnyJournal
from pnpc.deliver.journal.timestamps import SECOND
from pnpc.deliver.standing.summary import words
from pnpc.line.service import counting, endpoints
from pnpc.report.clean import visible

KINDS = ("template", "flexible")
_TIMEOUT = 15.0  # seconds for an answer
_PAUSES = (0.5, 2.0)  # seconds before the second and the third try: nothing is sent by asking
_AGAIN = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)
_MOST_BODY = 65_536  # bytes of an answer


class NoAnswer(Exception):
    """LINE did not say a number. Its text is one line for people."""


class Refused(NoAnswer):
    """LINE answered with a status that says no."""

    def __init__(self, status: int, says: str) -> None:
        super().__init__(f"LINE answered {status}{f': {says}' if says else ''}")
        self.status = status


class Count(NamedTuple):
    """LINE's answer: `status` is ready, unready, out_of_service or a word that LINE adds; `success` only when ready."""

    status: str
    success: int | None


class JournalCounts(NamedTuple):
    """What journals know of a day and a kind: deliveries whose event is of that day; and messages that were accepted on
    that day, delivered since, and still open."""

    delivered: int
    accepted: int
    accepted_delivered: int
    open: int


def today() -> date:
    """The day that it is where LINE counts days."""
    return datetime.now(_zone()).date()


async def ask(api: str, token: str, kinds: tuple[str, ...], day: date) -> dict[str, Count | NoAnswer]:
    """LINE's counts of a day by kind. `api` is scheme, host and port; `token` stands after Bearer."""
    headers = {"Authorization": f"Bearer {token}", "User-Agent": f"pnpc/{VERSION}"}
    timeout = aiohttp.ClientTimeout(total=_TIMEOUT)
    async with aiohttp.ClientSession(headers=headers, timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()) as session:
        answers = await asyncio.gather(*(_ask(session, api, kind, day) for kind in kinds))
    return dict(zip(kinds, answers, strict=True))


async def _ask(session: aiohttp.ClientSession, api: str, kind: str, day: date) -> Count | NoAnswer:
    url = f"{api}{endpoints()[f'{kind}-count'].path}"
    for pause in (*_PAUSES, None):
        try:
            async with session.get(
                url, params={"date": day.isoformat().replace("-", "")}, allow_redirects=False
            ) as response:
                status, body = response.status, await _whole(response)
        except TimeoutError:
            failed = NoAnswer(f"no answer in {_TIMEOUT:.0f} seconds")
        except UnicodeError:
            return NoAnswer(f"can't reach {api}: no host has such a name")
        except aiohttp.ClientError as error:
            failed = NoAnswer(f"can't reach {api}: {visible(' '.join(str(error).split())) or type(error).__name__}")
        else:
            if status == HTTPStatus.OK:
                return _read(body)
            failed = Refused(status, words(body.decode("utf-8", "replace"), "line") or "")
            if status < HTTPStatus.INTERNAL_SERVER_ERROR and status not in _AGAIN:
                return failed
        if pause is not None:
            await asyncio.sleep(pause)
    return failed


async def _whole(response: aiohttp.ClientResponse) -> bytes:
    """A body, in as many parts as it may come; of one that is too long only the beginning."""
    body = b""
    while len(body) < _MOST_BODY and not response.content.at_eof():
        body += await response.content.readany()
    return body


def _read(body: bytes) -> Count | NoAnswer:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return NoAnswer("LINE's answer is not JSON")
    status = answer.get("status") if isinstance(answer, dict) else None
    if not isinstance(status, str):
        return NoAnswer("LINE's answer has no status")
    success = answer.get("success")
    return Count(visible(status), success if type(success) is int and success >= 0 else None)


def seen(journal: AnyJournal, day: date, api: str) -> dict[str, JournalCounts]:
    """What a journal knows of a day and an address, by kind. Raises JournalFailed."""
    begin = round(datetime(day.year, day.month, day.day, tzinfo=_zone()).timestamp() * SECOND)
    end = begin + timedelta(days=1) // timedelta(milliseconds=1)
    sent = journal.rows("SELECT shape, url FROM shapes")
    kinds = {shape: _kind(url) for shape, url in sent if url.startswith(f"{api}/")}
    sums = {kind: [0, 0, 0, 0] for kind in KINDS}
    for shape, state, delivered, taken in journal.rows(_MESSAGES):
        counts = sums.get(kinds.get(shape) or "")
        if counts is None:
            continue
        counts[0] += delivered is not None and begin <= delivered < end
        if state in ("accepted", "delivered") and begin <= taken < end:
            counts[1] += 1
            counts[2 if state == "delivered" else 3] += 1
    return {kind: JournalCounts(*counts) for kind, counts in sums.items()}


_MESSAGES = "SELECT shape, state, delivered, coalesce(answered, at) FROM messages"


def _kind(url: str) -> str | None:
    """The kind of message that a URL takes; None for another target's."""
    path = urlsplit(url).path
    return next((kind for kind in KINDS if endpoints()[kind].path == path), None)


def _zone() -> timezone:
    return timezone(timedelta(hours=counting()[0]))
