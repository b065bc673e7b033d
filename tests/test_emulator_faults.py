"""The emulator's faults on the wire: what a client sees of each, whether the message was taken, and which are struck."""

import json
import socket
import time
from collections.abc import Iterator
from http.client import HTTPConnection, IncompleteRead, RemoteDisconnected
from typing import Any
from urllib.parse import urlsplit

import pytest
from emulating import FLEXIBLE, PEOPLE, TEMPLATE, TEMPLATE_COUNT, ask, flexible, template

from pnpc.emulator import Emulator


@pytest.fixture(scope="module")
def line() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


def taken(line: Emulator) -> int:
    return len(line.ledger)


def wire(line: Emulator, body: dict[str, Any]) -> tuple[bytes, str]:
    """A request written by hand: all that comes back, and how the connection ended (fin, rst)."""
    data = json.dumps(body).encode()
    head = f"POST {TEMPLATE} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\r\nContent-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
    parts = urlsplit(line.url)
    got = b""
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as connection:
        connection.sendall(head.encode() + data)
        try:
            while part := connection.recv(65536):
                got += part
        except ConnectionResetError:
            return got, "rst"
    return got, "fin"


@pytest.mark.parametrize(
    ("fault", "got", "ended", "is_taken"),
    [
        ({"type": "reset-before-read"}, b"", "rst", False),
        ({"type": "reset-before-read", "how": "fin"}, b"", "fin", False),
        ({"type": "reset-after-read"}, b"", "rst", True),
        ({"type": "reset-after-read", "how": "fin"}, b"", "fin", True),
        ({"type": "reset-after-read", "sent": False}, b"", "rst", False),
        ({"type": "truncated-status"}, b"HTTP/1.1 202 Acc", "fin", True),
    ],
)
def test_connections_that_end_without_an_answer(
    line: Emulator, fault: dict[str, Any], got: bytes, ended: str, is_taken: bool
) -> None:
    before = taken(line)
    with line.faults(fault):
        assert wire(line, template()) == (got, ended)
    assert taken(line) - before == is_taken
    assert ask(line.url, TEMPLATE, template()).status == 202


def test_a_body_cut_off_and_one_of_the_wrong_length(line: Emulator) -> None:
    before = taken(line)
    for fault in ({"type": "truncated-body"}, {"type": "status", "status": 429, "wrong-length": True}):
        with line.faults(fault), pytest.raises(IncompleteRead):
            ask(line.url, TEMPLATE, template())
    assert taken(line) == before + 1
    assert [one.fault for one in line.ledger][-1] == "truncated-body"


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_another_status(line: Emulator, status: int) -> None:
    before = taken(line)
    with line.faults({"type": "status", "status": status, "retry-after": 1.5}):
        got = ask(line.url, TEMPLATE, template())
    assert (got.status, got.headers["retry-after"]) == (status, "1.5")
    assert got.body == ({"message": "The API rate limit has been exceeded. Try again later."} if status == 429 else {})
    assert len(got.headers["x-line-request-id"]) == 36
    with line.faults({"type": "status", "status": status, "message": "late", "sent": True}):
        assert ask(line.url, TEMPLATE, template()).body == {"message": "late"}
    assert taken(line) == before + 1


def test_a_redirection_and_a_page_of_a_proxy(line: Emulator) -> None:
    with line.faults({"type": "status", "status": 307, "location": "http://127.0.0.1:1/"}):
        got = ask(line.url, TEMPLATE, template())
        assert (got.status, got.headers["location"]) == (307, "http://127.0.0.1:1/")
    with line.faults({"type": "status", "status": 502, "html": True}):
        got = ask(line.url, TEMPLATE, template())
        assert (got.status, got.headers["content-type"]) == (502, "text/html")
        assert got.raw.startswith(b"<html>")


