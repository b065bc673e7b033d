"""Where payloads go: for each target the request that it takes. LINE's own API for now."""

import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, NamedTuple

from pnpc.compile.message import Filled

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"))


class Payload(NamedTuple):
    """One request, ready but for the token: in the order of its keys in JSONL. No phone number is in it."""

    id: str
    target: str
    method: str
    url: str
    headers: dict[str, str]
    body: dict[str, Any]


class Target(NamedTuple):
    """A receiver of requests: `urls` by the message's kind; `request` makes headers and body of a recipient's digest
    (or None) and a filled message."""

    name: str
    method: str
    urls: Mapping[str, str]
    request: Callable[[str | None, Filled], tuple[dict[str, str], dict[str, Any]]]


def _line(to: str | None, filled: Filled) -> tuple[dict[str, str], dict[str, Any]]:
    # Never X-Line-Retry-Key: this endpoint does not know it.
    headers = {"Content-Type": "application/json"}
    if filled.tag is not None:
        headers["X-Line-Delivery-Tag"] = filled.tag
    return headers, filled.body if to is None else {"to": to, **filled.body}


TARGETS: Mapping[str, Target] = {
    # https://developers.line.biz/en/reference/line-notification-messages/
    "line": Target(
        "line",
        "POST",
        {
            "template": "https://api.line.me/v2/bot/message/pnp/templated/push",
            "flexible": "https://api.line.me/bot/pnp/push",
        },
        _line,
    ),
}


def payload(target: str, spec: str | None, index: int, to: str | None, filled: Filled) -> Payload:
    """The request to `target` for the row `index` of a spec. Raises KeyError for a target that is none.

    Its `id` is made of all that makes it this notification to this person, so that the same input has the same id in
    every run, and two rows never share one.
    """
    found = TARGETS[target]
    headers, body = found.request(to, filled)
    parts = {"spec": spec, "target": target, "index": index, "headers": headers, "body": body}
    identity = sha256(_CANONICAL.encode(parts).encode("ascii")).hexdigest()[:32]
    return Payload(identity, target, found.method, found.urls[filled.kind], headers, body)
