"""Send messages from a program: each once, by the journal that `pnpc push` has, with the same guarantee."""

import asyncio
import atexit
import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future
from threading import Thread
from types import TracebackType
from typing import Any, Protocol, Self

from pnpc.compile.targets import TARGETS, Payload
from pnpc.deliver.sending.address import BadAddress, api_of
from pnpc.deliver.sending.credentials import NoCredentials, credentials
from pnpc.deliver.sending.engine import SendSettings
from pnpc.deliver.sending.message import OutgoingMessage, check, read
from pnpc.deliver.sending.only import BadList, OnlyThese, only_these
from pnpc.deliver.sending.routes import BadLine
from pnpc.extras import require
from pnpc.library.calls import SendCall, SendOptions
from pnpc.library.outcome import SendOutcome
from pnpc.library.worker import SenderPlan, Worker
from pnpc.project.files import CouldNotRead
from pnpc.project.journals import journal_of
from pnpc.project.workspace import Workspace

PayloadLike = Payload | str | bytes
_AT_ONCE = 1_000  # messages of `send_all` that wait for their outcome


class BadPayload(ValueError):
    """Something that is not a payload which this sender can send. Its text repeats no value of a recipient."""


class AsyncSending(Protocol):
    """An open sender in an asyncio program."""

    async def send(self, payload: PayloadLike) -> SendOutcome:
        """See `Sender.send`."""


class PlainSending(Protocol):
    """An open sender in a program with threads, or with one."""

    def send(self, payload: PayloadLike) -> SendOutcome:
        """See `Sender.send`."""

    def send_all(self, payloads: Iterable[PayloadLike]) -> Iterator[SendOutcome]:
        """See `Sender.send_all`."""

    def close(self) -> None:
        """See `Sender.close`."""


