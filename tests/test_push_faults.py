"""Every fault that a server or a network can make on one machine, and what push makes of it: sent, or held, or again."""

import asyncio
import contextlib
import socket
import sqlite3
from pathlib import Path

import pytest
from faultserver import CLOSE, HOLD, RESET, FaultServer, Request, Step, accept, answer, full_backlog
from pushes import SHORT, journal_of, outcomes, push_here, rows, tag, write

from pnpc.deliver.journal.journal import Journal
from pnpc.deliver.journal.records import JournalFailed
from pnpc.deliver.journal.runs import NewRun
from pnpc.deliver.payload_files import Changed
from pnpc.deliver.sending.artifact import survey
from pnpc.deliver.sending.attempts import Attempt, AttemptList
from pnpc.deliver.sending.client import Client
from pnpc.deliver.sending.engine import Engine, SendSettings
from pnpc.deliver.sending.rate import local_limiters
from pnpc.deliver.sending.timeouts import Timeouts

RATE = {"message": "The API rate limit has been exceeded. Try again later."}
MONTHLY = {"message": "You have reached your monthly limit."}


def steps_for(number: int, *steps: Step):
    """Do this with the message of a number, and accept all others."""

    def script(request: Request) -> list[Step]:
        return list(steps) if request.tag == tag(number) else accept(request)

    return script


# What the answer to the first of two messages is, and what becomes of it.
TRUNCATED = b"HTTP/1.1 202 Acc"
UNSURE = [
    ("reset after the body", [RESET], "connection-lost"),
    ("closed after the body", [CLOSE], "connection-lost"),
    ("truncated status line", [TRUNCATED, CLOSE], "connection-lost"),
    ("truncated headers", [b"HTTP/1.1 202 Accepted\r\ncontent-le", CLOSE], "connection-lost"),
    ("no HTTP at all", [b"SSH-2.0-OpenSSH_9.2\r\n", CLOSE], "connection-lost"),
    ("no answer in time", [HOLD], "timeout"),
    ("an answer too late", [1.2, *answer(202)], "timeout"),
    ("slow loris", [step for byte in answer(202)[0] for step in (bytes([byte]), 0.05)], "timeout"),
    ("500", answer(500), "server-error"),
    ("502 in HTML", answer(502, b"<html>Bad Gateway</html>", content_type="text/html"), "server-error"),
    ("503 with Retry-After", answer(503, retry_after="0"), "server-error"),
    ("504", answer(504), "server-error"),
    ("599", answer(599), "server-error"),
    ("408", answer(408), "answer-lost"),
]  # fmt: skip
REFUSED = [
    (400, "request"), (413, "too-large"), (415, "media-type"), (422, "recipient"), (409, "refused"), (402, "refused"),
    (451, "refused"),
]  # fmt: skip
STOPPING = [
    (401, "unauthorized"), (403, "forbidden"), (404, "not-found"), (405, "not-found"), (410, "not-found"),
    (301, "redirect"), (302, "redirect"), (307, "redirect"), (308, "redirect"), (300, "redirect"),
]  # fmt: skip


