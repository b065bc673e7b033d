"""The secret of a push: from the environment only, and into an Authorization header only."""

from collections.abc import Mapping
from typing import NamedTuple

from pnpc.compile.targets import Target


class NoCredentials(Exception):
    """No access token, or one that can't be valid. Its text is one line for people, without the secret."""


class Credentials(NamedTuple):
    """`identity` is what the journal knows the channel by, digested: a token, or the id of a key."""

    identity: str
    authorization: str

    def __repr__(self) -> str:
        """Nothing that could be printed by mistake."""
        return "Credentials(…)"


def credentials(target: type[Target], environment: Mapping[str, str]) -> Credentials:
    """The credentials for a target: of the first way whose variables are all set. Raises NoCredentials."""
    for secret in target.secrets:
        values = [value for name in secret.variables if (value := _read(name, environment)) is not None]
        if len(values) == len(secret.variables):
            return Credentials(values[0], secret.authorization(values))
    raise NoCredentials(f"no access token: set {', or '.join(variables(target))}")


def variables(target: type[Target]) -> list[str]:
    """The variables of each way to be let in, in words."""
    return [" and ".join(secret.variables) for secret in target.secrets]


def _read(name: str, environment: Mapping[str, str]) -> str | None:
    """A variable without spaces around it: a token is often read from a file that ends in a newline."""
    value = environment.get(name, "").strip()
    if not value:
        return None
    if not value.isascii() or not value.isprintable() or " " in value:
        raise NoCredentials(f"{name} holds a character that no token has")
    return value
