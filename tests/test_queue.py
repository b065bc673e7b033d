"""Shards in a queue, and workers as real processes that are killed, stopped and woken: nobody twice, nobody forgotten."""

import json
import os
import signal
import subprocess
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from conftest import Done, Here
from faultserver import FaultServer, answer
from forks import start_pnpc
from postgres import Server
from pushes import TOKEN, end, payload, tag, until, write_lines

from pnpc.deliver.journal.records import Claim, Intent, Result
from pnpc.deliver.postgres.connection import Database, address
from pnpc.deliver.postgres.journal import PostgresJournal
from pnpc.deliver.queue.shards import BadShard, read, written

if os.name != "posix":
    pytest.skip("SIGKILL and SIGSTOP", allow_module_level=True)

ENVIRONMENT = {"LINE_CHANNEL_ACCESS_TOKEN": TOKEN}


@pytest.fixture
def url(postgres: Server) -> str:
    """A journal whose silent senders count as dead soon."""
    url = postgres.journal()
    postgres.run("UPDATE pnpc.journal SET lease = 1500", url)
    return url


def write_files(folder: Path, files: int, messages: int) -> list[str]:
    """Payload files of other messages each."""
    return [
        write_lines(folder / f"{file}.jsonl", [payload(file * messages + n) for n in range(messages)]).name
        for file in range(files)
    ]


@contextmanager
def workers(url: str, folder: Path, count: int, *more: str) -> Iterator[list["subprocess.Popen[bytes]"]]:
    """Some workers, killed at the end if they are still there."""
    processes = [start_pnpc("worker", "--journal", url, *more, cwd=folder, **ENVIRONMENT) for _ in range(count)]
    try:
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def queue(here: Here, url: str, server: FaultServer, *words: str, **environment: str) -> dict[str, int]:
    """Queue; what the last line says."""
    done = here("push", *words, "--queue", "--journal", url, "--api-url", server.url, "--format", "json", **environment)
    assert done.returncode == 0, done.stderr
    numbers: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return numbers


def work(here: Here, url: str, *more: str, **environment: str) -> Done:
    """A worker of this process that ends when the queue is empty."""
    return here("worker", "--once", "--journal", url, *more, **{**ENVIRONMENT, **environment})


def status(here: Here, url: str) -> dict[str, object]:
    """The shards by state, with the messages that are planned."""
    told = json.loads(here("status", "--journal", url, "--format", "json").stdout)
    shards = {state: number for state, number in told["shards"].items() if number and state != "every"}
    return shards | {"planned": told["counts"]["planned"], "unknown": told["counts"]["unknown"]}


def wait_until_done(url: str, shards: int) -> None:
    """Wait until some shards are done."""
    with closing(Database(url)) as database:
        count = "SELECT count(*) FROM pnpc_queue.procrastinate_jobs WHERE status = 'succeeded'"
        until(lambda: database.rows(count) == [(shards,)], 0.1)


def tags(server: FaultServer) -> Counter[str]:
    return Counter(request.tag for request in server.received)


