"""`pnpc.Sender`: a program's messages, each sent once, whatever the program does and however it ends."""

import asyncio
import json
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from conftest import ROOT, Here, clean_environment
from faultserver import HOLD, FaultServer, answer
from pushes import TOKEN, payload

import pnpc
from pnpc.deliver.journal.journal import Journal

NAME = "a.journal.db"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultServer]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LINE_CHANNEL_ACCESS_TOKEN", TOKEN)
    with FaultServer() as server:
        yield server


def line(number: int, **more: Any) -> str:
    return json.dumps(payload(number, **more))


def sender(server: FaultServer, **given: Any) -> pnpc.Sender:
    return pnpc.Sender(NAME, api_url=server.url, **given)


def test_a_message_is_sent_once_and_its_outcome_is_told(server: FaultServer) -> None:
    with sender(server) as plain:
        first, again = plain.send(line(1)), plain.send(line(1))
    assert (first.state, first.sent_now, first.status, first.request_id) == ("accepted", True, 202, "r-1")
    assert first.at is not None
    assert first.is_sent
    assert again == first._replace(sent_now=False, at=again.at, why=f"{first.why} (known from the journal)")
    assert "nothing" in again.what_to_do

    async def later() -> pnpc.SendOutcome:
        async with sender(server) as opened:
            return await opened.send(line(1).encode())

    assert asyncio.run(later()).sent_now is False
    (request,) = server.received
    assert request.headers["authorization"] == f"Bearer {TOKEN}"


def test_what_a_spec_makes_is_sent_and_a_push_knows_it(server: FaultServer, here: Here, tmp_path: Path) -> None:
    spec = pnpc.load((ROOT / "examples" / "python" / "shipped.yaml").read_text(encoding="utf-8"))
    made = spec.fill({"order_id": "A1B2C3D4"}, recipient="080-0000-1234")
    with sender(server) as plain:
        assert plain.send(made).is_sent
    (tmp_path / "same.jsonl").write_text(made.line() + "\n", encoding="utf-8")
    done = here("push", "same.jsonl", "--journal", NAME, "--api-url", server.url, "--yes")
    assert done.stdout == "1 message: 0 sent now; 1 accepted, 0 refused, 0 unknown, 0 remaining\n", done.stderr
    assert "with pnpc.Sender: 1 accepted" in done.stderr
    assert json.loads(server.received[0].body) == made.body


def test_the_same_message_of_many_callers_is_one_request(server: FaultServer) -> None:
    async def all_at_once() -> list[pnpc.SendOutcome]:
        async with sender(server) as opened:
            return await asyncio.gather(*(opened.send(line(number % 3)) for number in range(60)))

    outcomes = asyncio.run(all_at_once())
    assert {outcome.state for outcome in outcomes} == {"accepted"}
    assert [outcome.sent_now for outcome in outcomes] == [True] * 3 + [False] * 57, "a request is that of one call"
    with sender(server) as plain, ThreadPoolExecutor(8) as pool:
        assert {outcome.state for outcome in pool.map(lambda number: plain.send(line(number)), [3, 4] * 20)} == {
            "accepted"
        }
    assert sorted(server.bodies().values()) == [1] * 5


def test_callers_share_commits_and_any_number_goes_through(server: FaultServer) -> None:
    with sender(server) as plain:
        outcomes = list(plain.send_all(line(number) for number in range(400)))
    assert [outcome.id for outcome in outcomes] == [f"id-{number}" for number in range(400)]
    assert all(outcome.sent_now for outcome in outcomes)
    with Journal.read(NAME) as journal:
        ((commits, requests),) = journal.rows("SELECT count(DISTINCT at), count(*) FROM intents")
        assert requests == 400
        assert commits < 200
        (run,) = journal.runs()
        assert (run.file, run.remaining, run.unknown) == ("pnpc.Sender", 0, 0)


