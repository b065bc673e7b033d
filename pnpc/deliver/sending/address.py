"""Where requests go: the API that the payloads name, or the one that a person gives instead."""

from urllib.parse import urlsplit

_LOOPBACK = ("127.0.0.1", "::1")


class BadAddress(Exception):
    """No address that a token may be sent to. Its text is one line for people."""


def api_of(text: str) -> str:
    """Scheme, host and port of `--api-url`. Raises BadAddress.

    Plain HTTP carries the token for everybody to read: it is taken for this machine, and for names without a dot
    (machines of the same private network), and for nothing else.
    """
    try:
        parts = urlsplit(text)
        port = parts.port
        (parts.hostname or "").encode("idna")  # raises a ValueError for what can't be the name of a host
    except ValueError:
        raise BadAddress("--api-url is not a URL") from None
    host = (parts.hostname or "").removesuffix(".")  # the same host: under another name all would be sent to it again
    if parts.scheme not in ("http", "https") or not host:
        raise BadAddress("--api-url must be like https://api.line.me or http://127.0.0.1:8080")
    if parts.username is not None or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise BadAddress("--api-url has scheme, host and port, and nothing else")
    if parts.scheme == "http" and host not in _LOOPBACK and set(host) & set(".:"):
        raise BadAddress(f"--api-url must be https: http would show the access token to all on the way to {host}")
    shown = f"[{host}]" if ":" in host else host
    default = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{shown}" + ("" if port in (None, default) else f":{port}")
