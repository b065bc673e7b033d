"""The secrets of a push and of a worker: from the environment, and tokens that they give."""

import asyncio
import os
from typing import TYPE_CHECKING

from pnpc.cli.errors import CouldNotRun
from pnpc.compile.targets import Target
from pnpc.deliver.sending.credentials import Credentials, NoCredentials, credentials

if TYPE_CHECKING:
    from pnpc.deliver.sending.tokens import Tokens


def secret_of(target: type[Target]) -> Credentials:
    """What lets a run in at a target. Raises CouldNotRun."""
    try:
        return credentials(target, os.environ)
    except NoCredentials as error:
        raise CouldNotRun(str(error)) from None


def tokens_of(secret: Credentials, api: str | None) -> "Tokens | None":
    """The access tokens of the run where its secret gives some; the first is got before anything is sent. `api` is an address
    that is not the target's own. Raises CouldNotRun."""
    if not secret.token_url:
        return None
    from pnpc.deliver.sending.tokens import NoToken, Tokens  # aiohttp, which most runs load later

    tokens = Tokens(secret, api)
    try:
        asyncio.run(tokens.token())
    except NoToken as error:
        raise CouldNotRun(f"nothing was sent: {error}") from None
    return tokens
