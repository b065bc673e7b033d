"""A worker and its queue when things go wrong: workers that died, a database that is away, rows that can't be read."""

import asyncio
import json
import os
import signal
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from conftest import Here
from faultserver import FaultServer, answer
from postgres import Server
from procrastinate.jobs import Job
from procrastinate.manager import JobManager
from pushes import tag, until
from test_queue import now, queue, status, tags, url, work, write_files

from pnpc.deliver.journal.records import Claim, Intent, JournalAway, Result
from pnpc.deliver.postgres.journal import PostgresJournal
from pnpc.deliver.queue.broker import QueueAway, QueueFailed, opened
from pnpc.deliver.queue.lookout import HeldShard, ShardLookout
from pnpc.deliver.queue.member import QueueMember, ShardLost, ShardVerdict
from pnpc.deliver.queue.shards import BadShard, read, written
from pnpc.deliver.queue.worker import ShardWorker

__all__ = ["url"]  # the fixture

if os.name != "posix":
    pytest.skip("signals and named pipes", allow_module_level=True)

JOBS, WORKERS = "procrastinate_jobs", "procrastinate_workers"


def in_queue(url: str, sql: str) -> list[tuple[object, ...]]:
    """Run SQL over the tables of the queue; its rows."""
    with psycopg.connect(url, options="-c search_path=pnpc_queue", autocommit=True) as connection:
        cursor = connection.execute(sql.encode())
        return cursor.fetchall() if cursor.description else []


def give_to_dead_worker(url: str) -> None:
    """As if a worker that died long ago had all shards."""
    ((dead,),) = in_queue(
        url, f"INSERT INTO {WORKERS} (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id"
    )
    in_queue(url, f"UPDATE {JOBS} SET status = 'doing', worker_id = {dead}")


@contextmanager
def beside(*steps: object) -> Iterator[None]:
    """Do something in another thread meanwhile: functions, and seconds to wait."""

    def run() -> None:
        for step in steps:
            step() if callable(step) else time.sleep(float(str(step)))

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        thread.join(60)
        assert not thread.is_alive()


def test_once_sends_the_shard_of_a_dead_worker(postgres: Server, url: str, here: Here, tmp_path: Path) -> None:
    """A worker that dies leaves its shard running; `--once` ends when it has sent that, too."""
    postgres.run("UPDATE pnpc.journal SET lease = 500", url)
    with FaultServer() as server:
        queue(here, url, server, *write_files(tmp_path, 2, 2))
        give_to_dead_worker(url)
        done = work(here, url)
        assert done.returncode == 0, done.stderr
        assert "waiting: shards that other workers send: 2" in done.stderr
        assert status(here, url) == {"done": 2, "planned": 0, "unknown": 0}
        assert set(tags(server).values()) == {1}


def test_once_says_what_is_left(postgres: Server, url: str, here: Here, tmp_path: Path) -> None:
    """A shard whose pause is not over, and one whose lines another channel must send first."""
    first, second = write_files(tmp_path, 2, 1)
    with FaultServer() as server:
        queue(here, url, server, first)
        in_queue(url, f"UPDATE {JOBS} SET scheduled_at = '2100-01-01T00:00Z'")
        done = work(here, url)
        left = "stopped: not all is sent: shards that were given back: 1, the first until 2100-01-01 00:00:00Z\n"
        assert (done.returncode, done.stderr.endswith(left)) == (5, True), done.stderr
        in_queue(url, f"DELETE FROM {JOBS}")
        queue(here, url, server, second, "--channel", "shop")
        queue(here, url, server, second)
        done = work(here, url)
        left = "shards whose lines are queued for channel shop, too, and must be sent there first: 1\n"
        assert (done.returncode, done.stderr.endswith(left)) == (5, True), done.stderr
        assert server.received == []


