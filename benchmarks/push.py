"""`pnpc push` at LINE's limit against a bare server that answers after 80 ms, and with a large memory.

The peer is a plain aiohttp loop: no journal, no limit, no checks, as many requests under way. Processor seconds count: the
server, in a process of its own, has a core to itself where there are two.
"""

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from pnpc.deliver.journal.journal import Journal
from pnpc.deliver.journal.keys import key_of

RATE = 2000  # requests a second, LINE's limit
DELAY = 0.08  # seconds before an answer
URL = "https://api.line.me/v2/bot/message/pnp/templated/push"
PNPC = [sys.executable, "-m", "pnpc"]
# Counts by delivery tag; `GET /` tells, and forgets. An answer costs it so little that it is no limit.
_SERVER = """
import asyncio, json, sys, time
DELAY = float(sys.argv[1])
HEAD = b"HTTP/1.1 202 Accepted\\r\\nx-line-request-id: 0\\r\\ncontent-length: 2\\r\\n\\r\\n{}"
times, tags = [], {}
def most(window=1.0):
    first = found = 0
    for last, at in enumerate(times):
        while at - times[first] >= window:
            first += 1
        found = max(found, last - first + 1)
    return found
class Server(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport, self.data = transport, b""
    def data_received(self, data):
        self.data += data
        while (end := self.data.find(b"\\r\\n\\r\\n")) >= 0:
            if self.data.startswith(b"GET"):
                told = {"received": len(times), "most": most(), "seconds": times[-1] - times[0] if times else 0, "tags": tags}
                body = json.dumps(told).encode()
                self.transport.write(b"HTTP/1.1 200 OK\\r\\ncontent-length: %d\\r\\n\\r\\n" % len(body) + body)
                times.clear(); tags.clear()
                self.data = b""
                return
            head = self.data[:end].lower()
            size = int(head.partition(b"content-length:")[2].partition(b"\\r\\n")[0])
            if len(self.data) < end + 4 + size:
                return
            tag = head.partition(b"x-line-delivery-tag:")[2].partition(b"\\r\\n")[0].strip().decode()
            self.data = self.data[end + 4 + size:]
            times.append(time.monotonic())
            tags[tag] = tags.get(tag, 0) + 1
            asyncio.get_running_loop().call_later(DELAY, self.answer)
    def answer(self):
        if not self.transport.is_closing():
            self.transport.write(HEAD)
async def main():
    server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0, backlog=2048)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""
_PEER = """
import asyncio, json, sys
import aiohttp
async def send(session, url, lines):
    for line in lines:
        payload = json.loads(line)
        async with session.post(url + "/v2/bot/message/pnp/templated/push", json=payload["body"], headers=payload["headers"]) as got:
            await got.read()
