"""Where a payload may go, and what its body must be: one route for each target. A token never goes to another host."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from pnpc.line.grammar.schema import load
from pnpc.line.service import api as line_api
from pnpc.line.service import endpoints
from pnpc.text.finding import MOST_SHOWN

TAG_HEADER = "X-Line-Delivery-Tag"
_TAG = TAG_HEADER.lower()
_DIGEST = re.compile(r"[0-9a-f]{64}")
_SINCH_HOST = re.compile(r"https://(?:us|eu|br)\.conversation\.api\.sinch\.com")
_SINCH_PATH = re.compile(r"/v1/projects/[A-Za-z0-9_-]+/messages:send")


class BadLine(Exception):
    """A line that is no payload. Its text says why, and repeats no value of a recipient."""


class PayloadAddress(NamedTuple):
    """Where a payload goes: the API (scheme, host and port), and the path there."""

    api: str
    path: str


def way(target: str, url: str) -> PayloadAddress:
    """The way that a payload's `url` names. Raises BadLine for any host or path that is not the target's."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise BadLine("`url` is no address") from None
    address = PayloadAddress(f"{parts.scheme}://{parts.netloc}", parts.path)
    if parts.query or parts.fragment:
        raise BadLine("`url` has more than a path")
    if target == "sinch":
        if _SINCH_HOST.fullmatch(address.api) is None:
            raise BadLine(f"`url` must begin with https://REGION.conversation.api.sinch.com; found {address.api}")
        if _SINCH_PATH.fullmatch(address.path) is None:
            raise BadLine(f"`url` must go on with /v1/projects/PROJECT/messages:send; found {address.path}")
        return address
    if address.api != line_api():
        raise BadLine(f"`url` must begin with {line_api()}; found {address.api}; another host is for --api-url")
    if address.path not in _endpoints():
        raise BadLine(f"{address.path} is no endpoint for notification messages")
    return address


def check_body(target: str, path: str, body: Mapping[str, Any]) -> None:
    """Demand the recipient, the required keys and none that the target does not know. Raises BadLine.

    What stands below them was checked when it was compiled, and LINE will look at it again.
    """
    if target == "sinch":
        _require(body, ("app_id", "recipient", "message"))
        return
    grammar = load(_endpoints()[path])
    _require(body, ("to", *grammar["required"]))
    for name in body:
        if not grammar["properties"].get(name):
            raise BadLine(f"`body` has a key `{name[:MOST_SHOWN]}` that {path} does not know")
    if not isinstance(body["to"], str) or _DIGEST.fullmatch(body["to"]) is None:
        raise BadLine("`to` must be a SHA-256 digest, 64 lower-case hex digits")


def check_headers(target: str, headers: Mapping[str, Any]) -> None:
    """Demand JSON, and no header beside it but LINE's delivery tag. Raises BadLine."""
    allowed = {"content-type", _TAG} if target == "line" else {"content-type"}
    names = [name.lower() for name in headers]
    for name in names:
        if name == "x-line-retry-key":
            raise BadLine("`headers` has X-Line-Retry-Key: LINE refuses it for notification messages")
        if name == "authorization":
            raise BadLine("`headers` has Authorization: the token comes from the environment, never from a file")
        if name not in allowed:
            raise BadLine(f"`headers` has `{name[:MOST_SHOWN]}`, which is not sent to {target}")
    if len(set(names)) < len(names):
        raise BadLine("`headers` has a header twice")
    if headers.get("Content-Type") != "application/json":
        raise BadLine("`headers` must have Content-Type: application/json")


def tag_in(target: str, headers: Mapping[str, Any], body: Mapping[str, Any]) -> Any:
    """What stands where a payload has its delivery tag; None if it has none."""
    if target == "sinch":
        return body.get("correlation_id")
    tag = headers.get(TAG_HEADER)
    return tag if tag is not None else next((headers[name] for name in headers if name.lower() == _TAG), None)


def check_tag(target: str, tag: object) -> None:
    """Demand a delivery tag that can be sent, or None. Raises BadLine."""
    if tag is None:
        return
    if target == "sinch":
        if not isinstance(tag, str):
            raise BadLine("`correlation_id` must be text")
        return
    least, most, fits = _tag_limits()
    if not isinstance(tag, str) or not least <= len(tag) <= most or fits.search(tag) is None:
        raise BadLine(f"{TAG_HEADER} must be {least} to {most} visible ASCII characters")


def most_of_a_tag() -> int:
    """The most characters that a delivery tag may have."""
    return _tag_limits()[1]


@cache
def _endpoints() -> dict[str, str]:
    """The paths of LINE that take messages, each with the schema of its body."""
    return {endpoint.path: endpoint.schema for endpoint in endpoints().values() if endpoint.sends}


@cache
def _tag_limits() -> tuple[int, int, re.Pattern[str]]:
    rule = load("spec")["properties"]["deliveryTag"]
    return rule["minLength"], rule["maxLength"], re.compile(rule["pattern"])


def _require(body: Mapping[str, Any], names: tuple[str, ...]) -> None:
    for name in names:
        if name not in body:
            help = ": it was compiled without a recipient" if name in ("to", "recipient") else ""
            raise BadLine(f"`body` has no `{name}`{help}")