def test_an_unknown_outcome_is_not_sent_again_unless_asked(server: FaultServer) -> None:
    server.script = lambda _request: answer(500)
    with sender(server) as plain:
        assert [plain.send(line(1)).state for _ in range(2)] == ["unknown", "unknown"]
    server.script = lambda _request: answer(202)
    with sender(server) as plain:
        held = plain.send(line(1))
    assert (held.state, held.sent_now) == ("unknown", False)
    assert "do not send it again" in held.what_to_do
    with sender(server, resend_unknown=True) as plain:
        assert plain.send(line(1)).sent_now
    assert len(server.received) == 2


def test_other_words_with_the_same_delivery_tag_are_held(server: FaultServer) -> None:
    other = line(1, id="other words")
    with sender(server) as plain:
        assert plain.send(line(1)).is_sent
        assert (plain.send(other).state, plain.send(other).sent_now) == ("held", False)

    async def at_once() -> list[pnpc.SendOutcome]:
        async with sender(server) as opened:
            return await asyncio.gather(opened.send(line(2)), opened.send(line(2, id="second")))

    assert sorted(outcome.state for outcome in asyncio.run(at_once())) == ["accepted", "held"]
    with sender(server, send_changed=True) as plain:
        assert plain.send(other).sent_now


def test_a_first_stage_sends_only_to_its_list(server: FaultServer, tmp_path: Path) -> None:
    """The list of the config too, which a push would heed."""
    (tmp_path / "testers.txt").write_text(f"{payload(1)['body']['to']}  # me\n", encoding="utf-8")
    (tmp_path / "pnpc.toml").write_text('only = "testers.txt"\n', encoding="utf-8")
    for given in ({}, {"only": "testers.txt"}):
        with sender(server, **given) as plain:
            assert [plain.send(line(number)).state for number in (1, 2)] == ["accepted", "held"]
    assert len(server.received) == 1
    with pytest.raises(ValueError, match="only: "):
        sender(server, only="nobody.txt")


def test_a_stop_gives_messages_back_and_the_next_call_goes_on(server: FaultServer) -> None:
    server.script = lambda _request: answer(401, {"message": "no"})
    with sender(server) as plain:
        refused = plain.send(line(1))
        assert (refused.state, refused.reason, refused.status, refused.sent_now) == (
            "not_sent",
            "unauthorized",
            401,
            False,
        )
        assert "valid access token" in refused.what_to_do
        server.script = lambda _request: answer(422)
        refused, again = plain.send(line(1)), plain.send(line(1))
        assert refused.reason == "recipient"
        assert "in another way" in refused.what_to_do
        assert again == refused._replace(sent_now=False, at=again.at, why=f"{refused.why} (known from the journal)")
        server.script = lambda _request: answer(202)
        assert plain.send(line(2)).is_sent
    assert len(server.received) == 3


def test_one_process_owns_the_journal(server: FaultServer) -> None:
    with sender(server) as plain:
        with pytest.raises(pnpc.SenderFailed, match=r"is using a\.journal\.db"), sender(server):
            pass
        with pytest.raises(RuntimeError, match="opened in another process"):
            in_a_fork(plain)
        assert plain.send(line(1)).is_sent
    Path(NAME).write_bytes(b"")
    with pytest.raises(pnpc.SenderFailed, match=r"a\.journal\.db"), sender(server):
        pass


def in_a_fork(plain: Any) -> None:
    worker = plain._hand_over.__self__._worker
    worker.process += 1  # as a child sees it
    try:
        plain.send(line(1))
    finally:
        worker.process -= 1


def test_a_journal_in_use_is_waited_for(server: FaultServer) -> None:
    first = sender(server).open()
    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(sender(server, wait=20).open)
        assert not second.done()
        first.close()
        second.result().close()


def closed_while_waiting(server: FaultServer, **given: Any) -> list[pnpc.SendOutcome]:
    """What becomes of 25 messages, of which 20 go at first, where the sender is closed before any is answered."""
    release = Event()
    server.script = lambda _request: [release, *answer(202)]

    async def main() -> list[pnpc.SendOutcome]:
        async with sender(server, **given) as opened:
            sends = [asyncio.ensure_future(opened.send(line(number))) for number in range(25)]
            while len(server.received) < 20:
                await asyncio.sleep(0.01)
            asyncio.get_running_loop().call_later(0.2, release.set)
        with pytest.raises(RuntimeError, match="not open"):
            await opened.send(line(30))
        return [await send for send in sends]

    return asyncio.run(main())