class Sender:
    """Sends payloads, each message once: a message that the journal knows is never sent again, whoever sent it.

        async with pnpc.Sender() as sender:          with pnpc.Sender() as sender:
            outcome = await sender.send(payload)         outcome = sender.send(payload)

    Open one for the life of a process and share it: any number of tasks or threads may send at once, and what they send
    within 10 milliseconds is one commit of the journal. It owns the journal as a push does: no other process can send with
    it meanwhile. It works in a thread of its own, so no event loop waits for a disk. Open it after a fork.
    """

    def __init__(
        self,
        journal: str | None = None,
        *,
        target: str = "line",
        api_url: str | None = None,
        rate: int | None = None,
        concurrency: int = 200,
        channel: str | None = None,
        resend_unknown: bool = False,
        send_changed: bool = False,
        only: str | None = None,
        wait: float = 0.0,
        drain: float = 30.0,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Opens nothing yet.

        `journal` is a file; by default `PNPC_JOURNAL`, or the project's, as for `pnpc push`. `target` is that of the payloads;
        `api_url` (scheme, host and port) takes the place of its own address: an emulator, or the region of Sinch. `rate`:
        requests a second, at most (by default the target's limit); `concurrency`: requests under way at once. `channel`,
        `resend_unknown`, `send_changed` and `only` (a file; by default the config's) are those of `pnpc push`. `wait`: seconds to wait for a journal that another process
        uses; `drain`: seconds that `close` gives to what is not sent yet. `environment` holds the secrets, by the names of
        the variables (`LINE_CHANNEL_ACCESS_TOKEN`, …); by default the process's.

        Raises MissingExtra without the libraries of `pnpc[send]`; ValueError for a target, an address or a rate that can't
        be, and for a secret that is missing.
        """
        require("pnpc.Sender", "send")
        if target not in TARGETS:
            raise ValueError(f"no target {target!r}; there is {', '.join(TARGETS)}")
        self._target = TARGETS[target]
        own = self._target.route().apis
        if api_url is None and len(own) > 1:
            raise ValueError(f"{self._target.receiver} has several addresses: give api_url={' or '.join(own)}")
        values = os.environ if environment is None else environment
        try:
            api = own[0] if api_url is None else api_of(api_url)
            secret = credentials(self._target, values)
        except (BadAddress, NoCredentials) as error:
            raise ValueError(str(error).replace("--api-url", "api_url")) from None
        name = journal or values.get("PNPC_JOURNAL") or journal_of(None if api in own else api)
        if "://" in name:
            raise ValueError(f"journal= must be a file; found {name.partition('://')[0]}://…")
        settings = SendSettings(api, self._rate(rate, is_own=api in own), concurrency)
        options = SendOptions(resend_unknown, send_changed, self._listed(only))
        self._plan = SenderPlan(
            name, self._target, settings, secret, None if api in own else api, channel, options, wait, drain
        )
        self._worker: Worker | None = None
        self._process = 0
        self._is_async = False
        self._line = 0

    def _listed(self, only: str | None) -> OnlyThese | None:
        """The people who alone are sent to, where a program or the project's config names a list."""
        try:
            config = Workspace().settings("").config
            file = only or config.only
            return None if file is None else only_these(file, self._target, config.country)
        except (BadList, CouldNotRead, OSError) as error:
            raise ValueError(f"only: {error}") from None

    def _rate(self, rate: int | None, *, is_own: bool) -> int:
        limit = self._target.rate()
        if rate is not None and (rate < 1 or (limit is not None and is_own and rate > limit)):
            raise ValueError(f"rate must be 1 to {limit:,}" if limit else "rate must be at least 1")
        chosen = rate or limit
        if chosen is None:
            raise ValueError(f"rate= is required for {self._target.receiver}: its limit is not known")
        return chosen

    # --- open and close ---

    def __enter__(self) -> PlainSending:
        return self.open()

    def __exit__(self, *_: object) -> None:
        self.close()

    async def __aenter__(self) -> AsyncSending:
        self._is_async = True
        self._start()
        assert self._worker is not None
        try:
            await asyncio.wrap_future(self._worker.started)
        except BaseException:
            self._ended()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._worker is not None:
            self._worker.close()
            await asyncio.wrap_future(self._worker.ended)
            self._ended()

    def open(self) -> "Self":
        """Open the journal and own it, for plain calls of `send`; `close` is to be called. A `with` block does both.

        Raises SenderFailed: another process uses the journal, or it can't be used.
        """
        self._start()
        assert self._worker is not None
        try:
            self._worker.started.result()
        except BaseException:
            self._ended()
            raise
        return self

    def close(self) -> None:
        """Take no more messages, send what is waiting, wait for the answers, and give the journal free."""
        if self._worker is not None:
            self._worker.close()
            if self._process == os.getpid():
                self._worker.ended.result()
            self._ended()

    def _start(self) -> None:
        if self._worker is not None:
            raise RuntimeError("the sender is open already")
        self._process = os.getpid()
        self._worker = Worker(self._plan)
        Thread(target=self._worker.work, name="pnpc.Sender", daemon=True).start()
        atexit.register(self.close)  # a program that ends without `close` drains all the same

    def _ended(self) -> None:
        self._worker = None
        atexit.unregister(self.close)

    # --- send ---

    def send(self, payload: PayloadLike) -> Any:
        """Send a message, and give its SendOutcome: in an `async with` block to be awaited, else when it is known.

        `payload` is what `Spec.fill` or `compile_text` made, or a line of a payload file. A message that is being sent already,
        or that the journal knows, is not sent again: the outcome is that of the one request. A caller that gives up waiting
        does not stop the message.

        Raises BadPayload for what can't be sent this way, SenderFailed if the journal can't be written: then it is not known
        what became of the message, and the journal tells when it can be read again.
        """
        future = self._hand_over(payload)
        return asyncio.wrap_future(future) if self._is_async else future.result()

    def send_all(self, payloads: Iterable[PayloadLike]) -> Iterator[SendOutcome]:
        """Send any number of messages, some hundreds at once; their outcomes, in the order of the payloads. Plain, not async."""
        waiting: deque[Future[SendOutcome]] = deque()
        for payload in payloads:
            waiting.append(self._hand_over(payload))
            if len(waiting) >= _AT_ONCE:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def _hand_over(self, payload: PayloadLike) -> "Future[SendOutcome]":
        worker = self._worker
        if worker is None:
            raise RuntimeError("the sender is not open: use it in a `with` or an `async with` block")
        if self._process != os.getpid():
            raise RuntimeError("the sender was opened in another process: open it after the fork")
        future: Future[SendOutcome] = Future()
        worker.add(SendCall(self._message(payload), [future]))
        return future

    def _message(self, payload: PayloadLike) -> OutgoingMessage:
        text = payload.line() if isinstance(payload, Payload) else payload
        raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
        self._line += 1
        try:
            checked = check(raw, self._line)
        except BadLine as error:
            raise BadPayload(str(error)) from None
        if checked.target != self._target.name:
            raise BadPayload(f"the payload is for {checked.target}; this sender is for {self._target.name}")
        if checked.api != self._plan.settings.api and self._plan.elsewhere is None:
            raise BadPayload(f"the payload is for {checked.api}; this sender sends to {self._plan.settings.api}")
        return read(raw, self._line, checked.api)
