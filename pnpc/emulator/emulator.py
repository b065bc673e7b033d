"""The emulator as a library: a server in a thread of its own, for tests and scripts that block."""

import asyncio
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager
from threading import Thread
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from pnpc.emulator.faults import Faults

if TYPE_CHECKING:
    from pnpc.emulator.ledger import Ledger
    from pnpc.emulator.server import Server
    from pnpc.emulator.webhooks import SentPost

Result = TypeVar("Result")


class Emulator:
    """LINE's side on this machine, between `with Emulator() as line:` and its end.

    `scenario` is a scenario as text (YAML or JSON) or as the data of one; `webhook` a URL and `secret` the channel
    secret, for events; `token` the only bearer token that is taken, else any; `catalogs` the contents of catalog files
    beside those of pnpc; `start` the virtual clock's first moment, in seconds since the epoch; `settings` those of a
    scenario, with `_` for `-`. `port` 0 chooses a free port.

    The clock is virtual and stands still unless `virtual=False`. When it is entered it raises BadScenario, ValueError
    for a webhook that is not a URL or a `start` that is not a time, and OSError for a port that is taken.
    """

    def __init__(
        self, *, scenario: str | Mapping[str, Any] | None = None, webhook: str | None = None, secret: str = "",
        token: str | None = None, catalogs: tuple[dict[str, Any], ...] = (), virtual: bool = True,
        start: float | None = None, host: str = "127.0.0.1", port: int = 0, **settings: Any,
    ) -> None:  # fmt: skip
        self._scenario, self._settings = scenario, settings
        self._webhook, self._secret, self._token = webhook, secret, token
        self._catalogs, self._virtual, self._start = catalogs, virtual, start
        self._host, self._port = host, port
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server: Server | None = None
        self._thread: Thread | None = None
        if webhook is not None and not secret:
            raise ValueError("a webhook needs the channel secret that signs its posts")

    def __enter__(self) -> Self:
        """Start; returns when requests are taken."""
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=_run, args=(self._loop,), name="pnpc-emulator", daemon=True)
        self._thread.start()
        try:
            self._server = self._make()
            self._call(self._server.start())
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop, and close what is open."""
        self._call(self._running().stop())
        self._end()

    @property
    def url(self) -> str:
        """Where to send instead of https://api.line.me, without a slash at its end."""
        return self._running().url

    @property
    def ledger(self) -> "Ledger":
        """The messages that were accepted (see `pnpc.emulator.ledger`)."""
        return self._running().stage.ledger

    @property
    def posts(self) -> "tuple[SentPost, ...]":
        """The webhook posts that were made (see `pnpc.emulator.webhooks`)."""
        postman = self._running().stage.postman
        return tuple(postman.posts) if postman is not None else ()

    @property
    def now(self) -> float:
        """The time on the emulator's clock, in seconds since the epoch."""
        return self._running().stage.clock.now()

    def advance(self, seconds: float) -> None:
        """Let the virtual clock go on; returns when the events of that time are posted. Raises ValueError."""
        self._call(self._running().stage.advance(seconds))

    def drain(self) -> None:
        """Wait until what is due is delivered and its events are posted."""
        self._call(self._running().stage.drain())

    def scenario(self, scenario: str | Mapping[str, Any]) -> None:
        """Begin another scenario; ledger and clock stay. Raises BadScenario."""
        stage = self._running().stage
        made = _read(scenario, self._settings)

        async def play() -> None:
            stage.play(made)

        self._call(play())

    @contextmanager
    def faults(self, *faults: Mapping[str, Any]) -> Iterator[None]:
        """Let these go wrong in a block instead of the scenario's own, as entries of a scenario's `faults`.

        People and settings stay. Raises BadScenario.
        """
        stage = self._running().stage
        made = _read({"scenario": 1, "faults": list(faults)}, {})
        before, stage.faults = stage.faults, Faults(made.faults, stage.scenario.seed)
        try:
            yield
        finally:
            stage.faults = before

    def _make(self) -> "Server":
        # aiohttp and the checker are slow to load: only when an emulator starts.
        from pnpc.emulator.clock import Clock
        from pnpc.emulator.ledger import Ledger
        from pnpc.emulator.server import EmulatorAddress, Server
        from pnpc.emulator.stage import Stage, Webhook
        from pnpc.line.catalog import Catalog

        webhook = Webhook(self._webhook, self._secret) if self._webhook is not None else None
        clock = Clock(virtual=self._virtual, start=self._start)
        made = _read(self._scenario or {"scenario": 1}, self._settings)
        stage = Stage(made, clock, Catalog(self._catalogs), Ledger(), webhook=webhook, token=self._token)
        return Server(stage, EmulatorAddress(self._host, self._port))

    def _running(self) -> "Server":
        if self._server is None:
            raise RuntimeError("the emulator runs inside `with Emulator() as line:` only")
        return self._server

    def _call(self, work: Coroutine[Any, Any, Result]) -> Result:
        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def _end(self) -> None:
        assert self._loop is not None
        assert self._thread is not None
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()


def _run(loop: asyncio.AbstractEventLoop) -> None:
    """Run a loop until it is stopped; unfinished answers end with it."""
    loop.run_forever()
    loop.run_until_complete(_cancel_all())
    loop.close()


async def _cancel_all() -> None:
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


def _read(scenario: str | Mapping[str, Any], settings: Mapping[str, Any]) -> Any:
    """A scenario over these settings, whose names and values the schema checks too."""
    # The constructor and the imports of `pnpc.emulator` stay cheap; what an emulator needs is loaded when it starts.
    # As in `_make`: `import pnpc.emulator` stays cheap.
    import json

    from pnpc.emulator.scenario import read
    from pnpc.emulator.settings import defaults
    from pnpc.text.source import Source

    own = {"scenario": 1, "settings": {name.replace("_", "-"): value for name, value in settings.items()}}
    base = read(Source("settings", json.dumps(own))).settings if settings else defaults()
    text = scenario if isinstance(scenario, str) else json.dumps(scenario)
    return read(Source("scenario", text), base)
