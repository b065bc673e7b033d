"""`pnpc.Sender` where something is wrong: settings, answers, the journal, a caller that gives up, a close at a bad moment."""

import asyncio
import contextlib
import logging
import re
import signal
import socket
import sqlite3
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from threading import Event, Timer, main_thread
from typing import Any
from unittest.mock import Mock

import pytest
from conftest import ROOT, Here
from faultserver import FaultServer, Request, answer
from pushes import TOKEN, until, write
from test_sender import NAME, line, sender
from test_sinch import OAUTH, Login, sinch

import pnpc
from pnpc.compile.targets import TARGETS
from pnpc.deliver.journal.journal import Journal
from pnpc.deliver.journal.records import Event as DeliveryEvent
from pnpc.deliver.journal.records import JournalAway
from pnpc.deliver.journal.runs import NewRun
from pnpc.deliver.journal.timestamps import now
from pnpc.deliver.sending.artifact import survey
from pnpc.deliver.sending.attempts import Attempt, AttemptList
from pnpc.deliver.sending.client import Client
from pnpc.deliver.sending.engine import Engine, SendSettings
from pnpc.deliver.sending.message import check
from pnpc.deliver.sending.options import SendOptions
from pnpc.deliver.sending.outcomes import REASONS
from pnpc.deliver.sending.rate import BadRate, chosen_rate, local_limiters
from pnpc.library.calls import Calls, SendCall
from pnpc.library.outcome import SENDER_REASONS

SECRETS = {"LINE_CHANNEL_ACCESS_TOKEN": TOKEN}


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultServer]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LINE_CHANNEL_ACCESS_TOKEN", TOKEN)
    with FaultServer() as server:
        yield server


def rows(sql: str) -> list[tuple[Any, ...]]:
    with Journal.read(NAME) as journal:
        return list(journal.rows(sql))


# --- settings ---


