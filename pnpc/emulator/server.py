"""The emulator on a socket: an aiohttp application, started and stopped on the loop that runs it."""

import logging
from typing import NamedTuple

from aiohttp import web

from pnpc.emulator import admin, routes, sinch_routes
from pnpc.emulator.stage import Stage

_PATIENCE = 1.0  # seconds that answers under way get when the server stops
_BACKLOG = 1024  # connections that wait to be accepted
_LARGEST = 1 << 24  # bytes of a scenario; a message is read within the bounds of the settings


class EmulatorAddress(NamedTuple):
    """Where to listen; port 0 takes any free one."""

    host: str = "127.0.0.1"
    port: int = 0


class Server:
    """A stage that can be reached at `url`."""

    def __init__(self, stage: Stage, address: EmulatorAddress) -> None:
        self.stage = stage
        self.url = ""
        self._address = address
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen. Raises OSError where that can't be."""
        app = web.Application(middlewares=[routes.outermost], client_max_size=_LARGEST)
        app[routes.STAGE] = self.stage
        routes.add(app)
        sinch_routes.add(app)
        admin.add(app)
        # That LINE unpacks bodies is not documented: nothing here does.
        self._runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=_PATIENCE, logger=_QUIET, auto_decompress=False
        )
        await self._runner.setup()
        try:
            site = web.TCPSite(self._runner, self._address.host, self._address.port, backlog=_BACKLOG)
            await site.start()
        except OSError:
            await self._runner.cleanup()
            raise
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        await self.stage.start()

    async def stop(self) -> None:
        """Close the connections and end."""
        if self._runner is not None:
            await self._runner.cleanup()
        await self.stage.stop()


# aiohttp's own log tells, with tracebacks, of connections that a fault has cut and of requests that are not HTTP.
_QUIET = logging.getLogger("pnpc.emulator.http")
_QUIET.addHandler(logging.NullHandler())
_QUIET.propagate = False
