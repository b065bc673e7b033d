"""Posting events to the team's webhook: signed, in time, again if asked; and what became of each post."""

import asyncio
from collections import deque
from collections.abc import Coroutine
from http import HTTPStatus
from random import Random
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import aiohttp

from pnpc.about import VERSION
from pnpc.deliver.webhooks.webhook import SIGNATURE, signature_of
from pnpc.emulator import events
from pnpc.emulator.settings import EmulatorSettings

Event = dict[str, Any]
_KEPT = 8192  # posts remembered


class BadUrl(ValueError):
    """No URL that can be posted to. Its text is one line for people."""


def checked(url: str) -> str:
    """A URL to post to, as it is. Raises BadUrl."""
    try:
        parts = urlsplit(url)
        is_one = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_one = False
    if not is_one:
        raise BadUrl(f"a webhook must be a URL such as http://127.0.0.1:8000/webhook; found {url}")
    return url


class SentPost(NamedTuple):
    """One post: the IDs of its events, its status (None: no answer), and LINE's word for what went wrong (None: nothing)."""

    events: tuple[str, ...]
    redelivery: bool
    status: int | None
    reason: str | None


class Postman:
    """Takes events and posts them to a URL, several at a time; starts and stops with the server's loop."""

    def __init__(self, url: str, secret: str, settings: EmulatorSettings, random: Random) -> None:
        """Raises BadUrl."""
        self.url, self._secret, self.settings, self._random = checked(url), secret, settings, random
        self._queue: asyncio.Queue[Event] = asyncio.Queue()
        self._open = 0  # events and posts that are not done with
        self._idle = asyncio.Event()
        self._workers: list[asyncio.Task[None]] = []
        self._others: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None
        self.posts: deque[SentPost] = deque(maxlen=_KEPT)

    def start(self) -> None:
        """Begin to post."""
        self._session = aiohttp.ClientSession(headers={"User-Agent": f"pnpc-emulator/{VERSION}"})
        self._workers = [asyncio.create_task(self._work()) for _ in range(self.settings.posts_at_once)]

    async def stop(self) -> None:
        """End at once; what is not posted yet is not posted."""
        tasks = [*self._workers, *self._others]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def put(self, event: Event) -> None:
        """Take an event to be posted; twice, or late, where the settings want it."""
        for _ in range(2 if self._random.random() < self.settings.duplicates else 1):
            self._open += 1
            late = self._random.random() * self.settings.disorder_seconds
            if late:
                asyncio.get_running_loop().call_later(late, self._queue.put_nowait, event)
            else:
                self._queue.put_nowait(event)

    def probe(self) -> None:
        """Post a body without events, as LINE does when the URL is verified."""
        self._open += 1
        self._beside(self._post((), 0))

    async def test(self, url: str | None) -> SentPost:
        """Post a body without events to a URL (None: the one that is set), as LINE does when it is asked to test one."""
        try:
            status, reason = await self._send(events.post(self.settings.destination, ()), checked(url or self.url))
        except BadUrl:
            status, reason = None, "could_not_connect"
        return SentPost((), False, status, reason)

    async def drain(self) -> None:
        """Wait until everything is posted, redeliveries included."""
        while self._open:
            self._idle.clear()
            await self._idle.wait()

    async def _work(self) -> None:
        while True:
            batch = [await self._queue.get()]
            while len(batch) < self.settings.events_per_post and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            self._open -= len(batch) - 1  # from here on they are one post
            await self._post(tuple(batch), 0)

    async def _post(self, batch: tuple[Event, ...], tries: int) -> None:
        status, reason = await self._send(events.post(self.settings.destination, batch), self.url)
        ids = tuple(event["webhookEventId"] for event in batch)
        self.posts.append(SentPost(ids, tries > 0, status, reason))
        if reason and batch and self.settings.redelivery and tries < self.settings.redelivery_tries:
            self._beside(self._post_again(batch, tries + 1))
            return
        self._open -= 1
        if not self._open:
            self._idle.set()

    async def _post_again(self, batch: tuple[Event, ...], tries: int) -> None:
        await asyncio.sleep(self.settings.redelivery_seconds)
        await self._post(tuple(events.again(event) for event in batch), tries)

    def _beside(self, work: Coroutine[Any, Any, None]) -> None:
        """Work that waits for no worker."""
        task = asyncio.create_task(work)
        self._others.add(task)
        task.add_done_callback(self._others.discard)

    async def _send(self, body: bytes, url: str) -> tuple[int | None, str | None]:
        """Status, and the reason why the post failed, in the words of LINE's statistics of webhook errors."""
        assert self._session is not None
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            SIGNATURE: signature_of(self._secret, body),
        }
        timeout = aiohttp.ClientTimeout(total=self.settings.post_timeout)
        try:
            async with self._session.post(
                url, data=body, headers=headers, allow_redirects=False, timeout=timeout
            ) as response:
                await response.read()
                return response.status, None if response.status < HTTPStatus.MULTIPLE_CHOICES else "error_status_code"
        except TimeoutError:
            return None, "request_timeout"
        except aiohttp.ClientConnectorError:
            return None, "could_not_connect"
        except (aiohttp.ClientError, OSError, ValueError):  # of a name that DNS can't have, a ValueError
            return None, "unclassified"