def test_workers_send_what_was_queued_once(url: str, here: Here, tmp_path: Path) -> None:
    files = write_files(tmp_path, 6, 20)
    with FaultServer() as server:
        numbers = queue(here, url, server, *files, "--rate", "60")
        assert numbers == {
            "accepted": 0, "refused": 0, "unknown": 0, "remaining": 120, "sent_now": 0, "shards": 6, "queued": 6,
            "waiting": 0, "messages": 120,
        }  # fmt: skip
        again = queue(here, url, server, *files, "--rate", "60")
        assert (again["queued"], again["waiting"]) == (0, 6)
        assert status(here, url) == {"queued": 6, "planned": 120, "unknown": 0}
        assert server.received == []
        with workers(url, tmp_path, 2, "--once") as processes:
            said = [end(process) for process in processes]
        assert [code for code, _, _ in said] == [0, 0]
        assert all("20 accepted" in out for _, out, _ in said), "both had some"
        assert tags(server) == {tag(number): 1 for number in range(120)}
        assert status(here, url) == {"done": 6, "planned": 0, "unknown": 0}
        assert "6 shards: 6 done\n" in here("status", "--journal", url).stdout
        queue(here, url, server, *files)
        assert work(here, url).returncode == 0
        assert len(server.received) == 120, "a shard that is queued once more sends nothing"


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_the_shard_of_a_dead_worker_goes_to_another(
    how: signal.Signals, url: str, here: Here, tmp_path: Path
) -> None:  # fmt: skip
    """One that was only stopped counts as dead, too: woken, it sends nothing more, and leaves the shard alone."""
    (file,) = write_files(tmp_path, 1, 90)
    with FaultServer(lambda _: [0.1, *answer(202)]) as server:
        queue(here, url, server, file, "--rate", "60")
        with workers(url, tmp_path, 1) as (first,):
            until(lambda: len(server.received) > 20)
            first.send_signal(how)
            with workers(url, tmp_path, 1) as (second,):
                wait_until_done(url, 1)
                sent = len(server.received)
                second.send_signal(signal.SIGTERM)
                code, _, err = end(second)
            assert code == 5, err
            if how == signal.SIGSTOP:
                first.send_signal(signal.SIGCONT)
                code, _, err = end(first)
                assert (code, "counts as dead" in err) == (5, True), err
            # Those of one tick, a tenth of the rate at most, may have had their connection, and be written in the loop's next turn.
            assert len(server.received) - sent <= 6 * (how == signal.SIGSTOP), err
        assert set(tags(server).values()) == {1}
        work(here, url)  # the first, once it was woken, has queued the shard again: it may have left something
        assert set(tags(server).values()) == {1}
        sure = accepted(here, url)
        assert status(here, url) == {"done": 1 + (how == signal.SIGSTOP), "planned": 0, "unknown": 90 - sure}
        assert sure + 60 > 90, "unknown is what was under way at most"


def accepted(here: Here, url: str) -> int:
    """Messages that LINE took."""
    counts: dict[str, int] = json.loads(here("status", "--journal", url, "--format", "json").stdout)["counts"]
    return sum(number for state, number in counts.items() if state not in ("unknown", "planned", "refused"))


def test_a_worker_takes_the_shards_of_its_channel_only(url: str, here: Here, tmp_path: Path) -> None:
    files = write_files(tmp_path, 3, 2)
    with FaultServer() as server:
        queue(here, url, server, files[0])
        queue(here, url, server, files[1], "--channel", "shop")
        queue(here, url, server, files[2], LINE_CHANNEL_ID="café, 2")
        assert work(here, url, "--channel", "cafe").returncode == 0
        assert status(here, url)["queued"] == 3
        done = work(here, url, LINE_CHANNEL_ID="shop")
        assert (done.returncode, "waiting for shards of shop; " in done.stderr) == (0, True), done
        assert set(tags(server)) == {tag(2), tag(3)}
        assert work(here, url, "--channel", "café, 2").returncode == 0
        assert status(here, url) == {"queued": 1, "done": 2, "planned": 2, "unknown": 0}
        assert work(here, url).returncode == 0
        assert set(tags(server).values()) == {1}


def test_what_a_url_says_of_the_connection_stands() -> None:
    said = address("postgresql://a,b/x?application_name=me&connect_timeout=9", "pnpc queue")
    assert {"application_name=me", "connect_timeout=9", "target_session_attrs=read-write"} <= set(said.split())


