"""The URL of a database, for people and logs: without its password."""

import re
from urllib.parse import unquote

_PASSWORD = re.compile(r"(?<=[?&])(password|passfile|sslpassword)=[^&]*&?", re.IGNORECASE)


def shown_url(url: str) -> str:
    """A URL without its password, for people: it goes to logs."""
    scheme, _, rest = url.partition("://")
    authority, slash, more = rest.partition("/")
    if "@" not in authority and "@" in more.partition("?")[0]:  # a password with a slash, which a URL should not have
        authority, slash, more = rest.rpartition("@")[0] + "@", "", rest.rpartition("@")[2]
    user, at, host = authority.rpartition("@")
    name = user.partition(":")[0]
    return f"{scheme}://{name}{at}{host}{slash}{_PASSWORD.sub('', more).rstrip('?&')}"


def secrets_of(url: str) -> list[str]:
    """The passwords that a URL holds, as they are written and as they are meant."""
    rest = url.partition("://")[2]
    userinfo = rest.rpartition("@")[0] if "@" in rest else ""
    written = [
        userinfo.partition(":")[2],
        *(match[0].partition("=")[2].rstrip("&") for match in _PASSWORD.finditer(url)),
    ]
    return [word for secret in written if secret for word in {secret, unquote(secret)}]
