"""A server for LINE's webhook, and for callbacks of other targets: looks at the signature, keeps what is said of
deliveries, answers.

No answer within two seconds is a failure to LINE, and it sends no post again unless redelivery is switched on; so an
answer of 200 says that the events are on the disk. https://developers.line.biz/en/docs/messaging-api/receiving-messages/
"""

import asyncio
import logging
import re
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from http import HTTPStatus as Http
from typing import NamedTuple

from aiohttp import web

from pnpc.compile.targets.callback import BadCallback, Callback
from pnpc.deliver.journal.records import Event
from pnpc.deliver.sending.redact import redacted
from pnpc.deliver.webhooks.event_writer import EventWriter
from pnpc.deliver.webhooks.webhook import SIGNATURE, BadPost, WebhookPost, is_signed, read

_LARGEST = 1 << 22  # bytes of a post; LINE does not say how large its posts can be
_PATIENCE = 10.0  # seconds for a body to come
_FAREWELL = 2.0  # seconds that posts under way get at the end: LINE waits no longer
_BACKLOG = 1024  # connections that wait to be accepted
_DIGEST = re.compile("[0-9A-Fa-f]{64}")

# How many posts were answered how, by what they were.
OUTCOMES = ("kept", "not-kept", "unsigned", "wrongly-signed", "too-large", "too-slow", "cut-off", "not-json")
LOG = logging.getLogger("pnpc.receiver")


Tell = Callable[[str], None]
See = Callable[[str, str], None]  # an event's id and its delivery tag


class Address(NamedTuple):
    """Where to listen; port 0 takes any free one."""

    host: str
    port: int
    path: str


class Secrets(NamedTuple):
    """What posts are signed with: `line`, LINE's channel secret (None: no post of LINE is expected), and by the signature's
    header the callbacks of other targets, each with its secret."""

    line: str | None
    callbacks: Mapping[str, tuple[Callback, str]]


class Receiver:
    """Answers posts. `posts` counts them by outcome; `delivered`, `failed` and `others` count the events in them: those that
    say that a message was delivered, or was not, and those about something else."""

    def __init__(self, secrets: "Secrets", writer: EventWriter, now: Callable[[], int], tell: Tell, see: See) -> None:
        """`now` gives milliseconds since 1970; `tell` takes a line for people, `see` each event."""
        self._secrets, self._writer, self._now, self._tell, self._see = secrets, writer, now, tell, see
        self.posts = dict.fromkeys(OUTCOMES, 0)
        self.others = self.delivered = self.failed = 0

    async def handle(self, request: web.Request) -> web.Response:
        """Answer a post: 200 once its events are kept, 503 if they could not be."""
        sender = self._sender(request)
        if sender is None:
            return self._answer("unsigned", Http.UNAUTHORIZED)
        try:
            async with asyncio.timeout(_PATIENCE):
                body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return self._answer("too-large", Http.REQUEST_ENTITY_TOO_LARGE)
        except TimeoutError:
            return self._answer("too-slow", Http.REQUEST_TIMEOUT)
        except (web.RequestPayloadError, ConnectionError):
            return self._answer("cut-off", Http.BAD_REQUEST)
        if not self._is_signed(sender, request, body):
            if not self.posts["wrongly-signed"]:
                self._tell("a post was not signed with this channel's secret, or was changed on its way")
            return self._answer("wrongly-signed", Http.FORBIDDEN)
        try:
            post = read(body, self._now()) if sender == SIGNATURE else self._reported(sender, body)
        except (BadPost, BadCallback):
            return self._answer("not-json", Http.BAD_REQUEST)
        if sender == SIGNATURE:  # LINE's silence proves something, and only LINE's own posts show that it can be heard
            self._writer.heard = self._now()
        self.others += post.others
        for event in post.events:
            self.failed += event.failed
            self.delivered += not event.failed
            # The tag is the digest of a phone number where the message had none.
            self._see(event.event, _DIGEST.sub("(digest)", event.tag))
        if not post.events or await self._writer.keep(post.events):
            return self._answer("kept", Http.OK)
        return self._answer("not-kept", Http.SERVICE_UNAVAILABLE)

    def _sender(self, request: web.Request) -> str | None:
        """The signature's header, which says whose post it is; None if no known secret can have signed it."""
        known = [*([SIGNATURE] if self._secrets.line is not None else []), *self._secrets.callbacks]
        return next((header for header in known if header in request.headers), None)

    def _is_signed(self, sender: str, request: web.Request, body: bytes) -> bool:
        if sender == SIGNATURE:
            return is_signed(self._secrets.line or "", body, request.headers[SIGNATURE])
        callback, secret = self._secrets.callbacks[sender]
        return callback.is_signed(secret, {name.lower(): value for name, value in request.headers.items()}, body)

    def _reported(self, sender: str, body: bytes) -> WebhookPost:
        """A callback as an event. Raises BadCallback."""
        report, now = self._secrets.callbacks[sender][0].read(body), self._now()
        if report is None:
            return WebhookPost((), 1)
        why = redacted(report.why) if report.why else None
        at = now if report.at is None else report.at
        event = Event(report.report, report.tag or "", at, now, report.message_id, report.failed, why)
        return WebhookPost((event,), 0)

    def _answer(self, outcome: str, status: Http) -> web.Response:
        self.posts[outcome] += 1
        return web.Response(status=status)


async def serve(receiver: Receiver, writer: EventWriter, address: Address, stop: asyncio.Event, began: Tell) -> None:
    """Listen until `stop` is set; then answer what is under way and keep what came. `began` gets the URL.

    Raises OSError where it can't listen, JournalFailed where a journal can't be opened.
    """
    app = web.Application(client_max_size=_LARGEST)
    app.router.add_post(address.path, receiver.handle)
    # The signature is of the bytes as they came: nothing unpacks them.
    runner = web.AppRunner(
        app, access_log=None, logger=LOG, shutdown_timeout=_FAREWELL, handle_signals=False, auto_decompress=False
    )
    async with AsyncExitStack() as stack:
        await writer.start()
        stack.push_async_callback(writer.stop)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, address.host, address.port, backlog=_BACKLOG).start()
        host, port = runner.addresses[0][:2]
        began(f"http://{f'[{host}]' if ':' in host else host}:{port}{address.path}")
        stopped, broken = asyncio.create_task(stop.wait()), asyncio.create_task(writer.broken())
        await asyncio.wait((stopped, broken), return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if broken.done():
            await broken
        broken.cancel()
