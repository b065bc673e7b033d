"""Questions to LINE, one after the other and only a few a second."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from pnpc.compile.filled.compact import compact
from pnpc.deliver.sending.outcomes import Observation
from pnpc.deliver.sending.timeouts import Timeouts
from pnpc.line.service import Endpoint

if TYPE_CHECKING:
    from pnpc.deliver.sending.client import Client

PER_SECOND = 3  # a person waits for them; LINE forbids load tests, even within its limits
PATIENCE = Timeouts(connect=5.0, total=15.0)  # nothing is sent, so no answer is worth a long wait


class Inquiry(NamedTuple):
    """A request that notifies no one: its endpoint, the JSON of its body (None: it has none), and a delivery tag."""

    endpoint: Endpoint
    body: Mapping[str, Any] | None = None
    tag: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        """The headers beside those that every request has."""
        kind = {} if self.body is None else {"Content-Type": "application/json"}
        return kind if self.tag is None else {**kind, "X-Line-Delivery-Tag": self.tag}


class Pace(NamedTuple):
    """How fast questions leave: at most PER_SECOND in any `window` of seconds; the time, and how to wait."""

    window: float = 1.0
    now: Callable[[], float] = time.monotonic
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep


class Asker:
    """Asks an address, by one client, at a pace."""

    def __init__(self, client: "Client", api: str, pace: Pace | None = None) -> None:
        """`api` is scheme, host and port."""
        self._client, self._api, self._pace = client, api, pace or Pace()
        self._asked: deque[float] = deque(maxlen=PER_SECOND)  # when the last questions left

    async def ask(self, inquiry: Inquiry) -> Observation:
        """Ask once, no sooner than the pace allows. Raises nothing; a question that got no answer is not asked again."""
        if len(self._asked) == PER_SECOND:
            try:
                await self._pace.pause(max(0.0, self._asked[0] + self._pace.window - self._pace.now()))
            except asyncio.CancelledError:  # as the client says of a question that is under way
                return Observation(False, error="stopped")
        self._asked.append(self._pace.now())
        url = self._api + inquiry.endpoint.path
        if inquiry.endpoint.method == "GET":
            return await self._client.get(url)
        body = b"" if inquiry.body is None else compact(inquiry.body).encode()
        return await self._client.post(url, inquiry.headers, body, lambda: None)
