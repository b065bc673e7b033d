"""A line of a payload file, read and found fit to be sent."""

import json
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple

from pnpc.compile.filled.compact import compact
from pnpc.compile.targets import TARGETS, Target
from pnpc.compile.targets.facts import tag_limits
from pnpc.deliver.journal.records import RequestShape, shape_keys
from pnpc.deliver.sending.routes import BadLine, check_body, check_headers, check_tag, way
from pnpc.text.json import strict as strict_json
from pnpc.text.json.strict import NotJSON

_KEYS = {"id": str, "target": str, "method": str, "url": str, "headers": dict, "body": dict}
_MOST_ID = 200  # characters
_SUBJECT = 32  # hexadecimal digits: enough that two subjects are never taken for one
_IN_TAG = 16  # of a message's id in a tag of ours
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
    def kind(self) -> type[Target]:
        """The target."""
        return TARGETS[self.target]

    @property
    def row(self) -> str | None:
        """The row of the recipients' table, as FILE:LINE."""
        row = self.origin.get("row")
        return row if isinstance(row, str) else None

    def subject(self) -> str | None:
        """What the message is about, in whatever words, as 32 hexadecimal digits made of its campaign, delivery tag and
        recipient; None without a tag."""
        if self.tag is None:
            return None
        to = self.body.get(self.kind.recipient_key)
        about = f"{self.origin.get('campaign')}\0{self.tag}\0{to if isinstance(to, str) else compact(to)}"
        return sha256(about.encode("utf-8", "surrogatepass")).hexdigest()[:_SUBJECT]

    def shape(self, api: str) -> RequestShape:
        """What kind of request this is, sent to an API."""
        name = self.origin.get("name")
        keys = shape_keys(self.body) if self.kind.teaches else "{}"
        return RequestShape(self.kind.method, api + self.path, name if isinstance(name, str) else None, keys)


def check(raw: bytes, line: int) -> OutgoingMessage:
    """A message from a line of JSON, if it can be sent. Raises BadLine."""
    payload = _object(raw)
    for key, kind in _KEYS.items():
        if not isinstance(payload.get(key), kind):
            what = "must be" if key in payload else "is missing; it must be"
            raise BadLine(f"`{key}` {what} {_WORDS[kind]}")
    id, headers, body = payload["id"], payload["headers"], payload["body"]
    if not 0 < len(id) <= _MOST_ID or not id.isprintable():
        raise BadLine(f"`id` must be 1 to {_MOST_ID} printable characters")
    if payload["target"] not in TARGETS:
        raise BadLine(f"`target` must be one of {', '.join(TARGETS)}")
    target = TARGETS[payload["target"]]
    if payload["method"] != target.method:
        raise BadLine(f"`method` must be {target.method}")
    api, path = way(target, payload["url"])
    check_headers(target, headers)
    check_body(target, path, body)
    tag = target.tag.of(headers, body)
    check_tag(target, tag)
    return _message(payload, api, path, tag, line, "")


def read(raw: bytes, line: int, api: str) -> OutgoingMessage:
    """The message of a line that was checked before, whose URL begins with `api`."""
    payload, body = _split(raw.decode())
    tag = TARGETS[payload["target"]].tag.of(payload["headers"], payload["body"])
    return _message(payload, api, payload["url"][len(api) :], tag, line, body)


def _split(text: str) -> tuple[dict[str, Any], str]:
    """A line of JSON, and in it the JSON of its body as it is: it need not be written again."""
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
    headers, place = {"Content-Type": "application/json"}, message.kind.tag
    if not place.is_header and tag != message.tag:
        return headers, compact({**message.body, place.name: tag}).encode()
    if place.is_header and tag is not None:
        headers[place.name] = tag
    return headers, message.text.encode()


def tag_for(message: OutgoingMessage, journal: str, unknown: int) -> str | None:
    """The delivery tag of an attempt: the message's own, or one of ours, made of the names of its journal and of itself; an
    ending tells attempts apart of which `unknown` before may have been sent."""
    own = message.tag or (f"pnpc-{journal}-{_digits(message.id)}" if message.kind.tag.is_made else None)
    if own is None or not unknown:
        return own
    ending = f".{unknown + 1}"
    _, most, _ = tag_limits()
    if len(own) + len(ending) > most:
        ending = f".{sha256(own.encode()).hexdigest()[:8]}{ending}"
    return own[: most - len(ending)] + ending


def _digits(id: str) -> str:
    return sha256(id.encode()).hexdigest()[:_IN_TAG]


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
