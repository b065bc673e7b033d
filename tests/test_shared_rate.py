"""The rate of a channel that several senders share: leases of one row in a real PostgreSQL."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from threading import Event
from typing import Any

import pytest
from conftest import ROOT, clean_environment
from postgres import Server
from pushes import until

from pnpc.deliver.journal.records import JournalAway, TooLate
from pnpc.deliver.journal.statements import POSTGRES_TABLES, schema
from pnpc.deliver.postgres.connection import Database
from pnpc.deliver.postgres.shared_rate import SharedRate, _Answer, _Debts

URL = "https://api.line.me/v2/bot/message/pnp/templated/push"
# A sender without requests: ticks, a commit that takes some milliseconds, and when its requests left.
SENDER = """
import json, sys, time
from concurrent.futures import ThreadPoolExecutor
from pnpc.deliver.postgres.connection import Database
from pnpc.deliver.postgres.shared_rate import SharedRate
database, left = Database(sys.argv[1]), []
aside = ThreadPoolExecutor(1).submit
limiter = SharedRate(database.rows, aside, "c", sys.argv[2], int(sys.argv[3]))
print(limiter.take(1, time.monotonic()), flush=True)
until = float(sys.stdin.readline())
while (now := time.monotonic()) < until:
    count = limiter.take(100, now)
    time.sleep(0.003 if count else 0)
    for _ in range(count):
        left.append(time.monotonic())
        limiter.leaves(left[-1], now)
    time.sleep(0.008)
