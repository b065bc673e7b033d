"""A line of a payload file, read and found fit to be sent."""

import json
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple

from pnpc.compile.filled.compact import compact
from pnpc.deliver.journal.records import RequestShape, shape_keys
from pnpc.deliver.sending.routes import (
    TAG_HEADER,
    BadLine,
    check_body,
    check_headers,
    check_tag,
    most_of_a_tag,
    tag_in,
    way,
)
from pnpc.text.json import strict as strict_json
from pnpc.text.json.strict import NotJSON

TARGETS = ("line", "sinch")
_KEYS = {"id": str, "target": str, "method": str, "url": str, "headers": dict, "body": dict}
_MOST_ID = 200  # characters
_BODY = '"body":'
_WORDS = {str: "text", dict: "an object"}


class OutgoingMessage(NamedTuple):
    """A payload, by its line from 1. `api` and `path` are its URL; `tag` its own delivery tag; `text` its body as JSON
    (empty where a line was only checked); `origin` what the compiler said of where it comes from."""

    line: int
    id: str
    target: str
    api: str
    path: str
    tag: str | None
    body: dict[str, Any]
    text: str
    origin: Mapping[str, Any]

    @property
    def row(self) -> str | None:
        """The row of the recipients' table, as FILE:LINE."""
        row = self.origin.get("row")
        return row if isinstance(row, str) else None

    def shape(self, api: str) -> RequestShape:
        """What kind of request this is, sent to an API."""
        name = self.origin.get("name")
        keys = shape_keys(self.body) if self.target == "line" else "{}"
        return RequestShape("POST", api + self.path, name if isinstance(name, str) else None, keys)


def check(raw: bytes, line: int) -> OutgoingMessage:
    """A message from a line of JSON, if it can be sent. Raises BadLine."""
    payload = _object(raw)
    for key, kind in _KEYS.items():
        if not isinstance(payload.get(key), kind):
            what = "must be" if key in payload else "is missing; it must be"
            raise BadLine(f"`{key}` {what} {_WORDS[kind]}")
    id, target, headers, body = payload["id"], payload["target"], payload["headers"], payload["body"]
    if not 0 < len(id) <= _MOST_ID or not id.isprintable():
        raise BadLine(f"`id` must be 1 to {_MOST_ID} printable characters")
    if target not in TARGETS:
        raise BadLine(f"`target` must be one of {', '.join(TARGETS)}")
    if payload["method"] != "POST":
        raise BadLine("`method` must be POST")
    api, path = way(target, payload["url"])
    check_headers(target, headers)
    check_body(target, path, body)
    tag = tag_in(target, headers, body)
    check_tag(target, tag)
    return _message(payload, api, path, tag, line, "")


def read(raw: bytes, line: int, api: str) -> OutgoingMessage:
    """The message of a line that was checked before, whose URL begins with `api`."""
    payload, body = _split(raw.decode())
    tag = tag_in(payload["target"], payload["headers"], payload["body"])
    return _message(payload, api, payload["url"][len(api) :], tag, line, body)


def _split(text: str) -> tuple[dict[str, Any], str]:
    """A line of JSON, and in it the JSON of its body as it stands: it need not be written anew."""
    before, key, after = text.partition(_BODY)
    if key:
        after = after.lstrip()
        body, end = _plain().raw_decode(after)
        payload = _plain().decode(f"{before}{_BODY}0{after[end:]}")
        if payload.get("body") == 0:  # else it was the key of something else
            payload["body"] = body
            return payload, after[:end]
    payload = _plain().decode(text)
    return payload, compact(payload["body"])


def _message(payload: Mapping[str, Any], api: str, path: str, tag: str | None, line: int, body: str) -> OutgoingMessage:
    origin = payload.get("origin")
    origin = origin if isinstance(origin, dict) else {}
    return OutgoingMessage(line, payload["id"], payload["target"], api, path, tag, payload["body"], body, origin)


def request(message: OutgoingMessage, tag: str | None) -> tuple[dict[str, str], bytes]:
    """The headers and the body that are sent, with a delivery tag."""
    headers = {"Content-Type": "application/json"}
    if message.target == "line" and tag is not None:
        headers[TAG_HEADER] = tag
    elif tag != message.tag:
        return headers, compact({**message.body, "correlation_id": tag}).encode()
    return headers, message.text.encode()


def tag_for(message: OutgoingMessage, run: str, unknown: int) -> str | None:
    """The delivery tag of an attempt: the message's own, or one of ours; a number tells attempts apart of which
    `unknown` before may have been sent."""
    own = message.tag or (f"pnpc-{run}-{message.line:09}" if message.target == "line" else None)
    if own is None or not unknown:
        return own
    ending = f".{unknown + 1}"
    if len(own) + len(ending) > most_of_a_tag():
        ending = f".{sha256(own.encode()).hexdigest()[:8]}{ending}"
    return own[: most_of_a_tag() - len(ending)] + ending


def _object(raw: bytes) -> dict[str, Any]:
    try:
        value = strict_json.read(raw)
    except NotJSON as error:
        raise BadLine(error.reason) from None
    if not isinstance(value, dict):
        raise BadLine("not an object")
    return value


@cache
def _plain() -> json.JSONDecoder:
    """For what was checked before."""
    return json.JSONDecoder()