@pytest.mark.parametrize(("steps", "reason"), [one[1:] for one in UNSURE], ids=[one[0] for one in UNSURE])
def test_what_may_have_been_sent_is_held(steps: list[Step], reason: str, tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", 2)
    with FaultServer(steps_for(0, *steps)) as server:
        for _ in range(2):  # the second run does not touch it
            done = push_here(file, server.url)
            assert done.counts == (1, 0, 1, 0)
        assert set(server.bodies().values()) == {1}
        assert outcomes(file)[1] == ("unknown", reason)
        server.script = accept
        assert push_here(file, server.url, resend=True).counts == (2, 0, 0, 0)
    tags = [one for (one,) in rows(file, "SELECT tag FROM intents ORDER BY line, attempt")]
    assert tags == [tag(0), tag(0) + ".2", tag(1)]
    assert sorted(one.tag for one in server.received) == sorted(tags)


@pytest.mark.parametrize(("status", "reason"), REFUSED)
def test_what_is_refused_is_never_sent_again(status: int, reason: str, tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", 2)
    with FaultServer(steps_for(0, *answer(status, {"message": "no"}))) as server:
        for resend in (False, True):
            assert push_here(file, server.url, resend=resend).counts == (1, 1, 0, 0)
    assert outcomes(file)[1] == ("refused", reason)
    assert len(server.received) == 2


@pytest.mark.parametrize(("status", "reason"), STOPPING)
def test_what_stops_the_run(status: int, reason: str, tmp_path: Path) -> None:
    """Nothing more is sent, no redirect is followed, and the message is planned again."""
    file = write(tmp_path / "a.jsonl", 100)
    with FaultServer() as other, FaultServer() as server:
        server.script = lambda _: answer(status, {"message": "no"}, location=f"{other.url}/x")
        done = push_here(file, server.url)
        assert done == (reason, (0, 0, 0, 100))
        assert len(server.received) <= 20  # what was under way before the first answer
        assert other.connections == 0
        server.script = accept
        assert push_here(file, server.url) == (None, (100, 0, 0, 0))
        assert set(outcomes(file).values()) == {("accepted", "accepted")}


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_every_2xx_is_accepted(status: int, tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", 1)
    with FaultServer(lambda _: answer(status, b"" if status == 204 else None)) as server:
        assert push_here(file, server.url).counts == (1, 0, 0, 0)


HEAD_202 = b"HTTP/1.1 202 Accepted\r\nx-line-request-id: r-2\r\ncontent-length: 50\r\n\r\n{"


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ([HEAD_202, CLOSE], (1, 0, 0, 0)),
        ([HEAD_202, RESET], (1, 0, 0, 0)),
        ([HEAD_202, HOLD], (1, 0, 0, 0)),
        ([HEAD_202.replace(b"202 Accepted", b"422 x"), CLOSE], (0, 1, 0, 0)),
        (answer(202, b"\xff\x00 not json", content_encoding="gzip"), (1, 0, 0, 0)),
        (answer(400, b"<html>"), (0, 1, 0, 0)),
        ([b"HTTP/1.1 202 Accepted\r\nx-line-request-id: \xff\x80\r\ncontent-length: 2\r\n\r\n{}"], (1, 0, 0, 0)),
        (
            answer(400, b'{"message": "\\ud800", "details": [{"property": "\\ud800", "message": "\\udfff"}]}'),
            (0, 1, 0, 0),
        ),
    ],
    ids=["closed", "reset", "held", "422", "no gzip", "HTML", "bytes in a header", "half a character"],
)
def test_the_status_line_decides_and_a_broken_body_changes_nothing(steps, state, tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", 1)
    with FaultServer(lambda _: steps) as server:
        assert push_here(file, server.url).counts == state
        assert len(server.received) == 1


def _nth(first: list[Step], count: int = 1):
    """Answer so the first times that a message comes, and accept it then."""
    return lambda request: first if request.again < count else accept(request)


@pytest.mark.parametrize(
    "first",
    [
        answer(429, RATE),
        answer(429, RATE, retry_after="1"),
        answer(429, RATE, retry_after="Wed, 21 Oct 2026 07:28:00 GMT"),
        answer(429, b"<html>slow down</html>", content_type="text/html"),
        [*answer(429, RATE, content_length="9000"), CLOSE],
        answer(429, b""),
    ],
    ids=["rate", "Retry-After", "Retry-After as a date", "HTML", "wrong Content-Length", "empty"],
)
def test_429_is_sent_again_slower(first: list[Step], tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", 3)
    with FaultServer(_nth(first)) as server:
        assert push_here(file, server.url) == (None, (3, 0, 0, 0))
    assert list(server.bodies().values()) == [2, 2, 2]
    found = rows(file, "SELECT attempt, tag, outcome, reason, status FROM attempts WHERE line = 1 ORDER BY attempt")
    assert found == [(1, tag(0), "not_sent", "rate-limit", 429), (2, tag(0), "accepted", "accepted", 202)]


def test_the_monthly_limit_stops(tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", 2)
    with FaultServer(lambda _: answer(429, MONTHLY)) as server:
        assert push_here(file, server.url) == ("monthly-limit", (0, 0, 0, 2))
        assert max(server.bodies().values()) == 1


def test_a_long_retry_after_stops(tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", 1)
    with FaultServer(lambda _: answer(429, RATE, retry_after="3600")) as server:
        done = push_here(file, server.url)
    assert done.counts.remaining == 1
    assert done.stopped == "the answer was 429 and asks to wait 3600 seconds"


def test_two_answers_to_one_request_are_not_taken_for_the_next_ones(tmp_path: Path) -> None:
    """The second of them would be an acceptance of a message that LINE refused."""
    file = write(tmp_path / "a.jsonl", 6)

    def script(request: Request) -> list[Step]:
        if request.tag == tag(0):
            return [*answer(202), 0.05, *answer(202)]
        return answer(422, {"message": "Failed to send messages"})

    with FaultServer(script) as server:
        done = push_here(file, server.url, concurrency=1, rate=5)
        assert len(server.received) == 6
    assert done.counts == (1, 5, 0, 0)


def test_an_idle_connection_that_the_server_closed(tmp_path: Path) -> None:
    """Each answer is followed by an end or a reset: whatever the race, nothing is sent twice, and nothing is lost."""
    for step in (CLOSE, RESET):
        file = write(tmp_path / f"{step}.jsonl", 40)
        with FaultServer(lambda _: [*answer(202), step]) as server:  # noqa: B023
            done = push_here(file, server.url)
            assert set(server.bodies().values()) == {1}
            received = len(server.received)
        assert done.counts.accepted + done.counts.unknown == 40
        assert done.counts.accepted <= received


# --- before anything left ---


def test_reset_or_closed_before_it_was_read(tmp_path: Path) -> None:
    """Bytes left, if only into a socket: held."""
    for number, step in enumerate((RESET, CLOSE)):
        file = write(tmp_path / f"{number}.jsonl", 1)
        with FaultServer(at_headers=lambda _: [step]) as server:  # noqa: B023
            assert push_here(file, server.url).counts == (0, 0, 1, 0)
        assert server.received == []


def test_connection_refused_is_sent_again_and_not_for_ever(tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", 5)
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    done = push_here(file, url)
    assert done.stopped == "there is no answer"
    assert done.counts == (0, 0, 0, 5)
    assert set(outcomes(file).values()) == {("not_sent", "connect")}
    with FaultServer() as server:
        fresh = write(tmp_path / "b.jsonl", 5)
        assert push_here(fresh, server.url).counts == (5, 0, 0, 0)


def test_a_host_without_an_address(tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", 1)
    assert push_here(file, "http://no-such-host.invalid").counts == (0, 0, 0, 1)
    assert outcomes(file)[1] == ("not_sent", "connect")


def test_connect_timeout(tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", 1)
    with full_backlog() as url:
        done = push_here(file, url, timeouts=Timeouts(connect=0.3, total=5.0, idle=1.0))
    assert done == ("there is no answer", (0, 0, 0, 1))
    assert outcomes(file)[1] == ("not_sent", "connect")


def test_tls_that_is_none(tmp_path: Path) -> None:
    """A server that does not speak TLS, and one that says nothing at all."""
    for number, steps in enumerate(([b"HTTP/1.1 400 x\r\n\r\n", CLOSE], [HOLD])):
        file = write(tmp_path / f"{number}.jsonl", 1)
        with FaultServer(at_accept=steps[0]) as server:
            url = server.url.replace("http:", "https:")
            done = push_here(file, url, timeouts=Timeouts(connect=0.3, total=5.0, idle=1.0))
        assert done.counts == (0, 0, 0, 1)
        assert outcomes(file)[1] == ("not_sent", "connect")


def test_a_journal_that_fails_after_the_file_was_changed(tmp_path: Path) -> None:
    """The answer that is due can never be written, so it is not waited for."""
    name = journal_of(write(tmp_path / "a.jsonl", 1))

    def script(_: Request) -> list[Step]:
        with contextlib.closing(sqlite3.connect(name)) as database:
            database.execute("DROP TABLE results")
        return answer(202)

    with FaultServer(script) as server, survey(str(tmp_path / "a.jsonl")) as artifact:
        run = NewRun(artifact.name, artifact.digest, 1, "line", server.url, None, "x")

        def source():
            for message in artifact.read_again(lambda _: True):
                yield Attempt(message, 0, 0, 0)
            raise Changed

        async def push(journal: Journal) -> None:
            async with Client({"Authorization": "Bearer x"}, 1) as client:
                settings = SendSettings(server.url, 100, 1)
                engine = Engine(
                    AttemptList(source()), journal, local_limiters(journal, 100), client, settings, lambda *_: None
                )
                await asyncio.wait_for(engine.run(), 20)

        with Journal.open_or_create(name) as journal:
            journal.begin(run, 0)
            with pytest.raises(JournalFailed):
                asyncio.run(push(journal))


@pytest.mark.parametrize("with_another", [False, True], ids=["deleted", "replaced"])
def test_a_journal_that_is_deleted_while_it_is_used_stops_the_run(with_another: bool, tmp_path: Path) -> None:
    """What is written to a file without a name is forgotten: the next push would send everything again."""
    file = write(tmp_path / "a.jsonl", 50)
    name = Path(journal_of(file))

    def script(request: Request) -> list[Step]:
        if request.tag == tag(0):
            name.unlink()
            if with_another:
                name.write_bytes(b"")
        return answer(202)

    with FaultServer(script) as server:
        with pytest.raises(JournalFailed, match="was deleted or replaced while it was used"):
            push_here(file, server.url, concurrency=1)
        assert len(server.received) < 50


# --- trouble that goes on ---


def test_the_first_answers_share_one_refusal(tmp_path: Path) -> None:
    wrong = {
        "message": "x",
        "details": [{"message": "The specified template doesn't exist", "property": "templateKey"}],
    }
    file = write(tmp_path / "a.jsonl", 300)
    with FaultServer(lambda _: answer(400, wrong)) as server:
        done = push_here(file, server.url)
        assert done.stopped == "the first 20 answers are the same refusal"
        assert 20 <= len(server.received) <= 40
    assert done.counts.refused == len(server.received)
    assert done.counts.remaining == 300 - len(server.received)


def test_refusals_of_different_kinds_or_of_persons_stop_nothing(tmp_path: Path) -> None:
    def different(request: Request) -> list[Step]:
        return answer(400, {"details": [{"message": "no", "property": f"body.items[{request.number % 2}]"}]})

    file, other = write(tmp_path / "a.jsonl", 60), write(tmp_path / "b.jsonl", 60)
    with FaultServer(different) as server:
        assert push_here(file, server.url) == (None, (0, 60, 0, 0))
    with FaultServer(lambda _: answer(422, {"message": "Failed to send messages"})) as server:
        assert push_here(other, server.url) == (None, (0, 60, 0, 0))


def test_server_errors_pause_the_run_before_they_make_many_unknown(tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", 500)
    with FaultServer() as server:
        server.script = lambda request: answer(500) if 30 < request.number <= 50 else accept(request)
        done = push_here(file, server.url, concurrency=10, timeouts=SHORT)
    assert done.stopped is None
    assert done.counts.unknown == 20
    assert done.counts.accepted + done.counts.unknown == 500
    assert set(server.bodies().values()) == {1}


def test_a_clock_that_was_set_back_stops_nothing(tmp_path: Path) -> None:
    """What the journal calls the future counts as just now; the run itself looks at no wall clock."""
    file = write(tmp_path / "a.jsonl", 30)
    with FaultServer(lambda _: answer(500)) as server:
        push_here(file, server.url)
        for shift in (3_600_000, -7_200_000):
            with contextlib.closing(sqlite3.connect(journal_of(file))) as journal, journal:
                journal.execute("UPDATE intents SET at = at + ?", (shift,))
            server.script = accept
            assert push_here(file, server.url, resend=True, rate=100).counts == (30, 0, 0, 0)
        assert rows(file, "SELECT min(took) >= 0 FROM results") == [(1,)]
