"""Access tokens for a while, by OAuth2's client credentials: asked for once, renewed before they end, never shown.

    POST token_url   Authorization: Basic …   grant_type=client_credentials
    -> {"access_token": "…", "expires_in": 3600}

RFC 6749, section 4.4. A token is no message: asking for it again sends nothing to anybody.
"""

import asyncio
import json
import time
from base64 import b64decode
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from pnpc.about import VERSION
from pnpc.deliver.sending.credentials import Credentials
from pnpc.deliver.sending.redact import redacted

_BEFORE_ITS_END = 60.0  # seconds: a token that ends within them is renewed
_UNSAID = 300.0  # seconds that a token lasts of which the answer does not say it
_LONGEST = 86_400.0  # seconds: a token that lasts longer is renewed all the same
_TIMEOUT = 15.0  # seconds for an answer
_TRIES = 3  # where there is no answer, or one that may be another a moment later
_PAUSE = 0.5  # seconds before the second try; twice as long before the next
_MOST_ANSWER = 65_536  # bytes
_MOST_SAID = 200  # characters of an answer's words


class NoToken(Exception):
    """The address gave no token. Its text is one line for people, without a secret."""


class Tokens:
    """The token of one run. Any number of requests may ask for it at once."""

    def __init__(self, credentials: Credentials, api: str | None = None) -> None:
        """`api` (scheme, host and port) takes the place of the address's own: for an emulator."""
        path = urlsplit(credentials.token_url).path
        self._url = credentials.token_url if api is None else f"{api}{path}"
        self._authorization = credentials.authorization
        coded = credentials.authorization.split()[-1]
        self._secrets = (coded, b64decode(coded).decode().partition(":")[2])
        self._token = ""
        self._until = 0.0
        self._is_second = False  # this token took the place of a refused one, and no request with it went through yet
        self._renewing = asyncio.Lock()

    async def token(self) -> str:
        """A token that has not ended. Raises NoToken."""
        if time.monotonic() >= self._until:
            async with self._renewing:
                if time.monotonic() >= self._until:
                    await self._renew()
        return self._token

    def answered(self, token: str, status: int) -> bool:
        """Take an answer into account; whether it was a 401 that another token may change: one that took the place of a
        refused one, and is refused itself, changes nothing."""
        if status != HTTPStatus.UNAUTHORIZED:
            self._is_second = self._is_second and token != self._token
            return False
        if token != self._token or not self._until:  # it is replaced already, or is about to be
            return True
        if self._is_second:
            return False
        self._until, self._is_second = 0.0, True
        return True

    async def _renew(self) -> None:
        failure = ""
        for number in range(_TRIES):
            if number:
                await asyncio.sleep(_PAUSE * 2 ** (number - 1))
            status, body = await self._ask()
            said = _object(body)
            token, lasts = said.get("access_token"), said.get("expires_in")
            if status == HTTPStatus.OK and isinstance(token, str) and _is_fit(token):
                seconds = float(min(lasts, _LONGEST)) if isinstance(lasts, int | float) and lasts > 0 else _UNSAID
                self._token = token
                self._until = time.monotonic() + max(seconds - _BEFORE_ITS_END, seconds / 2)
                return
            failure = self._words(status, said, body)
            if status is not None and status < HTTPStatus.INTERNAL_SERVER_ERROR:
                break
        raise NoToken(f"no access token from {self._url}: {failure}")

    async def _ask(self) -> tuple[int | None, bytes]:
        """Status and body of an answer; None and why where none came."""
        headers = {"Authorization": self._authorization, "User-Agent": f"pnpc/{VERSION}"}
        try:
            async with (
                aiohttp.ClientSession(
                    timeout=aiohttp.ClientTimeout(total=_TIMEOUT), cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
                ) as session,
                session.post(
                    self._url, data={"grant_type": "client_credentials"}, headers=headers, allow_redirects=False
                ) as response,
            ):
                return response.status, await response.content.read(_MOST_ANSWER)
        except TimeoutError:
            return None, f"no answer in {_TIMEOUT:.0f} seconds".encode()
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return None, (str(error) or repr(error)).encode()

    def _words(self, status: int | None, said: dict[str, Any], body: bytes) -> str:
        if status is None:
            return body.decode()
        if status == HTTPStatus.OK:
            return "the answer holds no token"
        words = next((said[name] for name in ("error_description", "error", "message") if said.get(name)), "")
        kept = (redacted(" ".join(str(words).split())) or "")[:_MOST_SAID]
        for secret in self._secrets:
            kept = kept.replace(secret, "...")
        return f"{status} {kept}".rstrip()


def _is_fit(token: str) -> bool:
    return bool(token) and token.isascii() and token.isprintable() and " " not in token


def _object(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
