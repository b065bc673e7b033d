"""Three workers of `pnpc worker` on one journal in PostgreSQL: their rate together, and SIGKILL of one of them at random moments.

    python benchmarks/workers.py --kills 500

It starts a PostgreSQL of its own (Debian's package). First the rate: the most requests that the server received in any one second,
and the mean. Then runs of 20,000 messages in shards: a random worker is killed again and again, and started again; then what
the server received is held against what the journal says. Exit code 1 if somebody was notified twice or forgotten, more was
left unknown than was under way, or more than 2,050 requests came in one second.
"""

import argparse
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psycopg
from push import PNPC, server, told, write

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))  # the server that the tests use
from postgres import Server

MESSAGES = 20_000  # of a run
SHARDS = 10
WORKERS = 3
KILLS = 25  # of a run
LEASE = 2_000  # milliseconds of silence after which a worker counts as dead
UNDER_WAY = 200  # requests of one worker: as many may be unknown after a kill
MOST = 2_050  # requests in any one second


class Verdict(NamedTuple):
    """Of one run: messages sent twice, neither sent nor said to be unknown, unknown, of those really received; said to be
    accepted and not received; kills."""

    twice: int
    forgotten: int
    unknown: int
    received: int
    invented: int
    kills: int


class Fleet:
    """Workers on one journal."""

    def __init__(self, url: str, count: int) -> None:
        self._url = url
        self.processes = [self._start() for _ in range(count)]

    def _start(self) -> "subprocess.Popen[bytes]":
        environment = {**os.environ, "LINE_CHANNEL_ACCESS_TOKEN": "token"}
        command = [*PNPC, "worker", "--journal", self._url, "--quiet"]
        return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def kill(self, number: int) -> None:
        """SIGKILL, and another one in its place."""
        self.processes[number].send_signal(signal.SIGKILL)
        self.processes[number].wait()
        self.processes[number] = self._start()

    def end(self) -> None:
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            process.wait()


@contextlib.contextmanager
def fleet(url: str, count: int) -> Iterator[Fleet]:
    """Workers for as long as the block."""
    workers = Fleet(url, count)
    try:
        yield workers
    finally:
        workers.end()


def ask(url: str, sql: str) -> list[tuple[object, ...]]:
    """What the database says."""
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(sql.encode()).fetchall()


def number_of(url: str, sql: str) -> int:
    """One number of the database."""
    return int(str(ask(url, sql)[0][0]))


def queue(url: str, api: str, folder: Path, messages: int, shards: int) -> None:
    """Queue a run."""
    files = []
    for shard in range(shards):
        files.append(str(folder / f"{shard}.jsonl"))
        size = messages // shards
        write(Path(files[-1]), size, shard * size)
    command = [*PNPC, "push", *files, "--queue", "--journal", url, "--api-url", api]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def left(url: str) -> int:
    """Shards that are not done."""
    return number_of(url, "SELECT count(*) FROM pnpc_queue.procrastinate_jobs WHERE status IN ('todo', 'doing')")


def journal(postgres: Server) -> str:
    """A new journal, whose silent senders count as dead soon."""
    url = postgres.journal()
    postgres.run(f"UPDATE pnpc.journal SET lease = {LEASE}", url)
    return url


def measured(postgres: Server, messages: int, workers: int) -> tuple[float, int]:
    """Requests a second of some workers together: in the mean, and the most in any one second."""
    url = journal(postgres)
    with tempfile.TemporaryDirectory() as folder, server() as api, fleet(url, workers):
        queue(url, api, Path(folder), messages, SHARDS)
        while left(url):
            time.sleep(0.1)
        seen = told(api)
        return seen["received"] / seen["seconds"], seen["most"]


def killed(postgres: Server, messages: int, kills: int, chance: random.Random) -> Verdict:
    """Kill workers of a run some times, let it come to its end; what became of its messages."""
    url = journal(postgres)
    with tempfile.TemporaryDirectory() as folder, server() as api:
        queue(url, api, Path(folder), messages, SHARDS)
        done = 0
        with fleet(url, WORKERS) as workers:
            while done < kills and left(url):
                before = number_of(url, "SELECT coalesce(max(intent), 0) FROM pnpc.intents")
                if chance.random() < 0.8:  # else at any moment of the start, too
                    while left(url) and before == number_of(url, "SELECT coalesce(max(intent), 0) FROM pnpc.intents"):
                        time.sleep(0.02)
                time.sleep(0.7 * chance.random())
                workers.kill(chance.randrange(WORKERS))
                done += 1
            while left(url):
                time.sleep(0.1)
        tags = told(api)["tags"]
    states = dict(ask(url, "SELECT tag, state FROM pnpc.messages"))
    postgres.run(f"DROP DATABASE {url.partition('///')[2].partition('?')[0]}")
    names = [f"shipment-{number:08}" for number in range(messages)]
    return Verdict(
        sum(count - 1 for count in tags.values()),
        sum(name not in tags and states.get(name) != "unknown" for name in names),
        list(states.values()).count("unknown"),
        sum(name in tags and states.get(name) == "unknown" for name in names),
        sum(name not in tags and states.get(name) == "accepted" for name in names),
        done,
    )


def main() -> int:
    """Measure, kill, and tell; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--messages", type=int, default=MESSAGES, help="of each run")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    chance, verdicts, to_do = random.Random(asked.seed), list[Verdict](), asked.kills
    postgres = Server()
    try:
        mean, most = measured(postgres, asked.messages, WORKERS)
        print(f"{WORKERS} workers together, {asked.messages:,} messages at LINE's limit of 2,000 a second")
        print(f"  requests a second, in the mean {mean:7.0f}")
        print(f"  the most in any one second     {most:7}   (goal: at most {MOST:,})", flush=True)
        while to_do > 0:
            verdicts.append(killed(postgres, asked.messages, min(to_do, KILLS), chance))
            to_do -= max(1, verdicts[-1].kills)
            print(f"{asked.kills - to_do} kills: {verdicts[-1]}", file=sys.stderr, flush=True)
    finally:
        postgres.remove()
    if not verdicts:
        return int(most > MOST)
    twice, forgotten, unknown, received, invented, kills = (sum(numbers) for numbers in zip(*verdicts, strict=True))
    worst = max(verdict.unknown / max(1, verdict.kills) for verdict in verdicts)
    print(f"A worker killed {kills} times, in {len(verdicts)} runs of {asked.messages:,} messages")
    print(f"  sent twice                     {twice:7}   (goal: 0)")
    print(f"  neither sent nor listed        {forgotten:7}   (goal: 0)")
    print(f"  accepted, but never received   {invented:7}   (goal: 0)")
    print(f"  unknown for each kill, at most {worst:7.0f}   (goal: at most {UNDER_WAY}, what was under way)")
    print(f"  of all {unknown:,} unknown, really received {received / max(1, unknown) * 100:.0f} %")
    return int(bool(twice or forgotten or invented or worst > UNDER_WAY or most > MOST))


if __name__ == "__main__":
    sys.exit(main())
