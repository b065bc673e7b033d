"""Requests over HTTP, each exactly once: nothing is repeated, no redirect is followed, and it is known what left.

aiohttp repeats idempotent methods only, so never a POST. It writes a request at once to the connection that its pool gives
away for it: if the pool gave none, nothing left. (Its trace hook "headers sent" says the same, at a third of the price of the
whole request.)
"""

import asyncio
import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, Self

import aiohttp
from aiohttp import hdrs

from pnpc.about import VERSION
from pnpc.deliver.journal.records import TooLate
from pnpc.deliver.sending.outcomes import Observation
from pnpc.deliver.sending.timeouts import Timeouts
from pnpc.deliver.sending.tokens import NoToken, Tokens
from pnpc.text.surrogates import whole

_MOST_BODY = 65_536  # bytes of an answer that are looked at
_SECONDS = re.compile(r"[0-9]{1,9}", re.ASCII)
_LEFT: ContextVar[Callable[[], None]] = ContextVar("left")  # called when the task's request gets its connection


class Client:
    """A pool of connections. Use it as a context: `async with Client(headers, 500) as client`."""

    def __init__(
        self,
        headers: Mapping[str, str],
        connections: int,
        timeouts: Timeouts | None = None,
        request_id: str | None = None,
        tokens: Tokens | None = None,
    ) -> None:
        """`headers` go with every request; `tokens` give it its Authorization, where the headers have none. The secret in
        Authorization is cut out of whatever is reported. `request_id`: the header of an answer by which its receiver finds
        the request again."""
        self._authorization = headers.get(hdrs.AUTHORIZATION, "")
        self._tokens = tokens
        self._headers = {hdrs.USER_AGENT: f"pnpc/{VERSION}", hdrs.ACCEPT_ENCODING: "identity", **headers}
        self._connections = connections
        self._request_id = request_id
        self._timeouts = timeouts or Timeouts()
        self._session: aiohttp.ClientSession

    async def __aenter__(self) -> Self:
        times = self._timeouts
        self._session = aiohttp.ClientSession(
            connector=_Connector(limit=self._connections, keepalive_timeout=times.idle),
            timeout=aiohttp.ClientTimeout(total=times.total, connect=times.connect),
            headers=self._headers,
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def post(self, url: str, headers: Mapping[str, str], body: bytes, leaves: Callable[[], None]) -> Observation:
        """Send a request once. `leaves` is called just before its first byte does; if it raises TooLate, none does. Raises nothing; a task that is
        cancelled gives what was known until then."""
        return await self._send(hdrs.METH_POST, url, headers, body, leaves)

    async def get(self, url: str) -> Observation:
        """Ask a question, which sends nothing. Raises nothing."""
        return await self._send(hdrs.METH_GET, url, {}, None, lambda: None)

    async def _send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, leaves: Callable[[], None]
    ) -> Observation:
        sent, token = False, ""

        def left() -> None:
            nonlocal sent
            leaves()
            sent = True

        try:
            if self._tokens is not None:
                token = await self._tokens.token()
                headers = {**headers, hdrs.AUTHORIZATION: f"Bearer {token}"}
            _LEFT.set(left)
            async with self._session.request(
                method, url, data=body, headers=headers, allow_redirects=False
            ) as response:
                return self._answered(self._clean(await _read(response, self._request_id), token), token)
        except NoToken as error:
            return Observation(False, error="no-token", detail=str(error))
        except TooLate as error:
            return Observation(False, error="connect", detail=str(error))
        except asyncio.CancelledError:
            return Observation(sent, error="stopped")
        except TimeoutError:
            return Observation(sent, error="timeout" if sent else "connect", detail="timeout")
        except Exception as error:  # whatever it is: what left can't be called back, and what did not can go again
            word = "connection-lost" if sent else "connect"
            return self._clean(Observation(sent, error=word, detail=whole(str(error) or repr(error))), token)

    def _answered(self, seen: Observation, token: str) -> Observation:
        has_ended = self._tokens is not None and self._tokens.answered(token, seen.status or 0)
        return seen._replace(token_ended=True) if has_ended else seen

    def _clean(self, seen: Observation, token: str) -> Observation:
        words = token or self._authorization
        if not words:  # there is no token yet
            return seen
        secret = _as_echoed(words.split()[-1])
        body = seen.body.decode("latin-1")  # whatever its bytes are
        if not any(secret.search(text) for text in (body, seen.request_id or "", seen.detail)):
            return seen
        id = secret.sub("...", seen.request_id) if seen.request_id else None
        clean = secret.sub("...", body).encode("latin-1")
        return seen._replace(body=clean, request_id=id, detail=secret.sub("...", seen.detail))


@lru_cache(maxsize=4)  # a run has one secret, or a few tokens one after another
def _as_echoed(secret: str) -> re.Pattern[str]:
    """A secret as an answer may repeat it: JSON may write `/` as `\\/`, and any character by its number."""
    return re.compile(
        "".join(rf"(?:{re.escape(letter)}|\\{re.escape(letter)}|\\u(?i:{ord(letter):04x}))" for letter in secret)
    )


async def _read(response: aiohttp.ClientResponse, request_id: str | None) -> Observation:
    """The status is known: what happens to the body changes nothing."""
    body = b""
    try:
        while len(body) < _MOST_BODY and not response.content.at_eof():
            body += await response.content.readany()
    except (Exception, asyncio.CancelledError):
        response.close()
    if not response.content.at_eof():
        response.close()
    wait = response.headers.get(hdrs.RETRY_AFTER, "")
    return Observation(
        left=True,
        status=response.status,
        body=body,
        request_id=whole(response.headers.get(request_id, "")) or None if request_id else None,
        retry_after=float(wait) if _SECONDS.fullmatch(wait) else None,
        date=response.headers.get(hdrs.DATE, ""),
    )


class _Connector(aiohttp.TCPConnector):
    """A pool that gives away no connection on which the server has spoken out of turn: what it said would be taken for
    the answer to the next request."""

    async def connect(
        self, req: aiohttp.ClientRequest, traces: list[Any], timeout: aiohttp.ClientTimeout
    ) -> aiohttp.connector.Connection:
        while True:
            connection = await super().connect(req, traces, timeout)
            protocol = connection.protocol
            if protocol is None or not protocol.should_close:
                try:
                    _LEFT.get()()
                except TooLate:
                    connection.release()
                    raise
                return connection
            connection.close()
