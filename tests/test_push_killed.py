"""SIGKILL of a real `pnpc push` at every point that there is, and the same command again: nobody twice, nobody forgotten."""

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT, SPEC, Here, clean_environment
from faultserver import HOLD, FaultServer, accept, answer, full_backlog
from pushes import JOURNAL, TOKEN, end, journal_of, last_line, outcomes, rows, start, tag, until, write

if os.name != "posix":
    pytest.skip("SIGKILL and flock", allow_module_level=True)


def tables(file: Path, sql: str) -> list[tuple[object, ...]]:
    """What another process has committed so far; nothing while there is no journal."""
    with (
        contextlib.suppress(sqlite3.OperationalError),
        contextlib.closing(sqlite3.connect(f"file:{journal_of(file)}?mode=ro", uri=True)) as database,
    ):
        return list(database.execute(sql))
    return []


def kill(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.communicate(timeout=30)
    assert process.returncode == -signal.SIGKILL


def again(here: Here, file: Path, server: FaultServer, *more: str) -> dict[str, int]:
    """The same command once more, which comes to its end (in this process: nobody kills it)."""
    args = ("push", file.name, "--api-url", server.url, "--format", "json", *more)
    done = here(*args, LINE_CHANNEL_ACCESS_TOKEN=TOKEN, PNPC_JOURNAL=JOURNAL)
    counts = last_line(done.stdout)
    assert done.returncode == (5 if counts["unknown"] or counts["remaining"] else 0)
    return counts


@contextlib.contextmanager
def locked(file: Path) -> Iterator[None]:
    """A journal that nobody else can write to for a while."""
    with contextlib.closing(sqlite3.connect(journal_of(file), isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        yield
        database.execute("ROLLBACK")


def test_before_an_intent_is_committed(here: Here, tmp_path: Path) -> None:
    """The journal is there and bound, and no intent is: the process waits for another one's transaction."""
    file = write(tmp_path / "a.jsonl", 5)
    with FaultServer() as server:
        again(here, file, server, "--not-after", "2020-01-01T00:00Z")  # makes the journal, sends nothing
        with locked(file):
            process = start(file.name, "--api-url", server.url, cwd=tmp_path)
            until(lambda: Path(journal_of(file) + "-lock").exists())
            time.sleep(0.3)
            kill(process)
        assert rows(file, "SELECT * FROM intents") == []
        assert server.received == []
        assert again(here, file, server) == {"accepted": 5, "refused": 0, "unknown": 0, "remaining": 0}
        assert set(server.bodies().values()) == {1}


def test_after_an_intent_is_committed_and_before_it_is_written(tmp_path: Path) -> None:
    """No connection comes about, so no byte leaves; the journal can't know that, and holds."""
    file = write(tmp_path / "a.jsonl", 5)
    with full_backlog() as url:
        process = start(file.name, "--api-url", url, cwd=tmp_path)
        until(lambda: tables(file, "SELECT count(*) FROM intents") == [(5,)])
        kill(process)
        code, out, err = end(start(file.name, "--api-url", url, "--format", "json", cwd=tmp_path))
    assert (code, last_line(out)) == (5, {"accepted": 0, "refused": 0, "unknown": 5, "remaining": 0})
    assert "the last run was cut off: 5 messages may or may not have been sent by it" in err
    assert set(outcomes(file).values()) == {("unknown", "process-ended")}


def test_after_the_request_is_written_and_before_the_answer(here: Here, tmp_path: Path) -> None:
    """The server kills the process that it is about to answer."""
    file = write(tmp_path / "a.jsonl", 5)
    with FaultServer(lambda _: [HOLD]) as server:
        process = start(file.name, "--api-url", server.url, cwd=tmp_path)
        until(lambda: len(server.received) == 5)
        kill(process)
        server.script = accept
        assert again(here, file, server) == {"accepted": 0, "refused": 0, "unknown": 5, "remaining": 0}
        assert again(here, file, server, "--resend-unknown")["accepted"] == 5
        assert sorted(one.tag for one in server.received) == sorted(
            [tag(n) for n in range(5)] + [tag(n) + ".2" for n in range(5)]
        )


def test_after_the_answer_and_before_its_result_is_committed(here: Here, tmp_path: Path) -> None:
    """While the answers come, the journal is locked: what was answered is unknown, what was not tried is not lost."""
    file = write(tmp_path / "a.jsonl", 60)
    gate = threading.Event()
    with FaultServer(lambda _: [gate, *answer(202)]) as server:
        process = start(file.name, "--api-url", server.url, cwd=tmp_path)
        until(lambda: len(server.received) == 20)
        with locked(file):
            gate.set()
            time.sleep(0.3)  # the answers are there, and the process waits for the lock
            kill(process)
        server.script = accept
        assert len(server.received) == 20
        assert again(here, file, server) == {"accepted": 40, "refused": 0, "unknown": 20, "remaining": 0}
        assert set(server.bodies().values()) == {1}
        assert len(server.received) == 60


def test_while_nothing_is_under_way(here: Here, tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", 4)
    with FaultServer() as server:
        process = start(file.name, "--api-url", server.url, "--rate", "1", cwd=tmp_path)
        until(lambda: tables(file, "SELECT count(*) FROM results") == [(2,)])
        kill(process)
        assert again(here, file, server) == {"accepted": 4, "refused": 0, "unknown": 0, "remaining": 0}
        assert set(server.bodies().values()) == {1}


def test_at_random_again_and_again(here: Here, tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", 900)
    chance = random.Random(5)
    with FaultServer(lambda _: [0.03, *answer(202)]) as server:
        for _ in range(4):
            process = start(file.name, "--api-url", server.url, "--rate", "600", "--concurrency", "50", cwd=tmp_path)
            before = len(server.received)
            wanted = before + chance.randrange(150)
            until(lambda: len(server.received) > wanted)  # noqa: B023
            kill(process)
        counts = again(here, file, server)
        assert set(server.bodies().values()) == {1}, "somebody was sent to twice"
        states = dict(rows(file, "SELECT line, state FROM messages"))
        received = {one.tag for one in server.received}
        for number in range(900):
            state = states[number + 1]
            assert state == "unknown" or (state == "accepted" and tag(number) in received)
    assert counts["accepted"] + counts["unknown"] == 900
    assert counts["unknown"] <= 4 * 50


def test_the_benchmark_of_kills() -> None:
    """In short; its own form is 20,000 messages and as many kills as are asked for."""
    script = ROOT / "benchmarks" / "kills.py"
    done = subprocess.run(
        [sys.executable, script, "--kills", "2", "--messages", "500"], capture_output=True, text=True, timeout=120,
        env=clean_environment(PYTHONPATH=str(ROOT)), check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    numbers = [int(line.split("   (goal")[0].split()[-1]) for line in done.stdout.splitlines() if "(goal" in line]
    assert numbers[:3] == [0, 0, 0]
    assert numbers[3] <= 200


def test_a_log_whose_end_was_cut_off(here: Here, tmp_path: Path) -> None:
    """A torn write at the end of the write-ahead log is none of the commits before it."""
    file = write(tmp_path / "a.jsonl", 5)
    with FaultServer(lambda _: [HOLD]) as server:
        process = start(file.name, "--api-url", server.url, cwd=tmp_path)
        until(lambda: len(server.received) == 5)
        kill(process)
        with open(journal_of(file) + "-wal", "ab") as log:
            log.write(b"\x37\x7f\x06\x82 torn" * 400)
        server.script = accept
        assert again(here, file, server)["unknown"] == 5
    assert len(server.received) == 5


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_drains_so_that_nothing_is_unknown(name: str, here: Here, tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", 400)
    with FaultServer(lambda _: [0.2, *answer(202)]) as server:
        process = start(file.name, "--api-url", server.url, "--rate", "200", "--format", "json", cwd=tmp_path)
        until(lambda: len(server.received) > 30)
        process.send_signal(getattr(signal, name))
        code, out, err = end(process)
        counts = last_line(out)
        assert code == 5
        assert counts["unknown"] == 0
        assert counts["accepted"] == len(server.received)
        assert counts["accepted"] + counts["remaining"] == 400
        assert f"stopped by {name}" in err
        server.script = accept
        assert again(here, file, server)["accepted"] == 400
        assert set(server.bodies().values()) == {1}


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
@pytest.mark.parametrize("spec", [False, True])
def test_a_signal_before_anything_is_sent(name: str, spec: bool, tmp_path: Path) -> None:
    """While it still reads: the exit code says that work is left, and nothing is unknown."""
    pipe = tmp_path / ("a.csv" if spec else "a.jsonl")
    os.mkfifo(pipe)
    (tmp_path / "a.yaml").write_text(SPEC, encoding="utf-8")
    words = ("a.yaml", "--recipients", pipe.name) if spec else (pipe.name,)
    with FaultServer() as server:
        process = start(*words, "--api-url", server.url, cwd=tmp_path)
        with open(pipe, "w"):  # it has begun to read
            process.send_signal(getattr(signal, name))
            code, out, err = end(process)
        assert server.connections == 0
    assert (code, out) == (5, "")
    assert err.splitlines()[-1] == f"stopped by {name}: nothing was sent"
    assert not [file for file in os.listdir(tmp_path) if "journal" in file or "tmp" in file]


def test_a_second_signal_does_not_wait(tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", 15)
    with FaultServer(lambda _: [HOLD]) as server:
        process = start(file.name, "--api-url", server.url, "--format", "json", cwd=tmp_path)
        until(lambda: len(server.received) == 15)
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        while b"waiting for pending answers" not in process.stderr.readline():
            pass
        process.send_signal(signal.SIGINT)
        code, out, _ = end(process)
    assert (code, last_line(out)) == (5, {"accepted": 0, "refused": 0, "unknown": 15, "remaining": 0})
    assert set(outcomes(file).values()) == {("unknown", "stopped")}


def test_two_pushers_on_one_journal(tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", 10)
    gate = threading.Event()
    with FaultServer(lambda _: [gate, *answer(202)]) as server:
        first = start(file.name, "--api-url", server.url, cwd=tmp_path)
        until(lambda: server.received)
        (tmp_path / "link.db").symlink_to(journal_of(file))
        for journal in (journal_of(file), "link.db"):
            second = start(file.name, "--api-url", server.url, "--journal", journal, cwd=tmp_path)
            assert end(second) == (2, "", f"pnpc: another pnpc process is using {journal}\n")
        gate.set()
        assert end(first)[0] == 0
        assert set(server.bodies().values()) == {1}
        assert len(server.received) == 10
