"""The secret of a push: from the environment only, and into an Authorization header only."""

import base64
from collections.abc import Mapping
from typing import NamedTuple

_LINE, _SINCH = "LINE_CHANNEL_ACCESS_TOKEN", "SINCH_ACCESS_TOKEN"
_KEY_ID, _KEY_SECRET = "SINCH_KEY_ID", "SINCH_KEY_SECRET"


class NoCredentials(Exception):
    """There is none, or it can't be one. Its text is one line for people, without the secret."""


class Credentials(NamedTuple):
    """`identity` is what the journal knows the channel by, digested: a token, or the id of a key."""

    identity: str
    authorization: str

    def __repr__(self) -> str:
        """Nothing that could be printed by mistake."""
        return "Credentials(…)"


def credentials(target: str, environment: Mapping[str, str]) -> Credentials:
    """The credentials for a target. Raises NoCredentials."""
    if target == "line":
        token = _read(_LINE, environment)
        if token is None:
            raise NoCredentials(f"no access token: set {_LINE}")
        return Credentials(token, f"Bearer {token}")
    token = _read(_SINCH, environment)
    if token is not None:
        return Credentials(token, f"Bearer {token}")
    key, secret = _read(_KEY_ID, environment), _read(_KEY_SECRET, environment)
    if key is None or secret is None:
        raise NoCredentials(f"no access token: set {_SINCH}, or {_KEY_ID} and {_KEY_SECRET}")
    return Credentials(key, f"Basic {base64.b64encode(f'{key}:{secret}'.encode()).decode()}")


def _read(name: str, environment: Mapping[str, str]) -> str | None:
    """A variable without blanks around it: a token is often read from a file that ends in a newline."""
    value = environment.get(name, "").strip()
    if not value:
        return None
    if not value.isascii() or not value.isprintable() or " " in value:
        raise NoCredentials(f"{name} holds a character that no token has")
    return value
