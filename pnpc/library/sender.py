"""Send messages from a program: each once, by the journal that `pnpc push` has, with the same guarantee."""

import asyncio
import atexit
import os
from collections import ChainMap
from collections.abc import Mapping
from concurrent.futures import Future
from threading import Thread
from types import TracebackType

from pnpc.compile.targets import TARGETS, Payload
from pnpc.deliver.sending.address import BadAddress, api_of
from pnpc.deliver.sending.credentials import CHANNEL, NoCredentials, credentials
from pnpc.deliver.sending.engine import SendSettings
from pnpc.deliver.sending.message import OutgoingMessage, check, read
from pnpc.deliver.sending.only import BadList, OnlyThese, only_these
from pnpc.deliver.sending.options import SendOptions
from pnpc.deliver.sending.rate import chosen_rate
from pnpc.deliver.sending.routes import BadLine
from pnpc.extras import require
from pnpc.library.calls import SendCall
from pnpc.library.outcome import SendOutcome
from pnpc.library.sending import AsyncSending, PayloadLike, PlainSending
from pnpc.library.settings import ConfigErrors
from pnpc.library.worker import SenderPlan, Worker
from pnpc.project.config import Config, ConfigError
from pnpc.project.files import CouldNotRead
from pnpc.project.journals import journal_of, named_journal, project_config

_MOST_AT_ONCE = 10_000  # requests under way, as for a push


class BadPayload(ValueError):
    """Something that is not a payload which this sender can send. Its text repeats no value of a recipient."""


class Sender:
    """Sends payloads, each message once: a message that the journal knows is never sent again, whoever sent it.

        async with pnpc.Sender() as sender:          with pnpc.Sender() as sender:
            outcome = await sender.send(payload)         outcome = sender.send(payload)

    Open one for the life of a process and share it: any number of tasks or threads may send at once, and what they send
    within 10 milliseconds is one commit of the journal. It owns a journal in a file as a push does: no other process can send
    with it meanwhile. Many senders share one in PostgreSQL. It works in a thread of its own, so no event loop waits for a disk. Open it after a fork.
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

        `journal` is a file, or a URL (`postgresql://…`); by default that of the variable `PNPC_JOURNAL`, or the project's, as for `pnpc push`. `target` is that of the payloads;
        `api_url` (scheme, host and port) takes the place of its own address: an emulator, or the region of Sinch. `rate`:
        requests a second, at most (by default what a push takes); `concurrency`: requests under way at once, 1 to 10,000. `channel` (by default `LINE_CHANNEL_ID`),
        `resend_unknown`, `send_changed` and `only` (a file; by default the config's) are those of `pnpc push`. `wait`: seconds to wait for a journal that another process
        uses; `drain`: seconds that `close` gives to what is not sent yet. `environment` holds the secrets, by the names of
        the variables (`LINE_CHANNEL_ACCESS_TOKEN`, …); by default the process's. `PNPC_JOURNAL` is read from the process where
        `environment` has none.

        Raises MissingExtra without the libraries of `pnpc[send]`; ValueError for a target, an address, a number or an empty
        name that can't be, and for a secret that is missing; ConfigErrors for a mistake in the project's pnpc.toml.
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
        _demand_numbers(concurrency, wait, drain)
        settings = SendSettings(api, chosen_rate(self._target, rate, is_own=api in own), concurrency)
        name = named_journal(journal, ChainMap(dict(values), dict(os.environ)))
        try:
            config = project_config()
            name = name or journal_of(None if api in own else api)
        except ConfigError as error:
            raise ConfigErrors(tuple(error.diagnostics)) from None
        except CouldNotRead as error:
            raise ValueError(str(error)) from None
        if "\0" in name:
            raise ValueError(f"journal= must be a file; found {name!a}")
        options = SendOptions(resend_unknown, send_changed, self._listed(only, config))
        channel = channel or values.get(CHANNEL)
        elsewhere = None if api in own else api
        self._plan = SenderPlan(name, self._target, settings, secret, elsewhere, channel, options, wait, drain)
        self._worker: Worker | None = None
        self._line = 0

    def _listed(self, only: str | None, config: Config) -> OnlyThese | None:
        """The people who alone are sent to, where a program or the project's config names a list."""
        file = config.only if only is None else only
        if file is not None and (not isinstance(file, str) or not file):
            raise ValueError(f"only= takes the name of a file; found {file!r}")
        try:
            return None if file is None else only_these(file, self._target, config.country)
        except (BadList, CouldNotRead, OSError) as error:
            raise ValueError(f"only: {error}") from None

    # --- open and close ---

    def __enter__(self) -> PlainSending:
        return self.open()

    def __exit__(self, *_: object) -> None:
        self.close()

    async def __aenter__(self) -> AsyncSending:
        worker = self._start()
        try:
            await asyncio.wrap_future(worker.started)
        except BaseException:
            worker.close()
            self._left()
            raise
        return AsyncSending(self._hand_over)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._worker is None:
            return
        try:
            self._worker.close()
            await asyncio.wrap_future(self._worker.ended)
        finally:
            self._left()

    def open(self) -> PlainSending:
        """Open the journal and own it, for plain calls of `send`; `close` is to be called. A `with` block does both.

        Raises SenderFailed: another process uses the journal, or it can't be used.
        """
        worker = self._start()
        try:
            worker.started.result()
        except BaseException:
            worker.close()
            self._left()
            raise
        return PlainSending(self._hand_over, self.close)

    def close(self) -> None:
        """Take no more messages, send what is waiting, wait for the answers, and release the journal."""
        if self._worker is not None:
            try:
                self._worker.finish()
            finally:
                self._left()

    def _start(self) -> Worker:
        if self._worker is not None:
            raise RuntimeError("the sender is open already")
        self._worker = Worker(self._plan)
        Thread(target=self._worker.work, name="pnpc.Sender", daemon=True).start()
        atexit.register(self._worker.finish)  # a program that ends without `close` drains all the same
        return self._worker

    def _left(self) -> None:
        """Forget the worker. One that is given up while it drains is waited for when the program ends."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.ended.add_done_callback(lambda _: atexit.unregister(worker.finish))

    # --- send ---

    def _hand_over(self, payload: PayloadLike) -> "Future[SendOutcome]":
        worker = self._worker
        if worker is None:
            raise RuntimeError("the sender is not open: use it in a `with` or an `async with` block")
        if worker.process != os.getpid():
            raise RuntimeError("the sender was opened in another process: open it after the fork")
        future: Future[SendOutcome] = Future()
        worker.add(SendCall(self._message(payload), [future]))
        return future

    def _message(self, payload: PayloadLike) -> OutgoingMessage:
        text = payload.line() if isinstance(payload, Payload) else payload
        if not isinstance(text, str | bytes):
            raise BadPayload(f"a payload is what `fill` gives, or its line of JSON; found {type(text).__name__}")
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


def _demand_numbers(concurrency: int, wait: float, drain: float) -> None:
    """Raises ValueError."""
    if not 1 <= concurrency <= _MOST_AT_ONCE:
        raise ValueError(f"concurrency must be 1 to {_MOST_AT_ONCE:,}")
    for name, seconds in (("wait", wait), ("drain", drain)):
        if not seconds >= 0:
            raise ValueError(f"{name} must be a number of seconds, 0 or more")