def test_a_worker_lives_on_when_its_connections_are_cut(
    postgres: Server, url: str, here: Here, tmp_path: Path
) -> None:  # fmt: skip
    """Also in the middle of a sign of life: there are more of them, and the shard stays its own."""
    (file,) = write_files(tmp_path, 1, 30)
    seen: list[tuple[object, ...]] = []

    def cut() -> None:
        until(lambda: server.received)
        with psycopg.connect(url) as connection:
            connection.execute(f"LOCK TABLE pnpc_queue.{WORKERS} IN EXCLUSIVE MODE")
            waits = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pnpc queue' AND wait_event_type = 'Lock'"
            until(lambda: postgres.run(waits, url) != [(0,)])
            assert postgres.cut("pnpc queue") > 0
        (before,) = in_queue(url, f"SELECT max(last_heartbeat) FROM {WORKERS}")
        until(lambda: in_queue(url, f"SELECT max(last_heartbeat) FROM {WORKERS}") > [before])
        seen.extend(in_queue(url, f"SELECT attempts, status::text FROM {JOBS}"))
        server.script = lambda _: answer(202)
        pause.set()

    pause = threading.Event()
    with FaultServer(lambda _: [pause, *answer(202)]) as server:
        queue(here, url, server, file)
        with beside(cut):
            done = work(here, url)
        assert done.returncode == 0, done.stderr
        assert seen == [(0, "doing")]
        assert set(tags(server).values()) == {1}


def test_a_journal_that_is_cut_off_when_a_push_begins_ends_no_worker(
    postgres: Server, url: str, here: Here, tmp_path: Path
) -> None:  # fmt: skip
    (file,) = write_files(tmp_path, 1, 2)

    def cut() -> None:
        with psycopg.connect(url) as connection:
            connection.execute("LOCK TABLE pnpc.leases IN ACCESS EXCLUSIVE MODE")
            locked.set()
            waits = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pnpc' AND wait_event_type = 'Lock'"
            until(lambda: postgres.run(waits, url) != [(0,)])
            assert postgres.cut("pnpc") > 0

    locked = threading.Event()
    with FaultServer() as server:
        queue(here, url, server, file)
        with beside(cut):
            assert locked.wait(20)
            done = work(here, url)
        assert done.returncode == 0, done.stderr
        assert "stopped: the journal" in done.stderr
        assert tags(server) == {"shipment-00000000": 1, "shipment-00000001": 1}


def test_what_is_unknown_is_sent_again_once(url: str, here: Here, tmp_path: Path) -> None:
    """A shard may be taken many times: what it made unknown itself is not sent again by its next worker."""
    (file,) = write_files(tmp_path, 1, 3)
    with FaultServer(lambda _: answer(500)) as server:
        queue(here, url, server, file)
        work(here, url)
        queue(here, url, server, file, "--resend-unknown")
        for _ in range(2):
            work(here, url)
            assert tags(server) == {tag(number) + more: 1 for number in range(3) for more in ("", ".2")}
            assert status(here, url)["unknown"] == 3
            in_queue(url, f"UPDATE {JOBS} SET status = 'todo' WHERE id = 2")
        queue(here, url, server, file, "--resend-unknown", "--rate", "100")
        work(here, url)
        assert tags(server)[tag(0) + ".3"] == 1, "queued again, they are sent again"