def test_secrets_of_its_own_change_no_journal(server: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PNPC_JOURNAL", NAME)
    with sender(server) as plain:
        assert plain.send(line(1)).sent_now
    with pnpc.Sender(api_url=server.url, environment=SECRETS) as plain:
        assert not plain.send(line(1)).sent_now
    monkeypatch.setenv("PNPC_JOURNAL", "another.journal.db")
    with pnpc.Sender(api_url=server.url, environment={**SECRETS, "PNPC_JOURNAL": NAME}) as plain:
        assert not plain.send(line(1)).sent_now


def test_an_empty_name_of_a_journal_is_a_mistake(
    server: FaultServer, here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ValueError, match="the name is empty"):
        pnpc.Sender("", api_url=server.url, environment=SECRETS)
    write(tmp_path / "a.jsonl", 1)
    done = here("push", "a.jsonl", "--api-url", server.url, PNPC_JOURNAL="", **SECRETS)
    assert (done.returncode, "PNPC_JOURNAL is empty" in done.stderr) == (2, True), done.stderr
    monkeypatch.setenv("PNPC_JOURNAL", "")
    for environment in (None, SECRETS):
        with pytest.raises(ValueError, match="PNPC_JOURNAL is empty"):
            pnpc.Sender(api_url=server.url, environment=environment)
    assert server.received == []


@pytest.mark.parametrize(
    ("target", "rate", "is_own", "chosen"),
    [
        ("line", None, True, 2000), ("line", 5, True, 5), ("line", 9000, False, 9000), ("line", 9000, True, "at most 2,000: LINE"),
        ("line", 0, False, "at least 1"), ("sinch", None, True, 20), ("sinch", 500, True, 500),
    ],
)  # fmt: skip
def test_a_push_and_a_sender_choose_the_same_rate(target: str, rate: int | None, is_own: bool, chosen: object) -> None:
    given: dict[str, Any] = {} if is_own else {"api_url": "http://127.0.0.1:9"}
    if target == "sinch":
        given = {"api_url": "https://us.conversation.api.sinch.com"}
    made = {"environment": {**SECRETS, "SINCH_ACCESS_TOKEN": "t"}, "target": target, "rate": rate, **given}
    if isinstance(chosen, int):
        assert chosen_rate(TARGETS[target], rate, is_own=is_own) == chosen
        assert pnpc.Sender(NAME, **made)._plan.settings.rate == chosen
        return
    with pytest.raises(BadRate, match=chosen):
        chosen_rate(TARGETS[target], rate, is_own=is_own)
    with pytest.raises(ValueError, match=chosen):
        pnpc.Sender(NAME, **made)


def test_the_own_address_has_its_limit_also_where_it_is_named(here: Here, tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", 1)
    done = here("push", "a.jsonl", "--api-url", "https://api.line.me", "--rate", "3000", "--dry-run")
    assert (done.returncode, "--rate must be at most 2,000" in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize("text", ['contry = "JP"\n', "country =\n"])
def test_a_mistake_in_the_config_has_its_place(text: str, server: FaultServer, tmp_path: Path) -> None:
    (tmp_path / "pnpc.toml").write_text(text, encoding="utf-8")
    for journal in (None, NAME):
        with pytest.raises(pnpc.ConfigErrors) as caught:
            pnpc.Sender(journal, api_url=server.url)
        assert caught.value.diagnostics[0].range.start.line == 1
        assert "Diagnostic(" not in str(caught.value)


# --- what is known of a message ---


@pytest.mark.parametrize(
    ("status", "state", "reason", "to_do"),
    [
        (422, "refused", "recipient", "in another way"), (400, "refused", "request", "correct the message"),
        (413, "refused", "too-large", "correct the message"), (500, "unknown", "server-error", "do not send it again"),
    ],
)  # fmt: skip
def test_an_outcome_keeps_its_reason(status: int, state: str, reason: str, to_do: str, server: FaultServer) -> None:
    """In the same sender, and in a later one."""
    server.script = lambda _: answer(status, {"message": "no"})
    with sender(server) as plain:
        outcomes = [plain.send(line(1)), plain.send(line(1))]
    with sender(server) as plain:
        outcomes.append(plain.send(line(1)))
    for outcome in outcomes:
        assert (outcome.state, outcome.reason, outcome.status, outcome.request_id) == (state, reason, status, "r-1")
        assert to_do in outcome.what_to_do
        assert outcomes[0].why in outcome.why
    assert [outcome.sent_now for outcome in outcomes] == [True, False, False]


def test_what_became_known_later_is_in_the_outcome(server: FaultServer, here: Here) -> None:
    server.script = lambda _: answer(500)
    with sender(server) as plain:
        assert [plain.send(line(number)).state for number in (1, 2)] == ["unknown", "unknown"]
        with Journal.open(NAME) as journal:
            ((tag,),) = journal.rows("SELECT tag FROM attempts WHERE id = 'id-1'")
            journal.add_events([DeliveryEvent("e", tag, now(), now())])
        delivered = plain.send(line(1))
    assert (delivered.state, "delivery event" in delivered.why) == ("delivered", True)
    done = here("journal", "settle", "shipment-00000002", "--as", "sent", "--reason", "seen", "--journal", NAME)
    assert done.returncode == 0, done.stderr
    with sender(server) as plain:
        settled = plain.send(line(2))
    assert (settled.state, settled.reason, "a person settled" in settled.why) == ("accepted", "settled", True)
    assert len(server.received) == 2


def test_each_reason_is_in_the_docs() -> None:
    page = (ROOT / "docs" / "push.md").read_text(encoding="utf-8")
    assert {*REASONS, *SENDER_REASONS} <= set(re.findall(r"`([a-z-]+)`", page))


def test_a_stop_has_a_reason_of_the_list(server: FaultServer) -> None:
    server.script = lambda _: answer(429, retry_after="3600")
    with sender(server) as plain:
        outcome = plain.send(line(1))
    assert (outcome.state, outcome.reason, outcome.status) == ("not_sent", "stopped", 429)
    assert outcome.why == "the answer was 429 and asks to wait 3600 seconds"


def test_a_run_counts_messages_and_not_calls(server: FaultServer, here: Here) -> None:
    server.script = lambda request: answer(401 if request.number == 1 else 202)
    with sender(server) as plain:
        assert [plain.send(line(1)).state for _ in range(3)] == ["not_sent", "accepted", "accepted"]
    assert rows("SELECT accepted, refused, unknown, remaining, sent FROM ends") == [(1, 0, 0, 0, 1)]
    assert "1  waiting" in (said := here("status", "--journal", NAME).stdout)
    assert "planned" not in said
    server.script = lambda _: answer(401)
    with sender(server) as plain:
        assert [plain.send(line(2)).state for _ in range(3)] == ["not_sent"] * 3
    assert rows("SELECT accepted, remaining FROM ends WHERE run = 2") == [(0, 1)]


# --- the journal ---


def test_a_journal_that_fails_in_the_middle_names_its_cause(server: FaultServer) -> None:
    """To the caller whose request had left, and to all that come after it."""

    def script(_: Request) -> Any:
        with contextlib.closing(sqlite3.connect(NAME)) as database:
            database.execute("DROP TABLE results")
        return answer(202)

    server.script = script
    opened = sender(server)
    with opened as plain:
        for number in (1, 2, 1):
            with pytest.raises(pnpc.SenderFailed, match="no such table"):
                plain.send(line(number))
    with pytest.raises(RuntimeError, match="not open"):
        plain.send(line(1))
    assert len(server.received) == 1
    Path(NAME).unlink()
    server.script = lambda _: answer(202)
    with opened as plain:
        assert plain.send(line(1)).is_sent


@pytest.mark.parametrize("query", ["known", "sent_in_other_words"])
def test_a_call_is_looked_up_again_after_a_query_that_failed(
    query: str, server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever of the two failed: a call that was forgotten would never have an outcome."""
    message = check(line(1).encode(), 1)
    future: Future[pnpc.SendOutcome] = Future()
    with sender(server) as plain:
        plain.send(line(2))
    with Journal.read(NAME) as journal:
        calls = Calls(journal, TARGETS["line"], server.url, SendOptions())
        calls.add(SendCall(message, [future]))
        with monkeypatch.context() as away:
            away.setattr(journal, query, Mock(side_effect=JournalAway("away")))
            with pytest.raises(JournalAway):
                calls.take()
        attempt = calls.take()
        assert attempt is not None
        assert attempt.message is message


def test_what_a_push_says_of_a_journal_is_logged(server: FaultServer, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "pnpc"):
        with sender(server) as plain:
            plain.send(line(1))
        assert [record.message for record in caplog.records] == [
            f"the journal {NAME} is new: nothing is known of earlier messages"
        ]
        caplog.clear()
        with contextlib.closing(sqlite3.connect(NAME)) as database, database:
            database.execute("DELETE FROM results")  # as a killed process leaves it
        with sender(server) as plain:
            assert plain.send(line(1)).reason == "process-ended"
        (record,) = caplog.records
    assert record.message.endswith("may or may not have been sent by it: 1")


# --- callers that give up ---


def test_an_open_that_is_given_up_leaves_the_journal_free(server: FaultServer) -> None:
    async def given_up() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(sender(server, wait=60).__aenter__(), 0.1)

    first = sender(server).open()
    asyncio.run(given_up())
    interrupt = Timer(0.2, signal.pthread_kill, (main_thread().ident, signal.SIGINT))
    interrupt.start()
    with pytest.raises(KeyboardInterrupt):
        sender(server, wait=60).open()
    first.close()
    sender(server, wait=0.3).open().close()


def test_a_close_that_is_cancelled_goes_on_in_its_thread(server: FaultServer) -> None:
    release = Event()
    server.script = lambda _: [release, *answer(202)]
    opened = sender(server)

    async def program(leaving: asyncio.Event) -> None:
        async with opened as sending:
            asking = asyncio.ensure_future(sending.send(line(1)))
            while not server.received:
                await asyncio.sleep(0.01)
            asking.cancel()
            leaving.set()

    async def main() -> None:
        leaving = asyncio.Event()
        running = asyncio.create_task(program(leaving))
        await leaving.wait()
        await asyncio.sleep(0)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    asyncio.run(main())
    release.set()
    with sender(server, wait=20) as plain:
        assert plain.send(line(1)).reason == "accepted"
    with opened as plain:
        assert not plain.send(line(1)).sent_now
    assert len(server.received) == 1


def test_the_time_to_drain_holds_for_an_engine_that_comes_after_the_close(server: FaultServer) -> None:
    server.script = lambda _: answer(401)
    opened = sender(server, drain=0)
    plain = opened.open()
    assert plain.send(line(1)).reason == "unauthorized"  # that engine has ended
    server.script = lambda _: answer(202)
    worker, gate = opened._worker, Event()
    assert worker is not None
    assert worker._loop is not None
    until(lambda: worker._engine is None)
    worker._loop.call_soon_threadsafe(gate.wait)
    waiting = [opened._hand_over(line(number)) for number in (2, 3)]
    worker.close()
    gate.set()
    plain.close()
    assert [(future.result().state, future.result().reason) for future in waiting] == [("not_sent", "stopped")] * 2
    assert len(server.received) == 1


# --- no caller waits for ever ---


@pytest.mark.parametrize("lasts", [10**400, float("inf"), float("nan"), -1, True, "x"])
def test_a_token_may_say_that_it_lasts_as_long_as_it_likes(lasts: object, server: FaultServer) -> None:
    import json

    server.script = Login(lasts=lasts)
    with sender(server, target="sinch", environment=OAUTH) as plain:
        assert plain.send(json.dumps(sinch(1))).is_sent


def test_a_client_without_a_secret_says_what_it_saw() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"

    async def post() -> str:
        async with Client({}, 1) as client:
            return (await client.post(url, {}, b"", lambda: None)).error

    assert asyncio.run(post()) == "connect"


def test_a_run_ends_where_a_message_can_have_no_result(server: FaultServer, tmp_path: Path) -> None:
    def observe(*_: object) -> None:
        raise RuntimeError("a mistake in whoever observes")

    async def push(journal: Journal, attempts: AttemptList) -> None:
        async with Client({"Authorization": "Bearer x"}, 1) as client:
            settings = SendSettings(server.url, 100, 1)
            await Engine(attempts, journal, local_limiters(journal, 100), client, settings, observe).run()

    with survey(str(write(tmp_path / "a.jsonl", 3))) as artifact, Journal.open_or_create(NAME) as journal:
        journal.begin(NewRun(artifact.name, artifact.digest, 3, "line", server.url, None, "x"), now())
        messages = AttemptList(Attempt(message, 0, 0) for message in artifact.read_again(lambda _: True))
        with pytest.raises(RuntimeError, match="whoever observes"):
            asyncio.run(push(journal, messages))
    assert rows("SELECT outcome FROM results") == [("accepted",)]


# --- tasks and threads ---


def test_one_sender_serves_tasks_and_then_threads(server: FaultServer) -> None:
    opened = sender(server)

    async def tasks() -> list[str]:
        async with opened as sending:
            first = asyncio.create_task(sending.send(line(0)))
            ids = [outcome.id async for outcome in sending.send_all(line(number) for number in range(1, 30))]
            return [(await first).id, *ids]

    assert asyncio.run(tasks()) == [f"id-{number}" for number in range(30)]
    with opened as plain:
        assert [outcome.sent_now for outcome in plain.send_all(map(line, range(31)))] == [False] * 30 + [True]


def test_a_loop_goes_on_while_many_are_sent(server: FaultServer) -> None:
    release = Event()
    server.script = lambda _: [release, *answer(202)]

    async def main() -> list[str]:
        async with sender(server) as sending:
            asyncio.get_running_loop().call_later(0.05, release.set)
            return [outcome.state async for outcome in sending.send_all(map(line, range(3)))]

    assert asyncio.run(main()) == ["accepted"] * 3


@pytest.mark.parametrize("only", ["", [], ["08000001234"]])
def test_a_list_that_is_none_never_means_everybody(server: FaultServer, only: Any) -> None:
    with pytest.raises(ValueError, match="only= takes the name of a file"):
        pnpc.Sender(NAME, api_url=server.url, environment=SECRETS, only=only)


@pytest.mark.parametrize("payload", [None, {}, 5, [b"{}"]])
def test_what_is_no_payload_is_named(server: FaultServer, payload: Any) -> None:
    with (
        pnpc.Sender(NAME, api_url=server.url, environment=SECRETS) as sending,
        pytest.raises(pnpc.BadPayload, match="its line of JSON; found"),
    ):
        sending.send(payload)
    assert server.received == []
