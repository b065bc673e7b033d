"""What the tests of the emulator share: its people, bodies that LINE takes, and a plain way to ask."""

import json
from http.client import HTTPConnection
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from pnpc.compile.tables.phones import digest
from pnpc.emulator.people import magic_numbers

TEMPLATE = "/v2/bot/message/pnp/templated/push"
FLEXIBLE = "/bot/pnp/push"
TEMPLATE_COUNT = "/v2/bot/message/delivery/pnp/templated"
FLEXIBLE_COUNT = "/v2/bot/message/delivery/pnp"
PEOPLE = {one.kind: digest(one.number) for one in magic_numbers() if one.country == "JP"}
DAY = 86_400


class Got(NamedTuple):
    """An answer: its JSON decoded, the headers' names in lower case."""

    status: int
    body: Any
    headers: dict[str, str]
    raw: bytes


def ask(
    url: str, path: str, body: Any = None, *, method: str | None = None, token: str | None = "a", **headers: str
) -> Got:
    """One request on a connection of its own. A header's `_` stands for `-`; one of value "" is left out."""
    sent = {
        "authorization": f"Bearer {token}" if token else "",
        "content-type": "application/json" if body is not None else "",
    }
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    data = body if isinstance(body, bytes | None) else json.dumps(body, ensure_ascii=False).encode()
    connection = HTTPConnection(urlsplit(url).hostname or "", urlsplit(url).port, timeout=20)
    try:
        named = {name: value for name, value in sent.items() if value}
        connection.request(method or ("GET" if data is None else "POST"), path, data, named)
        answer = connection.getresponse()
        raw = answer.read()
    finally:
        connection.close()
    content = json.loads(raw) if raw[:1] in (b"{", b"[") else None
    return Got(answer.status, content, {name.lower(): value for name, value in answer.getheaders()}, raw)


def template(person: str = "ok", **more: Any) -> dict[str, Any]:
    """A request body of the template kind for a person of PEOPLE."""
    return {"to": PEOPLE[person], "templateKey": "shipment_completed_ja", **more}


def flexible(*messages: dict[str, Any], person: str = "ok") -> dict[str, Any]:
    """A request body of the flexible kind."""
    return {"to": PEOPLE[person], "messages": list(messages or ({"type": "text", "text": "発送しました"},))}
