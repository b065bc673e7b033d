"""Questions to LINE, one after the other and only a few a second."""

import asyncio
import time
from collections.abc import Mapping
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


class Asker:
    """Asks an address, by one client; `pause` is the time between two questions in seconds."""

    def __init__(self, client: "Client", api: str, pause: float = 1 / PER_SECOND) -> None:
        """`api` is scheme, host and port."""
        self._client, self._api, self._pause = client, api, pause
        self._due = 0.0

    async def ask(self, question: Inquiry) -> Observation:
        """Ask once, no sooner than the pace allows. Raises nothing; a question that got no answer is not asked again."""
        now = time.monotonic()
        await asyncio.sleep(max(0.0, self._due - now))
        self._due = max(now, self._due) + self._pause
        url = self._api + question.endpoint.path
        if question.endpoint.method == "GET":
            return await self._client.get(url)
        body = b"" if question.body is None else compact(question.body).encode()
        return await self._client.post(url, question.headers, body, lambda: None)
