"""The URL of a database, for people and logs: without its password."""

import re
from urllib.parse import unquote

_PASSWORD = re.compile(r"(?<=[?&])(password|passfile|sslpassword)=[^&]*&?", re.IGNORECASE)
# Parameters that a person knows an address by. Any other stays unsaid: it may be a misspelt `password`.
_SHOWN = re.compile(r"(host|hostaddr|port|user|dbname|sslmode)=.*", re.DOTALL)


def shown_url(url: str) -> str:
    """A URL without its password, for people: it goes to logs."""
    scheme, _, rest = url.partition("://")
    rest, _, query = rest.partition("?")
    if "@" in query and "@" not in rest:  # a password with a `?`, perhaps, which a URL should not have
        return f"{scheme}://..."
    user, at, place = rest.rpartition("@")
    shown = "&".join(part for part in query.split("&") if _SHOWN.fullmatch(part))
    return f"{scheme}://{user.partition(':')[0]}{at}{place}{'?' if shown else ''}{shown}"


def secrets_of(url: str) -> list[str]:
    """The passwords that a URL holds, as they are written and as they are meant."""
    rest = url.partition("://")[2]
    userinfo = rest.rpartition("@")[0] if "@" in rest else ""
    written = [
        userinfo.partition(":")[2],
        *(match[0].partition("=")[2].rstrip("&") for match in _PASSWORD.finditer(url)),
    ]
    return [word for secret in written if secret for word in {secret, unquote(secret)}]