def test_a_signal_ends_a_worker_whose_journal_is_away(
    postgres: Server, url: str, here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """The second one ends only the wait for the journal: that is no reason to begin again."""
    claim = PostgresJournal.claim
    refused: list[int] = []

    def away(journal: PostgresJournal, claims: Sequence[Claim], results: Sequence[Result]) -> Sequence[Intent | None]:
        if not results or len(refused) == 3:
            return claim(journal, claims, results)
        refused.append(len(results))
        if len(refused) < 3:
            os.kill(os.getpid(), signal.SIGTERM)
        raise JournalAway("the journal can't be reached")

    (file,) = write_files(tmp_path, 1, 3)
    with FaultServer() as server:
        queue(here, url, server, file, "--rate", "1")
        monkeypatch.setattr(PostgresJournal, "claim", away)
        done = work(here, url)
        assert (done.returncode, len(server.received), len(refused)) == (5, 1, 3), done.stderr
        assert done.stderr.endswith("stopped by SIGTERM\n"), done.stderr
        assert status(here, url) == {"queued": 1, "planned": 2, "unknown": 0}


def test_a_worker_that_waits_ends_while_the_database_is_away(postgres: Server, url: str, here: Here) -> None:
    late = []

    def restart() -> None:
        late.append(not ended.wait(30))
        postgres.start()

    ended = threading.Event()
    with beside(1.0, postgres.stop, 1.0, lambda: os.kill(os.getpid(), signal.SIGTERM), restart):
        try:
            done = here("worker", "--journal", url)
        finally:
            ended.set()
    assert (done.returncode, late) == (0, [False]), done.stderr
    assert done.stderr.endswith("stopped by SIGTERM\n")


def test_a_database_that_is_away_makes_no_worker_dead(postgres: Server, url: str, here: Here, tmp_path: Path) -> None:
    """The end of a shard that can't be written says so; it is no sign that another worker has the shard."""
    (file,) = write_files(tmp_path, 1, 1)
    with FaultServer() as server:
        queue(here, url, server, file)
    with ShardWorker(url, 60, None, lambda _: None, waits=True) as worker:
        taken = worker.take()
        assert taken is not None
        postgres.stop()
        try:
            with pytest.raises(QueueFailed, match="its database does not answer"):
                worker.settle(taken, ShardVerdict("done"), lambda: True)
        finally:
            postgres.start()


def test_after_an_outage_workers_have_time_to_come_back(url: str, here: Here, tmp_path: Path) -> None:
    """Their signs of life are all old then, also those of workers that live."""
    with FaultServer() as server:
        queue(here, url, server, *write_files(tmp_path, 1, 1))
    give_to_dead_worker(url)

    async def look() -> None:
        async with opened(url) as app:
            looking = asyncio.create_task(QueueMember(app, "shards", 3).take_over(lambda _: False))
            in_queue(url, f"ALTER TABLE {WORKERS} RENAME TO away")
            await asyncio.sleep(1.0)
            in_queue(url, f"ALTER TABLE away RENAME TO {WORKERS}")
            await asyncio.sleep(1.6)
            in_queue(url, f"UPDATE {WORKERS} SET last_heartbeat = now()")
            await asyncio.sleep(1.4)
            looking.cancel()

    asyncio.run(look())
    assert in_queue(url, f"SELECT status::text, attempts FROM {JOBS}") == [("doing", 0)]


def test_a_worker_that_the_queue_forgot_takes_the_next_shard(
    postgres: Server, url: str, here: Here, tmp_path: Path
) -> None:  # fmt: skip
    (file,) = write_files(tmp_path, 1, 1)
    with ShardWorker(url, 60, None, lambda _: None, waits=True) as worker, FaultServer() as server:
        in_queue(url, f"DELETE FROM {WORKERS}")
        queue(here, url, server, file)
        taken = worker.take()
        assert taken is not None
        worker.settle(taken, ShardVerdict("done"), lambda: False)
    assert status(here, url)["done"] == 1


def test_an_end_whose_answer_was_lost_is_written_once(postgres: Server, url: str, here: Here, tmp_path: Path) -> None:
    files = write_files(tmp_path, 3, 1)
    with FaultServer() as server:
        queue(here, url, server, *files)

        async def end_twice(outcome: str, *, lost: bool = False) -> None:
            async with opened(url) as app:
                member = QueueMember(app, "shards", 60)
                await member.join()
                job = await member.next()
                assert job is not None
                verdict = ShardVerdict("given-back" if outcome == "given-back" else "done", 600)
                if lost:
                    in_queue(url, f"UPDATE {JOBS} SET worker_id = NULL WHERE id = {job.id}")
                await member.end(job, verdict)
                await member.end(job, verdict)

        asyncio.run(end_twice("done"))
        asyncio.run(end_twice("given-back"))
        with pytest.raises(ShardLost):
            asyncio.run(end_twice("done", lost=True))
    assert in_queue(url, f"SELECT status::text FROM {JOBS} ORDER BY id") == [("succeeded",), ("todo",), ("doing",)]


def test_a_shard_whose_answer_was_lost_is_found_again(
    postgres: Server, url: str, here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """It is the worker's, which gives signs of life: nobody else would ever take it."""
    fetch = JobManager.fetch_job
    lost: list[Job | None] = []

    async def cut(manager: JobManager, queues: list[str], worker: int) -> Job | None:
        job = await fetch(manager, queues, worker)
        if not lost:
            lost.append(job)
            raise QueueAway("cut")
        return job

    monkeypatch.setattr(JobManager, "fetch_job", cut)
    with FaultServer() as server:
        queue(here, url, server, *write_files(tmp_path, 1, 1))
        done = work(here, url)
        assert (done.returncode, len(server.received), len(lost)) == (0, 1, 1), done.stderr


def test_a_sign_of_life_that_hangs_is_given_again_in_time(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    signs: list[int] = []

    async def hang(_manager: JobManager, worker: int) -> None:
        signs.append(worker)
        await asyncio.sleep(60 if len(signs) == 1 else 0)

    async def live() -> None:
        async with opened(url) as app, asyncio.timeout(8):
            living = asyncio.create_task(QueueMember(app, "shards", 1).live())
            while len(signs) < 2:
                await asyncio.sleep(0.02)
            living.cancel()

    monkeypatch.setattr(JobManager, "update_heartbeat", hang)
    asyncio.run(live())


def test_what_another_worker_has_is_left_alone(postgres: Server, url: str, here: Here, tmp_path: Path) -> None:
    """One that is given back, and is taken at once by another: the answer was lost, and it is written no second time."""
    with FaultServer() as server:
        queue(here, url, server, *write_files(tmp_path, 1, 1))

        async def give_back() -> None:
            async with opened(url) as app:
                first, second = QueueMember(app, "shards", 60), QueueMember(app, "shards", 60)
                for member in (first, second):
                    await member.join()
                job = await first.next()
                assert job is not None
                await first.end(job, ShardVerdict("given-back"))
                taken = await second.next()
                assert taken is not None
                await first.end(job, ShardVerdict("given-back"))
                with pytest.raises(ShardLost):
                    await first.end(job, ShardVerdict("done"))
                (row,) = in_queue(url, f"SELECT status::text, attempts FROM {JOBS}")
                assert row == ("doing", 1)
                await second.end(taken, ShardVerdict("failed"))
                with pytest.raises(ShardLost):
                    await first.end(job, ShardVerdict("done"))

        asyncio.run(give_back())
    assert in_queue(url, f"SELECT status::text, attempts FROM {JOBS}") == [("failed", 2)]


def test_a_shard_that_gave_a_sign_of_life_is_not_taken_over(
    postgres: Server, url: str, here: Here, tmp_path: Path
) -> None:  # fmt: skip
    """Also between the look and what is written: the row is as it was, its worker is not."""
    with FaultServer() as server:
        queue(here, url, server, *write_files(tmp_path, 1, 1))
    give_to_dead_worker(url)

    class LateSign(ShardLookout):
        def dead(self, running: Iterable[tuple[HeldShard, bool]], began: float, ended: float) -> set[HeldShard]:
            found = super().dead(running, began, ended)
            if found:
                in_queue(url, f"UPDATE {WORKERS} SET last_heartbeat = now()")
                looked.append(len(found))
            return found

    looked: list[int] = []

    async def look() -> None:
        async with opened(url) as app:
            looking = asyncio.create_task(QueueMember(app, "shards", 0.5).take_over(lambda _: False))
            while not looked:
                await asyncio.sleep(0.05)
            await asyncio.sleep(0.2)
            looking.cancel()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pnpc.deliver.queue.member.ShardLookout", LateSign)
        asyncio.run(look())
    assert in_queue(url, f"SELECT status::text, attempts FROM {JOBS}") == [("doing", 0)]


def test_a_worker_is_dead_after_the_same_sign_for_the_whole_time() -> None:
    lookout, held = ShardLookout(30), HeldShard(1, 0, 7, datetime.now(UTC))
    for at in range(0, 30, 6):
        assert lookout.dead([(held, True)], at, at + 0.1) == set()
    assert lookout.dead([(held, False)], 31, 31) == set(), "the server's clock says that it was not silent for so long"
    assert lookout.dead([(held, True)], 37, 37) == {held}
    assert lookout.dead([(held, True)], 60, 60) == set(), "the looker was away, and perhaps the database"
    assert lookout.dead([(held._replace(sign=None), True)], 66, 66) == set()
    lookout.forget()
    assert lookout.dead([(held, True)], 72, 72) == set()


def test_a_shard_that_kills_its_workers_fails(url: str, here: Here, tmp_path: Path) -> None:
    def fail() -> None:
        with ShardWorker(url, 60, None, lambda _: None, waits=True) as worker:
            assert worker.take() is not None
            raise ZeroDivisionError

    with FaultServer() as server:
        queue(here, url, server, *write_files(tmp_path, 1, 2))
        for deaths in range(1, 5):
            with pytest.raises(ZeroDivisionError):
                fail()
            assert in_queue(url, f"SELECT args->'give_backs'->'deaths' FROM {JOBS}") == [(deaths,)]
        give_to_dead_worker(url)

        async def look() -> None:
            async with opened(url) as app:
                looking = asyncio.create_task(QueueMember(app, "shards", 0.5).take_over(lambda _: False))
                while in_queue(url, f"SELECT status::text FROM {JOBS}") == [("doing",)]:
                    await asyncio.sleep(0.05)
                looking.cancel()

        asyncio.run(look())
        assert status(here, url) == {"failed": 1, "planned": 2, "unknown": 0}
        assert "0.jsonl:1-2: 5 workers in a row died with it\n" in here("status", "--journal", url).stdout


def test_once_does_not_wait_for_a_shard_behind_a_pause(url: str, here: Here, tmp_path: Path) -> None:
    """The same lines, queued again with another rate, go after those that were given back; signals make no pause longer."""
    (file,) = write_files(tmp_path, 1, 1)
    with FaultServer(lambda _: answer(401)) as server:
        queue(here, url, server, file)
        in_queue(url, f"UPDATE {JOBS} SET attempts = 6")
        assert "unauthorized" in work(here, url).stderr
        assert in_queue(url, f"SELECT scheduled_at < now() + interval '11 seconds' FROM {JOBS}") == [(True,)]
        in_queue(url, f"UPDATE {JOBS} SET scheduled_at = '2100-01-01T00:00Z'")
        queue(here, url, server, file, "--rate", "7")
        done = work(here, url)
        left = "stopped: not all is sent: shards that were given back: 2, the first until 2100-01-01 00:00:00Z\n"
        assert (done.returncode, done.stderr.endswith(left)) == (5, True), done.stderr


def test_what_ends_the_thread_of_a_worker_is_raised(
    postgres: Server, url: str, here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """Where an answer is awaited, and where one is asked for later."""

    async def fails(member: QueueMember) -> None:
        while not begun.is_set():
            await asyncio.sleep(0.01)
        raise LookupError("no sign")

    monkeypatch.setattr(QueueMember, "live", fails)
    begun = threading.Event()
    with FaultServer() as server:
        queue(here, url, server, *write_files(tmp_path, 1, 1))
    with ShardWorker(url, 60, None, lambda _: None, waits=True) as worker:
        taken = worker.take()
        assert taken is not None
        with beside(0.2, begun.set), pytest.raises(LookupError, match="no sign"):
            worker.take()
        with pytest.raises(LookupError, match="no sign"):
            worker.settle(taken, ShardVerdict("done"), lambda: False)


def test_tables_of_another_version_are_one_line(url: str, here: Here, tmp_path: Path) -> None:
    (file,) = write_files(tmp_path, 1, 1)
    assert work(here, url).returncode == 0
    in_queue(url, "ALTER FUNCTION procrastinate_fetch_job_v2 RENAME TO procrastinate_fetch_job_v0")
    for words in (("push", file, "--queue"), ("worker", "--once")):
        done = here(*words, "--journal", url)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
        assert "of another version of Procrastinate (procrastinate_fetch_job_v2 is missing)" in done.stderr


def test_a_shard_that_was_queued_again_is_given_back_to_its_twin(
    postgres: Server, url: str, here: Here, tmp_path: Path
) -> None:  # fmt: skip
    (file,) = write_files(tmp_path, 1, 1)
    with FaultServer() as server:
        queue(here, url, server, file)
        with ShardWorker(url, 60, None, lambda _: None, waits=True) as worker:
            taken = worker.take()
            assert taken is not None
            queue(here, url, server, file)
            worker.settle(taken, ShardVerdict("given-back"), lambda: False)
        assert status(here, url) == {"queued": 1, "planned": 1, "unknown": 0}


def test_rows_that_cant_be_read_are_one_line_each(url: str, here: Here, tmp_path: Path) -> None:
    """The other shards are shown, and sent."""
    changes = [
        "'{}'", "'null'", "args #- '{settings,channel}'",
        "jsonb_set(args, '{settings,api}', '\"http://elsewhere.example\"')", "jsonb_set(args, '{settings,hours}', '\"soon\"')",
    ]  # fmt: skip
    with FaultServer() as server:
        queue(here, url, server, *write_files(tmp_path, len(changes) + 1, 1))
        for number, change in enumerate(changes, 1):
            in_queue(url, f"UPDATE {JOBS} SET args = {change} WHERE id = {number}")
        shown = here("status", "--journal", url)
        assert (shown.returncode, "6 shards: 6 queued" in shown.stdout) == (0, True), shown.stderr
        assert shown.stdout.count("its row in the queue is damaged (`") == 3
        assert "/5.jsonl:1-1" in shown.stdout
        every = json.loads(here("status", "--journal", url, "--format", "json").stdout)["shards"]["every"]
        assert [each["messages"] for each in every] == [None, None, None, 1, 1, 1]
        assert [each["wrong"] is None for each in every] == [each["messages"] == 1 for each in every]
        done = work(here, url)
        assert (done.returncode, done.stderr.count("its row in the queue is damaged (")) == (5, 5), done.stderr
        assert list(tags(server)) == ["shipment-00000005"]
        assert status(here, url)["done"] == 1


def test_a_row_is_read_strictly() -> None:
    part = {"name": "a", "offset": 0, "size": 1, "first": 1, "digest": "x", "whole": "y"}
    settings = {
        "api": "https://a", "rate": 1, "concurrency": 1, "not_after": 5, "hours": None, "outside": "wait", "country": None,
        "only": [{"file": "f", "digest": "d"}], "resend_unknown": False, "send_changed": False, "channel": None,
    }  # fmt: skip
    row = {
        "version": 2, "part": part, "lines": 1, "messages": 1, "target": "line", "settings": settings, "last_run": 0,
    }  # fmt: skip
    assert written(read(row)) == row
    wrong: list[object] = [None, [], "x", {}, {**row, "version": "1"}, {**row, "version": None}, {**row, "lines": 0}]
    wrong += [{**row, "settings": {**settings, name: value}} for name, value in [
        ("rate", 0), ("rate", True), ("concurrency", -1), ("not_after", "x"), ("only", None), ("only", [1]), ("only", [{}]),
        ("resend_unknown", 1), ("channel", 5),
    ]]  # fmt: skip
    wrong += [{name: value for name, value in row.items() if name != gone} for gone in row]
    wrong += [{**row, "part": {name: value for name, value in part.items() if name != gone}} for gone in part]
    for said in wrong:
        with pytest.raises(BadShard, match="damaged"):
            read(said)


def test_what_is_gone_later_is_not_queued(url: str, here: Here, tmp_path: Path) -> None:
    """A pipe, and what a process has opened: as payloads and as a list of people."""
    (file,) = write_files(tmp_path, 1, 1)
    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", "/dev/stdin", "/dev/fd/0", "-"):
        for words in ((name,), (file, "--only", name)):
            done = here("push", *words, "--queue", "--journal", url, input=(tmp_path / file).read_bytes())
            assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), (words, done.stderr)
            assert "--queue is for files that workers can read later" in done.stderr


def test_names_that_are_not_text_are_one_line(url: str, here: Here, tmp_path: Path) -> None:
    (file,) = write_files(tmp_path, 1, 1)
    bad = "b\udcff"
    (tmp_path / f"{bad}.jsonl").write_bytes((tmp_path / file).read_bytes())
    (tmp_path / f"{bad}.txt").write_text("+818000000000\n")
    push = ("push", "--queue", "--journal", url)
    for words, why in [
        ((*push, f"{bad}.jsonl"), "--queue needs names that are UTF-8 text"),
        ((*push, f"s3://x/{bad}.jsonl"), "--queue needs names that are UTF-8 text"),
        ((*push, file, "--only", f"{bad}.txt"), "--queue needs names that are UTF-8 text"),
        ((*push, file, "--channel", bad), "which the name of a queue must be: b\\udcff"),
        ((*push, file, "--channel", "x" * 101), "--channel is 101 characters long: a queue takes 100 at most"),
        (("worker", "--journal", url, "--channel", bad), "--channel is not UTF-8 text"),
        (("worker", "--journal", url, "--channel", "x" * 101), "--channel is 101 characters long"),
    ]:
        done = here(*words)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
        assert why in done.stderr


def test_a_dry_run_says_what_would_be_queued(url: str, here: Here, tmp_path: Path) -> None:
    files = write_files(tmp_path, 2, 3)
    done = here("push", *files, "--queue", "--dry-run", "--journal", url)
    assert done.stdout.splitlines()[1] == (
        "would queue 2 shards: 6 messages; workers would send 6 messages to https://api.line.me/v2/bot/message/pnp/templated/push,"
        " at most 2,000 a second: about 1 second"
    )
    done = here("push", *files, "--queue", "--dry-run", "--journal", url, "--format", "json")
    assert done.stdout == (
        '{"accepted":0,"refused":0,"unknown":0,"remaining":6,"sent_now":0,"shards":2,"messages":6}\n'
    )
    assert "shards" not in here("status", "--journal", url, "--format", "json").stdout


def test_a_full_disk_is_said_once(postgres: Server, url: str, here: Here, tmp_path: Path) -> None:
    """A database whose disk is full still answers: that is not a sign that it is back."""
    full = (
        "CREATE FUNCTION pnpc.full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'could not extend file'"
        " USING ERRCODE = '53100'; END $$; CREATE TRIGGER full_disk BEFORE INSERT ON pnpc.intents EXECUTE FUNCTION pnpc.full()"
    )
    (file,) = write_files(tmp_path, 1, 3)
    postgres.run(full, url)
    with FaultServer() as server:
        queue(here, url, server, file)
        with beside(2.5, lambda: postgres.run("DROP TRIGGER full_disk ON pnpc.intents", url)):
            done = work(here, url)
    assert (done.returncode, len(server.received)) == (0, 3), done.stderr
    assert done.stderr.count("waiting for the journal, at most 60 seconds") == 1
    assert done.stderr.count("the journal is back after") == 1


def test_a_worker_leaves_the_queue_as_it_ends(url: str, here: Here, tmp_path: Path) -> None:
    """And a further one finds only what has ended: it says nothing of it, and ends with 0."""
    with FaultServer() as server:
        queue(here, url, server, *write_files(tmp_path, 1, 1))
        assert work(here, url).returncode == 0
        now(url, here)
        done = work(here, url)
    assert (done.returncode, done.stderr.count("\n")) == (0, 1), done.stderr
    assert in_queue(url, f"SELECT count(*) FROM {WORKERS}") == [(0,)]
