"""Sinch's side, as far as its docs show it: a token for a key, `messages:send`, and a report of each message.

What a message may be is LINE's grammar at Sinch's names. The form of errors is documented; the words of a violation are ours,
and so are the reasons of a report. People are those of LINE's side, by their phone number or its digest as `identity`.
"""

import asyncio
import json
from base64 import b64decode
from collections.abc import Iterator, Mapping
from hashlib import sha256
from http import HTTPStatus
from secrets import token_hex
from typing import Any, NamedTuple

import aiohttp

from pnpc import rules
from pnpc.about import VERSION
from pnpc.compile.targets.sinch import Sinch, SinchCallback
from pnpc.emulator.answers import Answer
from pnpc.emulator.body import gated, may_refuse
from pnpc.emulator.clock import Clock, iso
from pnpc.emulator.ledger import Ledger, LedgerEntry
from pnpc.emulator.people import People
from pnpc.emulator.settings import EmulatorSettings
from pnpc.emulator.webhooks import checked
from pnpc.language.message import notice as notices
from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.line.catalog import Catalog
from pnpc.line.grammar import compiler
from pnpc.rules.gates import GATES
from pnpc.text.document import Unreadable
from pnpc.text.finding import Finding, Place
from pnpc.text.nodes import read_json
from pnpc.text.path import show
from pnpc.text.source import Source

_LASTS = 3600  # seconds of a token: "typically one hour"
_STATUSES = {
    HTTPStatus.BAD_REQUEST: "INVALID_ARGUMENT", HTTPStatus.UNAUTHORIZED: "UNAUTHENTICATED",
}  # fmt: skip
_UNKNOWABLE = ("unlisted", "suffix")  # claims about a key that an incomplete catalog can't make
_DIGEST_LENGTH = 64  # hexadecimal digits
_TIMEOUT = aiohttp.ClientTimeout(total=5)


class Violation(NamedTuple):
    """A field of a request, at Sinch's names, and what is wrong there."""

    field: str
    description: str