async def main(url, name):
    lines = iter(open(name, encoding="utf-8"))
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        await asyncio.gather(*(send(session, url, lines) for _ in range(160)))
asyncio.run(main(*sys.argv[1:]))
"""


class Used(NamedTuple):
    """What a process took: wall and processor seconds."""

    wall: float
    cpu: float


@contextmanager
def server() -> Iterator[str]:
    """The URL of a server that answers late."""
    process = subprocess.Popen([sys.executable, "-c", _SERVER, str(DELAY)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def told(url: str) -> dict[str, Any]:
    """What the server has counted since it was asked last."""
    from urllib.request import urlopen

    with urlopen(url) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


def write(file: Path, count: int, first: int = 0) -> None:
    """A payload file of so many messages, numbered from `first`."""
    item = {"itemKey": "date_002_ja", "content": "2024年8月10日(土)"}
    items = [{"itemKey": "time_range_001_ja", "content": "午前中"}, {"itemKey": "price_001_ja", "content": "12,000円"}]
    button = {"buttonKey": "check_delivery_status_ja", "url": "https://example.com/track/A1B2C3D4"}
    body = {"emphasizedItem": item, "items": items, "buttons": [button]}
    with open(file, "w", encoding="utf-8") as stream:
        for number in range(first, first + count):
            to = sha256(f"+8180{number:08}".encode()).hexdigest()
            line = {
                "id": f"{number:032x}", "target": "line", "method": "POST", "url": URL,
                "headers": {"Content-Type": "application/json", "X-Line-Delivery-Tag": f"shipment-{number:08}"},
                "body": {"to": to, "templateKey": "shipment_completed_ja", "body": body},
                "origin": {"spec": "shipment.yaml", "name": "shipment", "row": f"orders.csv:{number + 2}"},
            }  # fmt: skip
            stream.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")


def start(*command: str) -> "subprocess.Popen[bytes]":
    """A process with a token."""
    environment = {**os.environ, "LINE_CHANNEL_ACCESS_TOKEN": "token"}
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def run(*command: str) -> Used:
    """Wait for a process that must succeed."""
    begun = time.perf_counter()
    process = start(*command)
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stderr.close()
    if process.returncode not in (0, 5):
        raise SystemExit(f"{command[2]} ended with {process.returncode}: {said.decode()[-500:]}")
    return Used(time.perf_counter() - begun, usage.ru_utime + usage.ru_stime)


def at_the_limit(folder: Path, messages: int) -> None:
    """The rate that one process holds, and what it takes of a core."""
    file = folder / "payloads.jsonl"
    write(file, messages)
    with server() as url:
        peer = run(sys.executable, "-c", _PEER, url, str(file))
        plain = told(url)
        checked = run(*PNPC, "push", str(file), "--dry-run")
        push = run(*PNPC, "push", str(file), "--journal", f"{file}.journal.db", "--api-url", url)
        seen = told(url)
    sending = push.cpu - checked.cpu
    print(f"\nPush ({messages} messages, answers after {DELAY * 1000:.0f} ms, journal at FULL)")
    print(f"  rate                     {messages / seen['seconds']:8.0f} a second   (limit {RATE})")
    print(f"  most in one second       {seen['most']:8.0f}            (goal: at most 2050), as the server saw it")
    print(f"  of a core, at {RATE}/s    {sending / messages * RATE * 100:8.0f} %          (goal: at most 75)")
    print(f"  checking the file        {checked.cpu:8.2f} s")
    print(
        f"  a plain aiohttp loop     {messages / plain['seconds']:8.0f} a second, {peer.cpu / messages * RATE * 100:.0f} % of a core at {RATE}/s"
    )
    print(f"  push / plain, CPU        {sending / peer.cpu:8.2f}")


def remember(name: str, messages: int, api: str) -> None:
    """A journal that remembers so many messages to an address, all accepted; each with a tag of its own."""
    Journal.open_or_create(name).close()
    with closing(sqlite3.connect(name, isolation_level=None)) as database:
        database.create_function("key_of", 1, key_of, deterministic=True)
        database.execute("PRAGMA journal_mode = OFF")  # a log of it all would take as much of the disk again
        database.execute("PRAGMA synchronous = OFF")
        database.execute("BEGIN")
        database.execute("INSERT INTO addresses VALUES (1, 'line', ?)", (api,))
        database.execute("INSERT INTO runs VALUES (1, 1, 'earlier.jsonl', '', ?, 1, NULL, '', '', 0)", (messages,))
        # And one of few messages since: the next run looks whether the last one has left any without a result.
        last = (max(0, messages - 1_000) + 1,)
        database.execute("INSERT INTO runs VALUES (2, 1, 'last.jsonl', '', 1000, ?, NULL, '', '', 1)", last)
        database.execute("INSERT INTO shapes VALUES (1, 'POST', ?, 'shipment', '{}')", (f"{api}/earlier",))
        numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {messages})"
        for sql in (
            "INSERT INTO ids SELECT i, 1, lower(hex(randomblob(16))), random() >> 1 & 9223372036854775807 FROM n",
            "INSERT INTO intents SELECT i, 1, i, 1, i, printf('earlier-%012d', i), printf('orders.csv:%d', i), 1, 1000 FROM n",
            "INSERT INTO results (intent, outcome, reason, status, at, took) SELECT i, 'accepted', 'accepted', 202, 1080, 80 FROM n",
        ):
            head, _, rest = sql.partition(" SELECT ")
            database.execute(f"{head} {numbers} SELECT {rest}")
        # Where they lie after so many messages: those of the last million or so have not yet moved to the last tier.
        tier = f"iif(message > {messages - 1_000_000}, 1, 2)"
        both = f"SELECT {tier}, key_of(id), message FROM ids UNION ALL SELECT {tier}, topic, message FROM ids"
        database.execute(f"INSERT INTO keys {both} ORDER BY 1, 2, 3")
        database.execute("UPDATE journal SET keyed = ?", (messages,))
        database.execute("COMMIT")


def with_a_memory(folder: Path, remembered: int, messages: int = 10_000) -> None:
    """A push with an empty journal against one that remembers many messages: processor seconds and wall time."""
    used = []
    for number, known in enumerate((0, remembered, 0, remembered)):
        journal = folder / f"memory-{number % 2}.journal.db"
        with server() as url:
            if number < 2:
                remember(str(journal), known, url)
            elif not known:
                journal.unlink()
            else:
                with closing(sqlite3.connect(journal, isolation_level=None)) as database:
                    database.execute("UPDATE addresses SET api = ?", (url,))  # the server listens on another port now
            file = folder / f"few-{number}.jsonl"
            write(file, messages, first=number * messages)
            used.append(run(*PNPC, "push", str(file), "--journal", str(journal), "--api-url", url))
    wall = [min(used[0].wall, used[2].wall), min(used[1].wall, used[3].wall)]
    cpu = [min(used[0].cpu, used[2].cpu), min(used[1].cpu, used[3].cpu)]
    print(f"\nPush of {messages} messages, with a memory of {remembered:,} earlier ones")
    print(f"  size of the journal      {(folder / 'memory-1.journal.db').stat().st_size / 1e6:8.0f} MB")
    print(f"  wall, against none       {wall[1] / wall[0]:8.2f}            (goal: at most 1.20)")
    print(f"  CPU, against none        {cpu[1] / cpu[0]:8.2f}")


def push(folder: Path, messages: int = 40_000) -> None:
    """All but the large memory."""
    at_the_limit(folder, messages)
    with_a_memory(folder, 1_000_000)


def main() -> None:
    """Run by itself."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=40_000)
    parser.add_argument("--remembered", type=int, help="only this: a push with so many earlier messages in the journal")
    parser.add_argument("--folder", help="where the journals are made; some 300 bytes for each earlier message")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as name:
        if asked.remembered:
            with_a_memory(Path(name), asked.remembered)
        else:
            push(Path(name), asked.messages)


if __name__ == "__main__":
    main()