database.close()
print(json.dumps(left))
"""


@pytest.fixture
def database(postgres: Server) -> Iterator[Database]:
    """A database with the tables of a journal."""
    with closing(Database(postgres.database())) as database:
        database.run_script(schema(POSTGRES_TABLES))
        yield database


def at_once(work: Callable[..., _Answer], *values: Any) -> Future[_Answer]:
    """In the place of another thread: the answer is there when the question was asked."""
    answer = Future[_Answer]()
    answer.set_result(work(*values))
    return answer


def woken(database: Database, rate: int = 1000) -> SharedRate:
    """A limiter whose row is there, and whose silence is over."""
    limiter = SharedRate(database.rows, at_once, "c", URL, rate)
    assert limiter.take(1, time.monotonic()) == 0
    shift(database, -60)
    return limiter


def shift(database: Database, seconds: float, *columns: str) -> None:
    """As if some seconds had passed (the past is longer ago) for columns of the row."""
    changed = ", ".join(f"{column} = {column} + {seconds}" for column in columns or ("free", "at", "rated", "cut"))
    database.rows(f"UPDATE rates SET {changed}")


def pace(limiter: SharedRate) -> float:
    """The rate that the server tells."""
    limiter.take(1, time.monotonic())
    return limiter.rate(0.0)


def most(times: Sequence[float]) -> int:
    """The most of them in any one second."""
    first = highest = 0
    for last, at in enumerate(times):
        while at - times[first] >= 1.0:
            first += 1
        highest = max(highest, last - first + 1)
    return highest


def test_three_senders_share_one_rate(postgres: Server, database: Database) -> None:
    """All want more than there is: together they reach the rate and are never above it, and each has its share."""
    url = postgres.url(str(database.rows("SELECT current_database()")[0][0]))
    senders = [
        subprocess.Popen(
            [sys.executable, "-c", SENDER, url, URL, "500"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=clean_environment(PYTHONPATH=str(ROOT)),
        )
        for _ in range(3)
    ]  # fmt: skip
    for sender in senders:
        assert sender.stdout is not None
        sender.stdout.readline()  # it is there
    until = f"{time.monotonic() + 2.5}\n"
    for sender in senders:
        assert sender.stdin is not None
        sender.stdin.write(until)
        sender.stdin.flush()
    shares = [json.loads(sender.communicate(timeout=60)[0]) for sender in senders]
    times = sorted(at for share in shares for at in share)
    assert most(times) <= 520
    assert len(times) > 250 * (times[-1] - times[0]), "they reach most of it, also on a machine with other work"
    assert min(map(len, shares)) > len(times) / 6, [len(share) for share in shares]


def test_a_new_row_begins_with_silence(database: Database) -> None:
    limiter = SharedRate(database.rows, at_once, "c", URL, 1000)
    assert [limiter.take(5, time.monotonic()) for _ in range(3)] == [0, 0, 0]
    ((ahead,),) = database.rows("SELECT free - extract(epoch FROM clock_timestamp())::float8 FROM rates")
    assert 0.8 < ahead < 1.1
    slow = SharedRate(database.rows, at_once, "c", URL + "2", 2)
    slow.take(1, time.monotonic())
    ((ahead,),) = database.rows("SELECT max(free) - extract(epoch FROM clock_timestamp())::float8 FROM rates")
    assert 9 < ahead < 11


def test_after_a_crash_of_the_server_no_slot_is_given_twice(postgres: Server, database: Database) -> None:
    """What was given may be newer than what a crash leaves: the row is gone, and the next sender waits."""
    limiter = woken(database)
    assert limiter.take(5, time.monotonic()) > 0
    limiter._slots.clear()
    postgres.stop()
    with pytest.raises(JournalAway):
        limiter.take(5, time.monotonic())
    limiter.slow_down(time.monotonic())  # is no failure where the server is away
    postgres.start()
    assert database.rows("SELECT count(*) FROM rates") == [(0,)]
    other = SharedRate(database.rows, at_once, "c", URL, 1000)
    assert [other.take(5, time.monotonic()) for _ in range(3)] == [0, 0, 0]


def test_senders_take_turns(database: Database) -> None:
    """The slots of two leases lie behind one another, whoever asks again first."""
    limiters = [woken(database), SharedRate(database.rows, at_once, "c", URL, 1000)]
    for _ in range(3):
        for limiter in limiters:
            limiter.take(100, time.monotonic())
    ((ahead,),) = database.rows("SELECT free - extract(epoch FROM clock_timestamp())::float8 FROM rates")
    assert ahead <= 0.08, "none takes more than its turn, and asks two ticks before it is over"


def test_the_lowest_rate_of_those_who_send_holds_for_all(database: Database) -> None:
    fast, slow = woken(database, 1000), SharedRate(database.rows, at_once, "c", URL, 100)
    assert pace(fast) == 1000
    assert pace(slow) == 100
    time.sleep(0.05)
    assert pace(fast) == 100
    shift(database, -11, "rated")  # nobody asks with that rate any more
    time.sleep(0.05)
    assert pace(fast) == 1000


def test_one_429_holds_for_all(database: Database) -> None:
    first, second = woken(database), SharedRate(database.rows, at_once, "c", URL, 1000)
    assert pace(second) == 1000
    first.slow_down(time.monotonic())
    second.slow_down(time.monotonic())  # requests that were under way together: one cut
    time.sleep(0.02)
    assert 500 <= pace(second) < 600
    shift(database, -4, "cut")
    time.sleep(0.02)
    assert 650 < pace(second) < 800, "it grows again"
    for seconds in range(1, 13):
        shift(database, -1, "cut")
        first.slow_down(time.monotonic() + seconds)
    time.sleep(0.02)
    assert pace(second) >= 10, "but never to nothing"


def test_after_a_429_with_a_time_nobody_sends_until_then(database: Database) -> None:
    first, second = woken(database), SharedRate(database.rows, at_once, "c", URL, 1000)
    first.slow_down(time.monotonic(), wait=30.0)
    assert (first.take(5, time.monotonic()), second.take(5, time.monotonic())) == (0, 0)
    assert first.take(5, time.monotonic() + 29.0) == 0
    shift(database, -31)
    assert second.take(5, time.monotonic()) > 0


def test_nothing_waits_for_the_server(database: Database) -> None:
    """Neither a take nor a 429; and many answers of 429 are few statements."""
    limiter, statements, answer = woken(database), list[str](), Event()

    def slowly(sql: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        statements.append(sql)
        answer.wait(30)
        return database.rows(sql, values)

    with ThreadPoolExecutor(1) as pool:
        limiter._rows, limiter._aside = slowly, pool.submit
        limiter._slots.clear()
        now = time.monotonic()
        assert limiter.take(5, now) == 0
        for number in range(50):
            limiter.slow_down(now + number / 1000)
        assert limiter.take(5, now + 0.1) == 0
        answer.set()
        until(lambda: limiter._question.answer.done())
        assert limiter.take(5, now + 0.1) == 0, "slots of the time before the cut are void"
        until(lambda: limiter._question.answer.done())
        limiter.take(5, now + 0.2)
    assert ["halved" in sql for sql in statements] == [False, True, False]
    ((share,),) = database.rows("SELECT share FROM rates")
    assert share == 0.5


def test_a_clock_that_is_set_back_stops_nobody(database: Database) -> None:
    limiter = woken(database)
    assert limiter.take(5, time.monotonic()) > 0
    shift(database, 3600)
    other = SharedRate(database.rows, at_once, "c", URL, 1000)
    other.take(5, time.monotonic())
    assert other.rate(time.monotonic()) == 1000, "time that runs backwards makes no rate smaller, or below nothing"
    time.sleep(0.02)
    assert limiter.take(5, time.monotonic()) > 0


def test_a_slot_that_is_over_is_not_used(database: Database) -> None:
    limiter = woken(database)
    limiter.take(20, time.monotonic())
    assert len(limiter._slots) > 0
    time.sleep(0.06)
    held = list(limiter._slots)
    limiter.take(1, time.monotonic())
    assert not set(held) & set(limiter._slots)


def test_who_is_too_late_does_not_leave(database: Database) -> None:
    limiter = woken(database)
    now = time.monotonic()
    count = limiter.take(3, now)
    assert count > 0
    with pytest.raises(TooLate):
        limiter.leaves(now + 0.9, now)
    for _ in range(1, count):
        limiter.stays(now)
    assert limiter._taken == {}


def test_who_leaves_late_leaves_other_slots_unused() -> None:
    """Requests that left late together are paid for once within a second, by slots that were not used anyway if there are."""
    debts = _Debts()
    for at in (10.05, 10.06, 10.07):
        debts.left_late(10.0, at)
    for at in (10.25, 10.26):
        debts.left_late(10.2, at)
    assert debts.due(10.8) == 0
    debts.unused(10.8)
    assert debts.due(10.95) == 2
    debts.unused(10.95)
    debts.unused(10.96)
    assert debts.due(10.97) == 0
    assert debts.due(11.15) == 0, "what was left unused since pays for the others as well"
    debts.left_late(20.0, 20.5)  # of many connections that came late together
    debts.left_late(20.1, 20.5)
    debts.left_late(20.2, 20.5)
    assert debts.due(20.9) == 3


def test_a_single_message_does_not_wait(database: Database) -> None:
    """Also where requests leave long after they were taken."""
    limiter = woken(database)
    for _ in range(5):
        now = time.monotonic()
        while not limiter.take(1, now):
            now = time.monotonic()
        limiter.leaves(now + 0.3, now)
        time.sleep(0.03)
