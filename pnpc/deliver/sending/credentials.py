"""The secret of a push: from the environment only, and into an Authorization header only."""

from collections.abc import Mapping
from typing import NamedTuple

from pnpc.compile.targets import Target
from pnpc.compile.targets.facts import Secret

CHANNEL = "LINE_CHANNEL_ID"  # the variable that names the channel, for people: no secret


class NoCredentials(Exception):
    """No access token, or one that can't be valid. Its text is one line for people, without the secret."""


class Credentials(NamedTuple):
    """`identity` is what the journal knows the channel by, digested: a token, or the id of a key. With a `token_url`,
    `authorization` is for that address only, which gives tokens for a while (see `pnpc.deliver.sending.tokens`)."""

    identity: str
    authorization: str
    token_url: str = ""

    def __repr__(self) -> str:
        """Nothing that could be printed by mistake."""
        return "Credentials(…)"


def credentials(target: type[Target], environment: Mapping[str, str]) -> Credentials:
    """The credentials for a target: of the first way whose variables are all set. Raises NoCredentials."""
    ways = _ways(target, environment)
    for secret in ways:
        values = [value for name in secret.variables if (value := _read(name, environment)) is not None]
        if len(values) == len(secret.variables):
            token_url = "" if secret.token_url is None else secret.token_url()
            return Credentials(values[0], secret.authorization(values), token_url)
    raise NoCredentials(f"no access token: set {', or '.join(_named(ways))}")


def variables(target: type[Target]) -> list[str]:
    """The variables of each way to be let in, in words."""
    return _named(target.secrets)


def _ways(target: type[Target], environment: Mapping[str, str]) -> list[Secret]:
    """The ways that may be taken: those of the scheme that a person chose, or all that need no choice."""
    chosen = environment.get(target.scheme_variable or "", "").strip().lower()
    if not chosen:
        return [secret for secret in target.secrets if not secret.token_url]
    ways = [secret for secret in target.secrets if secret.scheme.lower() == chosen]
    if not ways:
        schemes = " or ".join(secret.scheme.lower() for secret in target.secrets)
        raise NoCredentials(f"{target.scheme_variable} must be {schemes}")
    return ways


def _named(ways: "list[Secret] | tuple[Secret, ...]") -> list[str]:
    return list(dict.fromkeys(" and ".join(secret.variables) for secret in ways))


def _read(name: str, environment: Mapping[str, str]) -> str | None:
    """A variable without spaces around it: a token is often read from a file that ends in a newline."""
    value = environment.get(name, "").strip()
    if not value:
        return None
    if not value.isascii() or not value.isprintable() or " " in value:
        raise NoCredentials(f"{name} holds a character that no token has")
    return value