class SinchPlatform:
    """Answers Sinch's two calls. A token is any that is not empty, or the one that is given."""

    def __init__(
        self, settings: EmulatorSettings, clock: Clock, catalog: Catalog, ledger: Ledger, people: People,
        reporter: "CallbackPoster | None", token: str | None,
    ) -> None:  # fmt: skip
        self._settings, self._clock, self._ledger, self._people = settings, clock, ledger, people
        self._context = Context(catalog, settings.country)
        self._reporter, self._token = reporter, token

    def token(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """A token for a key, by the client credentials grant."""
        if not _is_basic(headers.get("authorization", "")) or b"grant_type=client_credentials" not in body:
            return _as_answer(HTTPStatus.UNAUTHORIZED, {"error": "invalid_client"})
        token = self._token or f"emulated-{token_hex(8)}"
        said = {"access_token": token, "token_type": "bearer", "expires_in": _LASTS, "scope": ""}
        return _as_answer(HTTPStatus.OK, said)

    def send(self, headers: Mapping[str, str], raw: bytes) -> Answer:
        """Take a message, or say what is wrong with it."""
        written = headers.get("authorization", "")
        bearer = written.removeprefix("Bearer ") if written.startswith("Bearer ") else ""
        if not (_is_basic(written) or (bearer and self._token in (None, bearer))):
            return _refused(HTTPStatus.UNAUTHORIZED, "Request had invalid credentials.")
        try:
            body = json.loads(raw)
            violations = list(self._violations(body, raw.decode())) if self._settings.check else []
        except (ValueError, RecursionError, Unreadable):
            return _refused(HTTPStatus.BAD_REQUEST, "The body is not JSON.")
        if violations or not isinstance(body, dict):
            return _refused(HTTPStatus.BAD_REQUEST, "Invalid request", violations)
        message_id = f"01EM{token_hex(11).upper()}"
        self._take(body, raw, message_id, sha256(written.encode()).hexdigest())
        return _as_answer(HTTPStatus.OK, {"message_id": message_id, "accepted_time": iso(self._clock.now())})

    def _take(self, body: dict[str, Any], raw: bytes, message_id: str, channel: str) -> None:
        to, now, tag = _recipient(body), self._clock.now(), body.get(Sinch.tag.name)
        person = self._people.person(to)
        tag = tag if isinstance(tag, str) else None
        entry = self._ledger.add(LedgerEntry(now, "template", channel, to, tag, person.kind, message_id, None, raw))
        due = now if person.failed else self._people.due(to, now)
        if due is not None:
            when = due + self._settings.delivery_seconds
            self._clock.at(when, lambda: self._report(entry, failed=person.failed))

    def _report(self, entry: LedgerEntry, *, failed: bool) -> None:
        if not failed:
            self._ledger.deliver(entry, self._clock.now())
        if self._reporter is not None:
            self._reporter.put(entry, failed=failed)

    def _violations(self, body: Any, text: str) -> Iterator[Violation]:
        for name in ("app_id", Sinch.recipient_key, "message"):
            if not isinstance(body, dict) or not body.get(name):
                yield Violation(name, f"{name} is required")
        document = read_json(Source("request", text))
        notice = notices.read(document)
        if notice.form != "sinch":
            return
        for finding in self._findings(notice):
            if may_refuse(finding.rule) and isinstance(finding.where, Place):
                yield Violation(show(finding.where.path), str(finding.message))
        for _, field, doubt in self._context.doubtful_keys(notice):
            if not (doubt.claim in _UNKNOWABLE and self._settings.lenient):
                yield Violation(show(field.path), f"{field.text} does not exist")

    def _findings(self, notice: Notice) -> Iterator[Finding]:
        yield from compiler.check("sinch-message", notice.document, expressions=False)
        for gate, names in gated():
            for name in names if GATES[gate](notice, self._context) else ():
                check = rules.get(name).check
                for finding in check(notice, self._context) if check is not None else ():
                    yield finding if finding.rule else finding._replace(rule=name)


class CallbackPoster:
    """Posts delivery reports to a URL, each once, signed as Sinch signs them."""

    def __init__(self, url: str, secret: str, clock: Clock) -> None:
        """Raises BadUrl."""
        self._url, self._secret, self._clock = checked(url), secret, clock
        self._tasks: set[asyncio.Task[None]] = set()

    def put(self, entry: LedgerEntry, *, failed: bool) -> None:
        """Post that a message was delivered, or was not."""
        reason = {"code": "RECIPIENT_NOT_REACHABLE", "description": f"the emulator's person is {entry.person}"}
        report = {
            "message_id": entry.request_id, "status": "FAILED" if failed else "DELIVERED", "metadata": "",
            **({"reason": reason} if failed else {}),
        }  # fmt: skip
        post = {
            "app_id": json.loads(entry.body).get("app_id", ""), "event_time": iso(self._clock.now()),
            "correlation_id": entry.tag or "", "message_delivery_report": report,
        }  # fmt: skip
        task = asyncio.get_running_loop().create_task(self._post(json.dumps(post, ensure_ascii=False).encode()))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def drain(self) -> None:
        """Wait until all are posted."""
        await asyncio.gather(*self._tasks)

    async def stop(self) -> None:
        """End; what was not posted is not posted."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _post(self, body: bytes) -> None:
        signed = SinchCallback().signed(self._secret, body, token_hex(13), str(int(self._clock.now())))
        headers = {"Content-Type": "application/json", "User-Agent": f"pnpc/{VERSION}", **signed}
        try:
            async with (
                aiohttp.ClientSession(timeout=_TIMEOUT) as session,
                session.post(self._url, data=body, headers=headers, allow_redirects=False) as response,
            ):
                await response.read()
        except (aiohttp.ClientError, OSError, ValueError):
            return  # how often Sinch posts again is not documented


def _recipient(body: Mapping[str, Any]) -> str:
    """A digest that is this recipient's: of a phone number, that of LINE's side."""
    name = Sinch.recipient_name(body)
    return name if len(name) == _DIGEST_LENGTH else sha256(name.encode("utf-8", "surrogatepass")).hexdigest()


def _is_basic(authorization: str) -> bool:
    scheme, _, coded = authorization.partition(" ")
    try:
        return scheme == "Basic" and b":" in b64decode(coded, validate=True)
    except ValueError:
        return False


def _refused(status: HTTPStatus, message: str, violations: list[Violation] | None = None) -> Answer:
    listed = [violation._asdict() for violation in violations or ()]
    detail = {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": listed}
    error = {"code": status, "message": message, "status": _STATUSES[status], "details": [detail] if listed else []}
    return _as_answer(status, {"error": error})


def _as_answer(status: HTTPStatus, content: dict[str, Any]) -> Answer:
    return Answer(status, json.dumps(content, ensure_ascii=False).encode("utf-8", "backslashreplace"))
