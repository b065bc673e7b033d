"""What tests of listen, status, counts and learn share: journals made through the Journal itself, and a receiver."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from conftest import clean_environment

from pnpc.deliver import opening
from pnpc.deliver.journal.any_journal import AnyJournal
from pnpc.deliver.journal.journal import Journal
from pnpc.deliver.journal.records import Claim, Event, RequestShape, Result
from pnpc.deliver.journal.runs import NewRun
from pnpc.deliver.webhooks.webhook import signature_of
from pnpc.project.inside import is_database

LINE = "https://api.line.me"
TEMPLATE = "/v2/bot/message/pnp/templated/push"
FLEXIBLE = "/bot/pnp/push"
SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"
HOUR = 3_600_000  # milliseconds
FAILED = '{"message":"Failed to send messages"}'


class Sent(NamedTuple):
    """One attempt. `outcome` None: no result was noted."""

    line: int
    at: int
    outcome: str | None = "accepted"
    reason: str = "accepted"
    status: int | None = 202
    answer: str | None = None
    attempt: int = 1
    tag: str | None = ""
    path: str = TEMPLATE
    keys: str = "{}"


def refused(line: int, at: int, answer: str = FAILED, **more: Any) -> Sent:
    """An attempt that was answered with 422, or with 400 and other words."""
    is_person = answer == FAILED
    status = 422 if is_person else 400
    return Sent(line, at, "refused", "recipient" if is_person else "request", status, answer, **more)


def tag(line: int) -> str:
    """The tag of a line, where an attempt names no other."""
    return f"shipment-{line:08}"


def keep(
    file: Path | str, sent: Sequence[Sent], *, lines: int | None = None, api: str = LINE, target: str = "line",
    payloads: str = "digest",
) -> str:  # fmt: skip
    """A journal of these attempts, or one more push on a journal that is there; its name."""
    lines = lines or max((one.line for one in sent), default=0)
    run = NewRun("shipment.jsonl", payloads, lines, target, api, None, "token")
    opened = opening.to_send(file) if isinstance(file, str) and is_database(file) else Journal.open_or_create(str(file))
    with opened as journal:
        journal.begin(run, sent[0].at if sent else 0)
        known = journal.known(target, api, [f"id-{one.line}" for one in sent])
        numbers = {id: message.message for id, message in known.items()}
        for one in sent:
            shape = RequestShape("POST", f"{api}{one.path}", "shipment", one.keys)
            own = tag(one.line) if one.tag == "" else one.tag
            row = f"orders.csv:{one.line + 1}"
            id = f"id-{one.line}"
            claim = Claim(id, None, numbers.get(id), one.attempt, one.line, own, row, shape, one.at)
            ((intent, numbers[id]),) = journal.claim([claim], [])
            told = (one.reason, one.status, f"request-{intent}", one.answer, one.at + 80, 80)
            if one.outcome is not None:
                journal.claim([], [Result(intent, one.outcome, *told)])
    return str(file)


def states(journal: AnyJournal) -> list[tuple[int, str, int]]:
    """Each line that was tried: its number, state and attempts."""
    return list(journal.rows("SELECT line, state, attempts FROM messages ORDER BY line"))


def deliver(file: Path | str, *lines: int, at: int) -> None:
    """Events for lines."""
    with opening.open_beside(str(file)) as journal:
        journal.add_events([Event(f"event-{tag(line)}", tag(line), at, at) for line in lines])


def events_in(file: Path | str) -> dict[str, str]:
    """The tag of each event in a journal, by its id."""
    with opening.read(str(file)) as journal:
        return dict(journal.rows("SELECT event, tag FROM events"))


def event(id: str, tag: str, at: int = 1_650_590_038_721, **more: Any) -> dict[str, Any]:
    """A delivery event as LINE writes it."""
    context = {"isRedelivery": False}
    told = {"type": "delivery", "delivery": {"data": tag}, "webhookEventId": id, "deliveryContext": context}
    return {**told, "timestamp": at, "mode": "active", **more}


def body(*events: Any) -> bytes:
    """A webhook's body."""
    return json.dumps({"destination": "Uc7472b39e21dab71c2347e02714630d6", "events": events}).encode()


class Listener:
    """A `pnpc listen` at work."""

    def __init__(self, process: subprocess.Popen[bytes], url: str) -> None:
        self.process, self.url = process, url
        self.error = ""

    def connect(self) -> HTTPConnection:
        """A connection to it."""
        where = urlsplit(self.url)
        return HTTPConnection(where.hostname or "", where.port, timeout=20)

    def ask(self, method: str, path: str, data: bytes = b"", headers: dict[str, str] | None = None) -> int:
        """The status of an answer."""
        connection = self.connect()
        try:
            connection.request(method, path, data, headers or {})
            return connection.getresponse().status
        finally:
            connection.close()

    def post(self, data: bytes, signature: str | None = None, header: str = "x-line-signature") -> int:
        """The status of the answer to a post, with its proper signature unless another is given."""
        return self.ask("POST", "/webhook", data, {header: signature or signature_of(SECRET, data)})

    def stop(self) -> int:
        """End it as a service manager does; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        _, error = self.process.communicate(timeout=30)
        self.error = error.decode()
        assert "Traceback" not in self.error
        return self.process.returncode


@contextmanager
def listening(
    *journals: Path | str, args: Sequence[str] = (), secrets: Mapping[str, str] | None = None, **more: Any
) -> Iterator[Listener]:
    """`pnpc listen` as a process of its own; killed at the end, unless it was stopped before."""
    secrets = {"LINE_CHANNEL_SECRET": SECRET} if secrets is None else secrets
    words = [word for name in journals for word in ("--journal", str(name))]
    process = subprocess.Popen(
        [sys.executable, "-m", "pnpc", "listen", "--port", "0", *words, *args],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        env=clean_environment(**secrets), **{"stderr": subprocess.PIPE, **more},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        url = process.stdout.readline().decode().strip()
        assert url, process.communicate()[1].decode()
        yield Listener(process, url)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()