@pytest.mark.parametrize("drip", [False, True])
def test_slow_answers_come_and_the_message_is_taken_at_once(line: Emulator, drip: bool) -> None:
    before = taken(line)
    with line.faults({"type": "slow", "seconds": 0.3, "drip": drip}):
        started = time.monotonic()
        assert ask(line.url, TEMPLATE, template()).raw == b"{}"
        assert time.monotonic() - started >= 0.29
    with line.faults({"type": "slow", "seconds": 600}):
        connection = HTTPConnection(urlsplit(line.url).hostname or "", urlsplit(line.url).port, timeout=0.3)
        connection.request(
            "POST", TEMPLATE, json.dumps(template()), {"Authorization": "Bearer a", "Content-Type": "application/json"}
        )
        with pytest.raises(TimeoutError):
            connection.getresponse()
        connection.close()
    assert taken(line) == before + 2


def test_a_refused_message_is_refused_under_a_fault_too(line: Emulator) -> None:
    before = taken(line)
    with line.faults({"type": "reset-after-read"}), pytest.raises((ConnectionResetError, RemoteDisconnected)):
        ask(line.url, TEMPLATE, template(templateKey="reserve_004"))
    assert taken(line) == before


def statuses(line: Emulator, times: int, **more: Any) -> list[int]:
    return [ask(line.url, TEMPLATE, template(**more)).status for _ in range(times)]


@pytest.mark.parametrize(
    ("when", "times", "expected"),
    [
        ({"nth": 3}, None, [202, 202, 503, 202, 202, 202]),
        ({"every": 2}, None, [202, 503, 202, 503, 202, 503]),
        ({"every": 2}, 2, [202, 503, 202, 503, 202, 202]),
        ({}, 1, [503, 202, 202, 202, 202, 202]),
        ({"endpoint": "flexible"}, None, [202] * 6),
        ({"person": "ok"}, None, [503] * 6),
        ({"person": "blocked"}, None, [202] * 6),
        ({"to": PEOPLE["ok"], "endpoint": "template", "nth": 2}, None, [202, 503, 202, 202, 202, 202]),
        ({"chance": 0}, None, [202] * 6),
        ({"chance": 1}, None, [503] * 6),
    ],
)
def test_which_requests_a_fault_strikes(
    line: Emulator, when: dict[str, Any], times: int | None, expected: list[int]
) -> None:
    fault = {"type": "status", "status": 503, "when": when} | ({"times": times} if times else {})
    with line.faults(fault):
        assert statuses(line, 6) == expected


def test_the_same_seed_strikes_the_same_requests(line: Emulator) -> None:
    runs = []
    for seed in (1, 1, 2):
        fault = {"type": "status", "status": 503, "when": {"chance": 0.5}}
        line.scenario({"scenario": 1, "seed": seed, "faults": [fault]})
        runs.append(statuses(line, 40))
    assert runs[0] == runs[1] != runs[2]
    assert set(runs[0]) == {202, 503}


def test_the_first_fault_that_matches_strikes_and_all_of_them_count(line: Emulator) -> None:
    first = {"type": "status", "status": 500, "when": {"nth": 2}}
    second = {"type": "status", "status": 503, "when": {"every": 2}}
    with line.faults(first, second):
        assert statuses(line, 4) == [202, 500, 202, 503]


def test_a_fault_may_strike_a_count(line: Emulator) -> None:
    with line.faults({"type": "status", "status": 503, "when": {"endpoint": "template-count"}}):
        assert ask(line.url, f"{TEMPLATE_COUNT}?date=20240101").status == 503
        assert ask(line.url, FLEXIBLE, flexible()).status == 200


def test_a_block_of_faults_leaves_the_scenario_as_it_is() -> None:
    """Its people and settings stay, and so do its own faults once the block is over."""
    own = {"type": "status", "status": 503, "when": {"nth": 2}}
    people = [{"to": PEOPLE["ok"], "is": "unknown"}]
    with Emulator(
        scenario={"scenario": 1, "people": people, "faults": [own], "settings": {"monthly-limit": 5}}
    ) as line:
        assert ask(line.url, TEMPLATE, template()).status == 422
        with line.faults({"type": "status", "status": 500, "times": 1}):
            assert [ask(line.url, TEMPLATE, template()).status for _ in range(3)] == [500, 422, 422]
        assert [ask(line.url, TEMPLATE, template()).status for _ in range(2)] == [503, 422]
        assert ask(line.url, "/_emulator").body["settings"]["monthly_limit"] == 5
