"""`pnpc listen` against a bare aiohttp handler that reads the body and answers: posts a second, and how long an answer
takes at 1,000 posts a second.

Each post of pnpc's is signed, has one delivery event of its own, and is on the disk when it is answered; the peer does
nothing at all. Both are processes of their own, in turn; the client writes requests that were made before.
"""

import asyncio
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from pnpc.deliver.journal.journal import Journal
from pnpc.deliver.journal.records import Claim, RequestShape
from pnpc.deliver.journal.runs import NewRun
from pnpc.deliver.webhooks.webhook import signature_of

SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"
CONNECTIONS = 32
RATE = 1000  # posts a second
SECONDS = 5
FLAT_OUT = 5000  # posts
_PEER = """
import asyncio
from aiohttp import web
async def handle(request):
    await request.read()
    return web.Response()
async def main():
    app = web.Application()
    app.router.add_post("/webhook", handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}/webhook", flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""


class Round(NamedTuple):
    """What one server did: posts a second flat out; at RATE, percentiles of the answer in milliseconds, and the part of
    a core that it took."""

    flat_out: float
    median: float
    p99: float
    core: float


def journal(file: Path, messages: int) -> None:
    """A journal of so many messages that are due."""
    with Journal.open_or_create(str(file)) as kept:
        kept.begin(NewRun("shipment.jsonl", "digest", messages, "line", "https://api.line.me", None, "token"), 0)
        shape = RequestShape("POST", "https://api.line.me/v2/bot/message/pnp/templated/push", None, "{}")
        tags = {n: f"shipment-{n:08}" for n in range(1, messages + 1)}
        kept.claim([Claim(f"{n:032}", None, None, 1, n, tag, None, shape, 0) for n, tag in tags.items()], [])


def posts(host: str) -> Iterator[bytes]:
    """Requests without end, each with the event of another message."""
    for number in itertools.count(1):
        event = {
            "type": "delivery", "delivery": {"data": f"shipment-{number:08}"}, "webhookEventId": f"01G17DAF0Q{number:016}",
            "deliveryContext": {"isRedelivery": False}, "timestamp": 1650590038721, "mode": "active",
        }  # fmt: skip
        body = json.dumps({"destination": "Uc7472b39e21dab71c2347e02714630d6", "events": [event]}).encode()
        head = f"POST /webhook HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json; charset=utf-8\r\n"
        signed = f"x-line-signature: {signature_of(SECRET, body)}\r\nContent-Length: {len(body)}\r\n\r\n"
        yield f"{head}{signed}".encode() + body


@contextmanager
def server(command: list[str]) -> Iterator[tuple[str, int]]:
    """A server as a process: where it listens, and its process id."""
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, "LINE_CHANNEL_SECRET": SECRET}
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().decode().strip(), process.pid
    finally:
        process.terminate()
        process.communicate()


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, post: bytes) -> None:
    writer.write(post)
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise SystemExit(f"answered {head[:60]!r}")


async def _flat_out(url: str, made: Iterator[bytes]) -> float:
    """Posts a second, each connection writing its next post when the last one is answered."""
    where = urlsplit(url)
    ready = iter(list(itertools.islice(made, FLAT_OUT)))

    async def work() -> None:
        reader, writer = await asyncio.open_connection(where.hostname, where.port)
        for post in ready:
            await _ask(reader, writer, post)
        writer.close()

    start = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(CONNECTIONS)))
    return FLAT_OUT / (time.perf_counter() - start)


async def _at_rate(url: str, made: Iterator[bytes]) -> list[float]:
    """Seconds that each answer took, from the moment when its post was due: a late start counts as waiting."""
    where = urlsplit(url)
    ready = list(itertools.islice(made, RATE * SECONDS))
    free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        free.put_nowait(await asyncio.open_connection(where.hostname, where.port))
    took = []

    async def one(post: bytes, due: float) -> None:
        reader, writer = await free.get()
        await _ask(reader, writer, post)
        took.append(time.perf_counter() - due)
        free.put_nowait((reader, writer))

    start = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number, post in enumerate(ready):
            due = start + number / RATE
            if (wait := due - time.perf_counter()) > 0:
                await asyncio.sleep(wait)
            group.create_task(one(post, due))
    while not free.empty():
        free.get_nowait()[1].close()
    return took


def _cpu(pid: int) -> float:
    """Seconds of processor time that a process has taken."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(command: list[str]) -> Round:
    """One server, once."""
    with server(command) as (url, pid):
        made = posts(urlsplit(url).netloc)
        flat_out = asyncio.run(_flat_out(url, made))
        before = _cpu(pid)
        took = sorted(asyncio.run(_at_rate(url, made)))
        core = (_cpu(pid) - before) / SECONDS
    return Round(flat_out, 1000 * statistics.median(took), 1000 * took[len(took) * 99 // 100], core)


def listen(folder: Path, rounds: int) -> None:
    """Both servers in turn."""
    pnpc, peer = [], []
    for number in range(rounds):
        file = folder / f"{number}.journal.db"
        journal(file, FLAT_OUT + RATE * SECONDS)
        pnpc.append(measure([sys.executable, "-m", "pnpc", "listen", "--port", "0", "--journal", str(file)]))
        with Journal.read(str(file)) as kept:
            assert list(kept.rows("SELECT count(*) FROM events")) == [(FLAT_OUT + RATE * SECONDS,)]
        peer.append(measure([sys.executable, "-c", _PEER]))
    print(f"\nListen (signed posts with one event each, {CONNECTIONS} connections, medians of {rounds} rounds)")
    for name, found in (("pnpc listen", pnpc), ("aiohttp, reads the body", peer)):
        one = Round(*(statistics.median(values) for values in zip(*found, strict=True)))
        print(
            f"  {name:24} flat out {one.flat_out:6.0f} posts/s; at {RATE}/s: median {one.median:6.2f} ms, "
            f"p99 {one.p99:6.2f} ms, {one.core:4.0%} of a core"
        )
    ratio = statistics.median(a.flat_out / b.flat_out for a, b in zip(pnpc, peer, strict=True))
    print(f"  pnpc / aiohttp           {ratio:8.2f}      (goal: 1,000 posts/s)")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        listen(Path(name), 3)
