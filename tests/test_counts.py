"""`pnpc counts`: LINE's numbers of a day, both kinds, and how the journals' differ."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from journals import FLEXIBLE, Sent, deliver, keep

from pnpc.cli.main import main
from pnpc.deliver.standing.counting import today
from pnpc.emulator import Emulator

TOKEN = "a-channel-access-token"
DAY = 1_795_273_200_000  # 2026-11-22, 00:00 in UTC+9
SECOND = 1000


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LINE_CHANNEL_ACCESS_TOKEN", TOKEN)


class Server(ThreadingHTTPServer):
    """Answers of our own choice: `answers` in their order, the last one again and again; `asked` is what came."""

    def __init__(self, *answers: tuple[int, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = list(answers)
        self.asked: list[str] = []
        self.url = f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Server

    def do_GET(self) -> None:
        assert self.headers["Authorization"] == f"Bearer {TOKEN}"
        status, body = self.server.answers.pop(0) if len(self.server.answers) > 1 else self.server.answers[0]
        self.server.asked.append(self.path)
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if status == 302:
            self.send_header("Location", f"{self.server.url}/elsewhere")
        self.end_headers()
        for part in (body[:10], body[10:]):  # as a network may bring it
            self.wfile.write(part)
            time.sleep(0.02)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def answering(*answers: tuple[int, bytes]) -> Iterator[Server]:
    with Server(*answers) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def run(capsys, url: str, *words: str, code: int = 0) -> tuple[str, str]:
    assert main(["counts", "--api-url", url, *words]) == code
    told = capsys.readouterr()
    assert TOKEN not in told.out + told.err
    return told.out, told.err


READY = (200, b'{"status":"ready","success":3}')


def test_both_kinds_are_asked_for_a_day(capsys):
    with answering(READY) as server:
        out, _ = run(capsys, server.url, "--date", "20261122")
    assert sorted(server.asked) == [
        "/v2/bot/message/delivery/pnp/templated?date=20261122", "/v2/bot/message/delivery/pnp?date=20261122",
    ]  # fmt: skip
    assert out.splitlines()[0] == "2026-11-22, a day in UTC+9"
    assert [line.split() for line in out.splitlines()[2:]] == [["template", "ready", "3"], ["flexible", "ready", "3"]]


def test_days_are_named_where_line_counts_them(capsys):
    with answering(READY) as server:
        for word in ("today", "yesterday", "2026-11-22"):
            run(capsys, server.url, "--date", word, "--kind", "flexible")
    days = [path.rpartition("=")[2] for path in server.asked]
    assert days[0] == f"{today():%Y%m%d}"
    assert days[1] < days[0]
    assert days[2] == "20261122"


@pytest.mark.parametrize(
    ("answer", "status", "success", "error"),
    [
        (READY, "ready", 3, None),
        ((200, b'{"status":"unready"}'), "unready", None, None),
        ((200, b'{"status":"out_of_service"}'), "out_of_service", None, None),
        ((200, b'{"status":"unavailable_for_privacy","more":1}'), "unavailable_for_privacy", None, None),
        ((200, b'{"success":3}'), None, None, "LINE's answer has no status"),
        ((200, b"<html>"), None, None, "LINE's answer is not JSON"),
        ((401, b'{"message":"Authentication failed"}'), None, None, "LINE answered 401: Authentication failed"),
        ((400, b'{"message":"The value for the \'date\' parameter is invalid"}'), None, None,
         "LINE answered 400: The value for the 'date' parameter is invalid"),
        ((302, b""), None, None, "LINE answered 302"),
        ((200, b'{"status":"ready\\u001b","success":-3}'), "ready<U+001B>", None, None),
    ],
)  # fmt: skip
def test_every_answer_is_told(capsys, answer, status, success, error):
    with answering(answer) as server:
        words = ("--date", "20261122", "--kind", "template", "--format", "json")
        out, _ = run(capsys, server.url, *words, code=2 if error else 0)
    told = json.loads(out)
    assert told["date"] == "2026-11-22"
    assert told["counts"] == [
        {"kind": "template", "status": status, "success": success, "error": error, "journals": None}
    ]
    assert len(server.asked) == 1  # no redirect was followed


def test_trouble_is_asked_again(capsys):
    with answering((503, b""), READY) as server:
        out, _ = run(capsys, server.url, "--kind", "template")
    assert len(server.asked) == 2
    assert "ready" in out


def test_an_account_without_one_kind_is_told_the_other(capsys):
    forbidden = (403, b'{"message":"Access to this API is not available for your account"}')
    with answering(forbidden, READY) as server:
        out, err = run(capsys, server.url)
    assert out.count("ready") == 1
    assert "Access to this API is not available for your account" in err
    with answering(forbidden) as server:
        run(capsys, server.url, code=2)


def journal(tmp_path, url: str) -> str:
    """Of the day: 1 to 4 accepted, 1 and 2 delivered then, 3 the next day; 5 accepted before and delivered then; 6 is of
    the flexible kind."""
    at = DAY + 5 * SECOND
    file = tmp_path / "a.journal.db"
    late, early = DAY - SECOND, [Sent(line, at) for line in (1, 2, 3, 4)]
    keep(file, [*early, Sent(5, late), Sent(6, at, path=FLEXIBLE, status=200)], api=url)
    deliver(file, 1, 2, 5, 6, at=at + SECOND)
    deliver(file, 3, at=DAY + 86_400 * SECOND)
    return str(file)


@pytest.mark.parametrize(
    ("success", "says"),
    [
        (5, "LINE counts 2 more"),
        (3, "LINE counts as many"),
        (2, "LINE counts 1 fewer"),
    ],
)
def test_journals_are_compared(tmp_path, capsys, success, says):
    with answering((200, json.dumps({"status": "ready", "success": success}).encode())) as server:
        name = journal(tmp_path, server.url)
        words = ("--date", "20261122", "--journal", name, "--journal", f"./{name.rpartition('/')[2]}")
        out, _ = run(capsys, server.url, *words)
        told = json.loads(run(capsys, server.url, *words, "--format", "json")[0])["counts"]
    template, flexible = (one["journals"] for one in told)
    assert template == {"delivered": 3, "accepted": 4, "accepted_delivered": 3, "open": 1}
    assert flexible == {"delivered": 1, "accepted": 1, "accepted_delivered": 1, "open": 0}
    assert "template: the journals saw 3 delivered on that day\n" in out
    assert "template: of 4 that LINE accepted on that day, they saw 3 delivered until now, and nothing of 1\n" in out
    assert f"template: {says}" in out


def test_the_day_begins_at_midnight_in_japan(tmp_path, capsys):
    with answering(READY) as server:
        name = journal(tmp_path, server.url)
        told = json.loads(run(capsys, server.url, "--date", "20261121", "--journal", name, "--format", "json")[0])
    assert told["counts"][0]["journals"] == {"delivered": 0, "accepted": 1, "accepted_delivered": 1, "open": 0}


def test_the_emulators_counts(tmp_path, capsys):
    from pushes import push_here, write

    file = write(tmp_path / "shipment.jsonl", 5)
    with Emulator(lenient=True, start=DAY / SECOND) as line:
        assert push_here(file, line.url).counts.accepted == 5
        line.drain()
        assert "unready" in run(capsys, line.url, "--date", "20261122")[0]
        line.advance(86_400)
        line.drain()
        out = run(capsys, line.url, "--date", "20261122", "--kind", "template", "--format", "json")[0]
    assert json.loads(out)["counts"][0]["status"] == "ready"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--date", "22.11.2026"), "--date is yyyymmdd, today or yesterday"),
        (("--date", "20261131"), "--date is yyyymmdd, today or yesterday"),
        (("--date", "2026111"), "--date is yyyymmdd, today or yesterday"),
        (("--date", "2026W1111"), "--date is yyyymmdd, today or yesterday"),
        (("--date", "２０２６１１２０"), "--date is yyyymmdd, today or yesterday"),
        (("--api-url", f"http://{'a' * 300}", "--kind", "template"), "--api-url is not a URL"),
        (("--api-url", "http://example.com"), "--api-url must be https"),
        (
            ("--journal", "a.journal.db", "--api-url", "http://127.0.0.1:9"),
            "knows nothing of messages to http://127.0.0.1:9",
        ),
        (("--journal", "nothing.journal.db"), "nothing.journal.db"),
        (("--api-url", "http://127.0.0.1:9"), "can't reach http://127.0.0.1:9"),
    ],
)
def test_what_it_can_not_run_with(tmp_path, capsys, words, says):
    keep(tmp_path / "a.journal.db", [Sent(1, DAY)])
    assert main(["counts", *words]) == 2
    assert says in capsys.readouterr().err


def test_no_token(capsys, monkeypatch):
    monkeypatch.delenv("LINE_CHANNEL_ACCESS_TOKEN")
    assert main(["counts"]) == 2
    assert "set LINE_CHANNEL_ACCESS_TOKEN" in capsys.readouterr().err
