"""What of a payload may be sent, as its target says: the address, the headers, the body, the delivery tag."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from pnpc.compile.targets import Target
from pnpc.text.wording import MOST_SHOWN

_TYPE = "content-type"


class BadLine(Exception):
    """A line that is not a payload. Its text says why, and repeats no value of a recipient."""


class PayloadAddress(NamedTuple):
    """Where a payload goes: the API (scheme, host and port), and the path there."""

    api: str
    path: str


def way(target: type[Target], url: str) -> PayloadAddress:
    """The way that a payload's `url` names. Raises BadLine for any host or path that is not the target's."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise BadLine("`url` is not a URL") from None
    named = PayloadAddress(f"{parts.scheme}://{parts.netloc}", parts.path)
    if parts.query or parts.fragment:
        raise BadLine("`url` has more than a path")
    _demand(target.route().fault(*named))
    return named


def check_body(target: type[Target], path: str, body: Mapping[str, Any]) -> None:
    """Demand a body that the target takes. Raises BadLine."""
    _demand(target.wrong_body(path, body))


def check_headers(target: type[Target], headers: Mapping[str, Any]) -> None:
    """Demand JSON, and no header beside it but the target's delivery tag. Raises BadLine."""
    allowed = {_TYPE, target.tag.name.lower()} if target.tag.is_header else {_TYPE}
    names = [name.lower() for name in headers]
    for name in names:
        if name == "x-line-retry-key":
            raise BadLine("`headers` has X-Line-Retry-Key: LINE refuses it for notification messages")
        if name == "authorization":
            raise BadLine("`headers` has Authorization: the token comes from the environment, never from a file")
        if name not in allowed:
            raise BadLine(f"`headers` has `{name[:MOST_SHOWN]}`, which is not sent to {target.name}")
    if len(set(names)) < len(names):
        raise BadLine("`headers` has a header twice")
    if headers.get("Content-Type") != "application/json":
        raise BadLine("`headers` must have Content-Type: application/json")


def check_tag(target: type[Target], tag: object) -> None:
    """Demand a delivery tag that can be sent, or None. Raises BadLine."""
    if tag is not None:
        _demand(target.wrong_tag(tag))


def _demand(fault: str | None) -> None:
    if fault is not None:
        raise BadLine(fault)