def test_close_sends_what_is_waiting_and_takes_no_more(server: FaultServer) -> None:
    assert [outcome.state for outcome in closed_while_waiting(server)] == ["accepted"] * 25


def test_a_close_that_may_not_wait_gives_messages_back(server: FaultServer) -> None:
    states = [outcome.state for outcome in closed_while_waiting(server, drain=0)]
    assert states == ["accepted"] * 20 + ["not_sent"] * 5
    assert len(server.received) == 20


PROGRAM = """
import json, sys, pnpc
with pnpc.Sender("a.journal.db", api_url=sys.argv[1]) as sender:
    for line in sys.stdin:
        sender.send(line)
"""


def test_a_killed_program_leaves_what_was_under_way_unknown(server: FaultServer) -> None:
    reached = Event()

    def hold(request: Any) -> Any:
        if request.number < 3:
            return answer(202)
        reached.set()
        return [HOLD]

    server.script = hold
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, server.url], stdin=subprocess.PIPE, env=clean_environment(), text=True
    )
    assert process.stdin is not None
    process.stdin.write("".join(f"{line(number)}\n" for number in range(6)))
    process.stdin.flush()
    assert reached.wait(20)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdin.close()
    server.script = lambda _request: answer(202)
    with sender(server) as plain:
        outcomes = [plain.send(line(number)) for number in range(6)]
    assert [outcome.state for outcome in outcomes] == ["accepted", "accepted", "unknown", *["accepted"] * 3]
    assert [outcome.sent_now for outcome in outcomes] == [False, False, False, True, True, True]
    assert set(server.bodies().values()) == {1}


def test_what_cannot_be_sent_is_told_at_once(server: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = pnpc.load((ROOT / "examples" / "python" / "shipped.yaml").read_text(encoding="utf-8"))
    with sender(server) as plain:
        for wrong, said in (
            ("{", "."),
            (line(1, body={}), "`body` has no `to`"),
            (spec.fill(), "without a recipient"),
            (line(1, target="sinch"), "`url` must"),
        ):
            with pytest.raises(pnpc.BadPayload, match=said):
                plain.send(wrong)
    with pytest.raises(RuntimeError, match="not open"):
        plain.send(line(1))
    for given, said in (
        ({"target": "fax"}, "no target 'fax'"), ({"target": "sinch"}, "several addresses"), ({"api_url": "http://a.example"}, "api_url must be https"),
        ({"rate": 0}, "rate must be"), ({"rate": 10**6}, "rate must be at most 2,000"), ({"concurrency": 0}, "concurrency must be 1 to 10,000"), ({"wait": -1}, "wait must be"), ({"drain": float("nan")}, "drain must be"), ({"journal": ""}, "the name is empty"), ({"journal": "mysql://x:y@z/"}, "neither a file nor a URL of PostgreSQL"), ({"journal": "a\0b"}, r"must be a file; found 'a\\x00b'"),
        ({"environment": {}}, "no access token"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=said):
            pnpc.Sender(**given)
    assert server.received == []


def test_an_example_service_sends_once(server: FaultServer, tmp_path: Path) -> None:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "examples" / "python" / "aiohttp_service.py")],
        env=clean_environment(LINE_API=server.url, PORT=str(port), PYTHONUNBUFFERED="1"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert any("Running on" in line for line in process.stdout)  # behind a warning: the journal is new
        order = {"order_id": "A1B2C3D4", "phone": "080-0000-1234"}
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: asked(port, order), range(16)))
        assert {body["state"] for _, body in answers} == {"accepted"}
        assert asked(port, {**order, "order_id": "a"})[0] == 422
        assert len(server.received) == 1
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
    with Journal.read(NAME.replace("a.", "shipped.")) as journal:
        (run,) = journal.runs()
        assert run.remaining == 0


def free_port() -> int:
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def asked(port: int, order: dict[str, str]) -> tuple[int, Any]:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/shipped", json.dumps(order).encode(), {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)
