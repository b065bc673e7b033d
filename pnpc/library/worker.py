"""A sender's thread: it owns the journal, and runs an engine as long as there is anything to send."""

import asyncio
import logging
import os
from concurrent.futures import Future
from contextlib import AsyncExitStack
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from pnpc.compile.targets import Target
from pnpc.deliver import opening
from pnpc.deliver.journal.any_journal import AnyJournal
from pnpc.deliver.journal.owner import Owned
from pnpc.deliver.journal.records import JournalFailed
from pnpc.deliver.journal.runs import NewRun
from pnpc.deliver.journal.soundness import NotAJournal
from pnpc.deliver.journal.timestamps import now
from pnpc.deliver.sending.credentials import Credentials
from pnpc.deliver.sending.engine import Engine, SendSettings
from pnpc.deliver.sending.options import SendOptions
from pnpc.deliver.sending.outcomes import StopReason
from pnpc.library.calls import Calls, SendCall

if TYPE_CHECKING:
    from pnpc.deliver.sending.client import Client

_RUN = "pnpc.Sender"  # the name of its runs in the journal
_CLOSED = "the sender was closed"
_STOPPED = StopReason("closed", _CLOSED)
_PAUSE = 0.05  # seconds between two tries to own a journal


LOG = logging.getLogger("pnpc")  # what a push says on standard error: that a journal is new, or was left in the middle


class SenderFailed(Exception):
    """The journal can't be used, so nothing more is sent. Its text is one line for people."""


class SenderPlan(NamedTuple):
    """What a sender does: see `pnpc.Sender`. `elsewhere` is an address that is not the target's own."""

    journal: str
    target: type[Target]
    settings: SendSettings
    secret: Credentials
    elsewhere: str | None
    channel: str | None
    options: SendOptions
    wait: float
    drain: float


