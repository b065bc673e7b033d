"""What tests of push share: payload files, a push inside this process, a push as a process of its own."""

import asyncio
import json
import subprocess
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from forks import start_pnpc

from pnpc.deliver.journal.journal import Journal
from pnpc.deliver.journal.owner import owner
from pnpc.deliver.journal.records import Counts
from pnpc.deliver.journal.timestamps import now
from pnpc.deliver.sending.artifact import survey
from pnpc.deliver.sending.credentials import Credentials
from pnpc.deliver.sending.engine import SendSettings
from pnpc.deliver.sending.lines import look_up
from pnpc.deliver.sending.push import PushPlan, deliver
from pnpc.deliver.sending.rate import local_limiters
from pnpc.deliver.sending.timeouts import Timeouts

TOKEN = "a-channel-access-token"
URL = "https://api.line.me/v2/bot/message/pnp/templated/push"
JOURNAL = "pnpc.journal.db"
SHORT = Timeouts(connect=0.5, total=0.6, idle=10.0)


def payload(number: int, **more: Any) -> dict[str, Any]:
    """A line of a payload file, for another person each."""
    to = sha256(f"+8180{number:08}".encode()).hexdigest()
    items = [{"itemKey": "time_range_001_ja", "content": "午前中"}]
    return {
        "id": f"id-{number}",
        "target": "line",
        "method": "POST",
        "url": URL,
        "headers": {"Content-Type": "application/json", "X-Line-Delivery-Tag": f"shipment-{number:08}"},
        "body": {"to": to, "templateKey": "shipment_completed_ja", "body": {"items": items}},
        "origin": {"spec": "shipment.yaml", "name": "shipment", "row": f"orders.csv:{number + 2}"},
        **more,
    }


def tag(number: int) -> str:
    """The delivery tag of a payload."""
    return f"shipment-{number:08}"


def write(file: Path, count: int) -> Path:
    """A payload file of so many lines."""
    return write_lines(file, [payload(number) for number in range(count)])


def write_lines(file: Path, lines: list[Any]) -> Path:
    """A payload file of these lines."""
    file.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in lines), encoding="utf-8")
    return file


def journal_of(file: Path) -> str:
    """The journal of the folder that a payload file is in, as PNPC_JOURNAL names it in tests of push."""
    return str(file.parent / JOURNAL)


class Pushed(NamedTuple):
    """How a push inside this process ended."""

    stopped: str | None
    counts: Counts


def push_here(
    file: Path,
    url: str,
    *,
    resend: bool = False,
    rate: int = 2000,
    timeouts: Timeouts = SHORT,
    concurrency: int = 100,
    patience: float = 0.6,
) -> Pushed:
    """Push inside this process: the engine, the journal and the client as they are, timeouts shorter."""
    with survey(str(file)) as artifact:
        settings = SendSettings(url, rate, concurrency, patience=patience)
        plan = PushPlan(artifact, Credentials(TOKEN, f"Bearer {TOKEN}"), settings, None, resend, timeouts)
        with owner(journal_of(file)), Journal.open_or_create(journal_of(file)) as journal:
            journal.begin(plan.run(), now())
            states = look_up(artifact, url, journal, send_changed=False)
            limiters = local_limiters(journal, rate)
            stopped = asyncio.run(deliver(journal, limiters, plan, states, lambda *_: None, lambda _: None))
            return Pushed(stopped and stopped.text, states.counts())


def rows(file: Path, sql: str) -> list[tuple[Any, ...]]:
    """What the journal beside a payload file says."""
    with Journal.open(journal_of(file)) as journal:
        return list(journal.rows(sql))


def outcomes(file: Path) -> dict[int, tuple[str, str]]:
    """Each line's last outcome and reason."""
    return {
        line: (outcome, reason) for line, outcome, reason in rows(file, "SELECT line, outcome, reason FROM attempts")
    }


def start(*args: str | Path, cwd: Path, **more: str) -> subprocess.Popen[bytes]:
    """`pnpc push` as a process that goes on."""
    return start_pnpc("push", *args, cwd=cwd, **{"LINE_CHANNEL_ACCESS_TOKEN": TOKEN, "PNPC_JOURNAL": JOURNAL, **more})


def end(process: subprocess.Popen[bytes]) -> tuple[int, str, str]:
    """The exit code, standard output and error of a process that ends by itself."""
    out, err = process.communicate(timeout=60)
    assert b"Traceback" not in err, err.decode()
    return process.returncode, out.decode(), err.decode()


def last_line(out: str) -> dict[str, int]:
    """The counts of messages that `--format json` ends with; those of requests are `sent_now`."""
    found: dict[str, int] = json.loads(out.splitlines()[-1])
    assert list(found) == ["accepted", "refused", "unknown", "remaining", "sent_now"]
    return {name: number for name, number in found.items() if name != "sent_now"}


def sent_now(out: str) -> int:
    """The requests of a run, as `--format json` counts them."""
    number: int = json.loads(out.splitlines()[-1])["sent_now"]
    return number


def until(seen: Callable[[], object], pause: float = 0.01) -> None:
    """Wait for something that a process or server does; `pause`: seconds between two looks."""
    for _ in range(round(30 / pause)):
        if seen():
            return
        time.sleep(pause)
    raise AssertionError("it did not happen")