def test_a_signal_drains_and_gives_the_shard_back(url: str, here: Here, tmp_path: Path) -> None:
    (file,) = write_files(tmp_path, 1, 60)
    with FaultServer(lambda _: [0.1, *answer(202)]) as server:
        queue(here, url, server, file, "--rate", "60")
        with workers(url, tmp_path, 1, "--log-format", "json") as (worker,):
            until(lambda: len(server.received) > 20)
            worker.send_signal(signal.SIGTERM)
            code, out, err = end(worker)
        assert all(line.startswith("{") for line in err.splitlines()), err
        events = [json.loads(line)["event"] for line in err.splitlines()]
        assert (code, "0 unknown" in out, "stopping" in events, "shard-given-back" in events) == (5, True, True, True)
        assert status(here, url) == {"queued": 1, "planned": 60 - len(server.received), "unknown": 0}
        assert work(here, url).returncode == 0
        assert tags(server) == {tag(number): 1 for number in range(60)}


def test_a_worker_that_waits_ends_with_a_signal(url: str, tmp_path: Path) -> None:
    with workers(url, tmp_path, 1) as (worker,):
        assert worker.stderr is not None
        assert b"waiting for shards; silent for 1.5 seconds counts as dead" in worker.stderr.readline()
        worker.send_signal(signal.SIGTERM)
        assert end(worker) == (0, "", "stopped by SIGTERM\n")


def test_a_large_file_is_sent_in_parts(url: str, here: Here, tmp_path: Path) -> None:
    """Blank lines count, lines keep their numbers in the file, and a part that repeats a message of another sends it once."""
    lines = [json.dumps(payload(number)) for number in range(1_100)]
    lines[500] = ""
    lines[1_050] = lines[10]
    (tmp_path / "a.jsonl").write_text("\n".join(lines) + "\n")
    wrong = {"message": "x", "details": [{"message": "no such key", "property": "body.items[0].itemKey"}]}
    with FaultServer(lambda request: answer(400, wrong) if request.tag == tag(1_060) else answer(202)) as server:
        numbers = queue(here, url, server, "a.jsonl", "--shard-lines", "700")
        assert (numbers["shards"], numbers["messages"]) == (2, 1_099)
        done = work(here, url)
        assert done.returncode == 4
        assert "a.jsonl:1061" in done.stderr
        assert set(tags(server).values()) == {1}
        assert len(server.received) == 1_098
        assert status(here, url) == {"done": 2, "planned": 0, "unknown": 0}


def test_what_can_not_be_queued(url: str, here: Here, tmp_path: Path) -> None:
    (file,) = write_files(tmp_path, 1, 3)
    write_lines(tmp_path / "bad.jsonl", [{"id": "x"}])
    write_lines(tmp_path / "b.jsonl", [payload(1, id="other", body={**payload(1)["body"], "templateKey": "b_ja"})])
    for words, why in [
        ((file, "--journal", "a.journal.db"), "--queue needs a journal that workers share: --journal postgresql://…"),
        (("-", "--journal", url), "--queue is for files that workers can read later, not for standard input"),
        ((file, "--rate", "3000", "--journal", url), "--rate must be at most 2,000: LINE accepts no more"),
        (("bad.jsonl", "--journal", url), "nothing was sent: not every line of bad.jsonl can be"),
        (
            (file, "b.jsonl", "--journal", url),
            "1 message with a delivery tag that the recipient is sent from an earlier",
        ),
        ((file, "--journal", "postgresql:///none?host=/nowhere"), "can't reach the journal"),
    ]:
        done = here("push", *words, "--queue", input=b"{}")
        assert (done.returncode, done.stdout) == (2, ""), done
        assert why in done.stderr
    assert work(here, url).stdout == ""
    assert here("worker", "--journal", "a.journal.db").returncode == 2