class Worker:
    """The thread's work. `started` and `ended` are set, or raise, when that has come."""

    def __init__(self, plan: SenderPlan) -> None:
        self.process = os.getpid()
        self.started = _promise()
        self.ended = _promise()
        self._plan = plan
        self._lock = Lock()  # around what callers and the thread both change
        self._calls: Calls | None = None
        self._engine: Engine | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken: asyncio.Event
        self._is_closed = False
        self._failure: SenderFailed | None = None
        self._until: float | None = None  # when what is waiting is given back, once the sender is closed

    # --- for callers ---

    def add(self, call: SendCall) -> None:
        """Send a message. Raises SenderFailed after a failure, and RuntimeError after `close`."""
        with self._lock:
            if self._failure is not None:
                raise SenderFailed(str(self._failure)) from self._failure
            if self._is_closed or self._calls is None or self._loop is None:
                raise RuntimeError("the sender is closed")
            self._calls.add(call)
            self._loop.call_soon_threadsafe(self._wake)

    def close(self) -> None:
        """Take no more calls; `ended` is set when all are answered."""
        with self._lock:
            was_closed, self._is_closed = self._is_closed, True
            if not was_closed and self._calls is not None and self._loop is not None:
                self._calls.close()
                self._loop.call_soon_threadsafe(self._drain)

    def finish(self) -> None:
        """Close, and wait until all are answered. A process that was forked has no thread to wait for."""
        if self.process == os.getpid():
            self.close()
            self.ended.result()

    # --- the thread ---

    def work(self) -> None:
        """Until the sender is closed, or its journal fails."""
        failure: SenderFailed | None = None
        try:
            asyncio.run(self._run())
        except (Owned, NotAJournal, JournalFailed, OSError) as error:
            failure = SenderFailed(str(error))
        except Exception as error:
            failure = SenderFailed(f"the sender failed: {error!r}")
            failure.__cause__ = error
        with self._lock:
            self._is_closed, self._failure = True, failure
            if self._calls is not None:
                self._calls.fail(failure or SenderFailed(_CLOSED))
        if not self.started.done():
            self.started.set_exception(failure or SenderFailed(_CLOSED))
        self.ended.set_result(None)

    async def _run(self) -> None:
        # aiohttp: a program that only checks has none.
        from pnpc.deliver.sending.client import Client

        plan = self._plan
        async with AsyncExitStack() as stack:
            journal = await self._journal(stack)
            self._begin(journal)
            calls = Calls(journal, plan.target, plan.settings.api, plan.options)
            client = await stack.enter_async_context(self._client(Client))
            self._woken = asyncio.Event()
            with self._lock:
                self._calls, self._loop = calls, asyncio.get_running_loop()
                if self._is_closed:
                    calls.close()
            self.started.set_result(None)
            try:
                await self._send(journal, calls, client)
            finally:
                with self._lock:
                    self._loop = None
            journal.end(calls.counts(), calls.sent, now())

    def _begin(self, journal: AnyJournal) -> None:
        """Take the journal up, and say what a person should know of it. Raises JournalFailed."""
        plan = self._plan
        if not journal.runs():
            LOG.warning("the journal %s is new: nothing is known of earlier messages", journal.name)
        run = NewRun(_RUN, "", 0, plan.target.name, plan.settings.api, plan.channel, plan.secret.identity)
        run = run._replace(send_changed=plan.options.send_changed)
        if plan.options.resend_unknown:  # what a silent sender has under way is granted to no other
            journal.wait_for_silent(LOG.warning)
        if left := journal.begin(run, now()):
            who = "a sender gives no sign of life" if journal.is_remote else "the last run was cut off"
            LOG.warning("%s: messages that may or may not have been sent by it: %d", who, left)

    async def _journal(self, stack: AsyncExitStack) -> AnyJournal:
        """The journal, when it is free. Raises Owned."""
        until = monotonic() + self._plan.wait
        while True:
            try:
                return stack.enter_context(opening.to_send(self._plan.journal))
            except Owned:
                if monotonic() >= until or self._is_closed:
                    raise
            await asyncio.sleep(_PAUSE)

    def _client(self, kind: "type[Client]") -> "Client":
        plan = self._plan
        tokens = None
        headers = {"Authorization": plan.secret.authorization}
        if plan.secret.token_url:
            # See `_run`.
            from pnpc.deliver.sending.tokens import Tokens

            headers, tokens = {}, Tokens(plan.secret, plan.elsewhere)
        return kind(headers, plan.settings.concurrency, None, plan.target.request_id, tokens)

    async def _send(self, journal: AnyJournal, calls: Calls, client: "Client") -> None:
        """One engine after the other: one ends where sending must stop, and the next begins with the next call."""
        limiters = opening.limiters(journal, self._plan.settings.rate)
        while not calls.is_over:
            self._engine = Engine(calls, journal, limiters, client, self._plan.settings, calls.observe, LOG.warning)
            self._engine.on_durable = calls.durable
            self._limit(self._engine)
            await self._engine.run()
            is_last = self._is_closed
            calls.stopped(self._engine.stopped or _STOPPED, also_new=is_last)
            self._engine = None
            if is_last:
                break
            while not calls.has_new and not self._is_closed:
                self._woken.clear()
                await self._woken.wait()

    def _wake(self) -> None:
        self._woken.set()
        if self._engine is not None:
            self._engine.wake()

    def _drain(self) -> None:
        """Send what is waiting, for as long as is given to it: by the present engine, or by those that come after it."""
        self._until = monotonic() + self._plan.drain
        self._wake()
        if self._engine is not None:
            self._limit(self._engine)

    def _limit(self, engine: Engine) -> None:
        """Let an engine run no longer than what is left of the time to drain."""
        if self._until is None:
            return
        left = self._until - monotonic()
        if left > 0:
            asyncio.get_running_loop().call_later(left, engine.stop, _STOPPED)
        else:
            engine.stop(_STOPPED)


def _promise() -> "Future[None]":
    """A future that is running: whoever gives up waiting for it can't cancel it, so the thread can always set it."""
    future: Future[None] = Future()
    future.set_running_or_notify_cancel()
    return future