def test_a_worker_that_can_not_send_gives_the_shard_back(url: str, here: Here, tmp_path: Path) -> None:
    """No token, a file that is not mounted, a token that LINE refuses: another worker, or a later one, sends it."""
    (file,) = write_files(tmp_path, 1, 3)
    with FaultServer(lambda _: answer(401)) as server:
        queue(here, url, server, file)
        done = work(here, url, LINE_CHANNEL_ACCESS_TOKEN="")
        assert (done.returncode, "no access token" in done.stderr) == (5, True), done
        (tmp_path / file).rename(tmp_path / "away")
        now(url, here)
        done = work(here, url)
        assert (done.returncode, "no such file" in done.stderr) == (5, True), done
        (tmp_path / "away").rename(tmp_path / file)
        now(url, here)
        with closing(Database(url)) as database:
            database.rows('UPDATE pnpc_queue.procrastinate_jobs SET args = args || \'{"give_backs": {"trouble": 70}}\'')
        done = work(here, url)
        assert (done.returncode, "this worker ends: unauthorized" in done.stderr) == (5, True), done
        assert status(here, url) == {"queued": 1, "planned": 3, "unknown": 0}
        server.script = lambda _: answer(202)
        now(url, here)
        assert work(here, url).returncode == 0


def test_a_shard_with_messages_left_is_not_done(
    url: str, here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """What certainly was not sent, as often as a run tries, keeps its shard in the queue; after some rounds it has failed."""
    monkeypatch.setattr("pnpc.deliver.sending.engine.MOST_ATTEMPTS", 1)
    (file,) = write_files(tmp_path, 1, 3)
    with FaultServer(lambda request: answer(429 if request.tag == tag(1) else 202)) as server:
        queue(here, url, server, file)
        for state in ["queued"] * 4 + ["failed"]:
            done = work(here, url)
            assert (done.returncode, "1 message left" in done.stderr) == (5, True), done
            assert status(here, url) == {state: 1, "planned": 1, "unknown": 0}
            now(url, here)
        queue(here, url, server, file)
        server.script = lambda _: answer(202)
        assert work(here, url).returncode == 0
        assert tags(server) == {tag(0): 1, tag(1): 6, tag(2): 1}


def test_what_a_rival_claimed_and_did_not_send_is_not_forgotten(
    url: str, here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    claim = PostgresJournal.claim

    def rival_first(
        self: PostgresJournal, claims: Sequence[Claim], results: Sequence[Result]
    ) -> Sequence[Intent | None]:
        return [None] * len(claims) if claims else claim(self, claims, results)

    (file,) = write_files(tmp_path, 1, 2)
    with FaultServer() as server:
        queue(here, url, server, file)
        monkeypatch.setattr(PostgresJournal, "claim", rival_first)
        done = work(here, url)
        assert (done.returncode, "2 messages left" in done.stderr) == (5, True), done
        monkeypatch.undo()
        now(url, here)
        assert work(here, url).returncode == 0
        assert status(here, url) == {"done": 1, "planned": 0, "unknown": 0}
        assert tags(server) == {tag(0): 1, tag(1): 1}


def test_two_that_queue_other_words_at_the_same_moment(url: str, here: Here, tmp_path: Path) -> None:
    """Neither saw the other's. A worker holds the second, and says so; also one that begins before the first is sent."""
    write_lines(tmp_path / "old.jsonl", [payload(number) for number in range(3)])
    body = {**payload(1)["body"], "templateKey": "b_ja"}
    write_lines(tmp_path / "new.jsonl", [payload(1, id="other", body=body), payload(7)])
    held = "1 message held, whose recipients were sent the same in other words; to send: queue the file again with --send-changed"
    with FaultServer() as server:
        queue(here, url, server, "old.jsonl")
        queue(here, url, server, "new.jsonl")
        done = work(here, url)
        assert (done.returncode, held in done.stderr) == (5, True), done.stderr
        assert tags(server) == {tag(number): 1 for number in (0, 1, 2, 7)}
        assert status(here, url) == {"done": 1, "failed": 1, "planned": 1, "unknown": 0}
        queue(here, url, server, "new.jsonl", "--send-changed")
        assert work(here, url).returncode == 0
        assert tags(server)[tag(1)] == 2
    with FaultServer(lambda _: [0.3, *answer(202)]) as server:
        for file, word in (("a.jsonl", "old"), ("b.jsonl", "new")):
            lines = [
                payload(number, id=f"{word}-{number}", body=dict(body, templateKey=f"{word}_ja"))
                for number in range(10, 40)
            ]
            write_lines(tmp_path / file, lines)
            queue(here, url, server, file, "--rate", "60")
        with workers(url, tmp_path, 2, "--once") as processes:
            said = [end(process) for process in processes]
        assert tags(server) == {tag(number): 1 for number in range(10, 40)}
        assert any("sent by another sender meanwhile, in other words" in err for _, _, err in said), said


def now(url: str, here: Here) -> None:
    """As if the seconds had passed until a shard may be taken again."""
    with closing(Database(url)) as database:
        database.rows("UPDATE pnpc_queue.procrastinate_jobs SET scheduled_at = NULL")


def test_what_is_wrong_with_a_shard_fails_it(url: str, here: Here, tmp_path: Path) -> None:
    """And the worker goes on with the next."""
    files = write_files(tmp_path, 3, 2)
    (tmp_path / "only.txt").write_text("+818000000004\n")
    with FaultServer() as server:
        queue(here, url, server, files[0])
        queue(here, url, server, files[1], "--not-after", "2020-01-01T00:00Z")
        queue(here, url, server, files[2], "--only", "only.txt")
        write_lines(tmp_path / files[0], [payload(0), payload(7)])
        done = work(here, url)
        assert done.returncode == 5
        assert "is not the file that was queued: it was changed" in done.stderr
        assert "the time of --not-after is reached" in done.stderr
        assert tags(server) == {tag(4): 1}
        assert status(here, url) == {"failed": 2, "done": 1, "planned": 5, "unknown": 0}
        queue(here, url, server, files[2], "--only", "only.txt")
        (tmp_path / "only.txt").write_text("+818000000005\n")
        done = work(here, url)
        assert (done.returncode, "is not the list that was queued: it was changed" in done.stderr) == (5, True)
        assert len(server.received) == 1


def test_a_shard_says_all_that_a_worker_must_know_and_no_secret(here: Here, url: str, tmp_path: Path) -> None:
    (file,) = write_files(tmp_path, 1, 3)
    with FaultServer() as server:
        queue(
            here, url, server, file, "--hours", "09:00-20:00", "--outside", "stop", "--rate", "5", "--channel", "shop",
            "--not-after", "2100-01-01T00:00Z", "--resend-unknown", "--send-changed", "--concurrency", "7",
        )  # fmt: skip
    with closing(Database(url)) as database:
        ((said,),) = database.rows("SELECT args FROM pnpc_queue.procrastinate_jobs")
    shard = read(said)
    assert written(shard) == said
    assert TOKEN not in json.dumps(said)
    settings = shard.settings
    assert (settings.rate, settings.concurrency, settings.hours, settings.outside) == (5, 7, "09:00-20:00", "stop")
    assert (settings.country, settings.channel, settings.not_after) == ("JP", "shop", 4_102_444_800.0)
    assert (settings.resend_unknown, settings.send_changed) == (True, True)
    assert shard.name.endswith("/0.jsonl:1-3")
    with pytest.raises(BadShard, match="another pnpc"):
        read({**said, "version": 0})


def test_a_worker_is_measured(url: str, here: Here, tmp_path: Path) -> None:
    files = write_files(tmp_path, 2, 3)
    with FaultServer() as server:
        queue(here, url, server, *files)
        with workers(url, tmp_path, 1, "--metrics", "127.0.0.1:0") as (worker,):
            assert worker.stderr is not None
            address = worker.stderr.readline().decode().rpartition(" ")[2].strip()

            def scraped() -> str:
                with urllib.request.urlopen(address, timeout=30) as answered:
                    text: str = answered.read().decode()
                return text

            until(lambda: 'pnpc_worker_shards_total{outcome="done"} 2.0' in scraped())
            assert "pnpc_push_requests_total 6.0" in scraped()
