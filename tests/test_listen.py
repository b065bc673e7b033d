"""`pnpc listen`: what LINE has signed is kept, each event once, before it is answered; everything else is not."""

import gzip
import json
import resource
import signal
import socket
import sqlite3
import threading
import time
from contextlib import closing
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from conftest import tries
from hypothesis import given, settings
from hypothesis import strategies as st
from journals import HOUR, SECRET, Sent, body, event, events_in, keep, listening, states, tag

from pnpc.cli.main import main
from pnpc.compile.targets.sinch import SinchCallback
from pnpc.deliver.journal.journal import Journal
from pnpc.deliver.journal.records import Event
from pnpc.deliver.journal.timestamps import now
from pnpc.deliver.sending.timeouts import Timeouts
from pnpc.deliver.webhooks.inbox import Inbox
from pnpc.deliver.webhooks.webhook import BadPost, is_signed, read, signature_of
from pnpc.emulator import Emulator
from pnpc.project.journals import SUFFIX

DIGEST = "68df277462529930889fab80ecffdc0883906320591df93c25efc08300410fc2"


def test_signature_of_lines_own_example():
    told = b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'
    assert signature_of("8c570fa6dd201bb328f1c1eac23a96d8", told) == "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="
    assert is_signed("8c570fa6dd201bb328f1c1eac23a96d8", told, "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs=")
    for wrong in (
        "",
        "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs",
        "ghrkmvmhys4pi8dxkf4+eayah0oqtjtazxgtd9fmdls=",
        "é",
    ):
        assert not is_signed("8c570fa6dd201bb328f1c1eac23a96d8", told, wrong)
    assert not is_signed("8c570fa6dd201bb328f1c1eac23a96d8", told + b" ", signature_of("8c570f", told))


def test_events_of_lines_docs_are_read():
    told = event("01G17DAF0QJ7A3ERC5EJ9MAMH8", DIGEST)
    wanted = Event("01G17DAF0QJ7A3ERC5EJ9MAMH8", DIGEST, 1650590038721, 5)
    assert read(body(told), 5).events == (wanted,)
    with_source = {**told, "source": {"type": "user", "userId": "U8189cf6745fc0d808977bdb0b9f22995"}}  # until 2025
    assert read(body(with_source), 5).events == (wanted,)
    assert read(b'{"destination":"xxxxxxxxxx","events":[]}', 5) == ((), 0)


def test_half_a_character_in_a_tag_can_be_stored() -> None:
    assert read(body(event("id", "a\ud800b")), 5).events[0].tag == "a\ufffdb"


def test_what_is_no_delivery_is_passed_over():
    others = [
        {"type": "message", "message": {"type": "text", "text": "やあ"}},
        {"type": "delivery"}, {"type": "delivery", "delivery": []}, {"type": "delivery", "delivery": {"data": 1}},
        {**event("x", "t"), "webhookEventId": ""}, {**event("x", "t"), "webhookEventId": "\ud800"}, 1, None, [],
    ]  # fmt: skip
    found = read(body(*others, event("id", "tag", new_of_line={"x": 1})), 5)
    assert [one.event for one in found.events] == ["id"]
    assert found.others == len(others)


@pytest.mark.parametrize("at", [None, "1650590038721", -1, 1.5, True, 1 << 63, 10**400])
def test_a_time_that_is_none_is_the_time_of_coming(at):
    assert read(body(event("id", "tag", timestamp=at)), 5).events[0].at == 5


@pytest.mark.parametrize("text", [b"", b"[]", b"1", b"{", b"\xff", b"[" * 100_000, b'{"events":{}}', b'{"events":1}'])
def test_what_is_no_webhook_is_told(text):
    with pytest.raises(BadPost):
        read(text, 5)


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(("type", "delivery", "data", "webhookEventId")), inner)
    ),
    max_leaves=8,
)


@settings(max_examples=tries(60))
@given(st.binary() | ANY.map(lambda value: json.dumps(value).encode()) | st.lists(ANY).map(lambda some: body(*some)))
def test_any_body_is_read_or_is_none(text):
    try:
        found = read(text, 5)
    except BadPost:
        return
    assert all(one.event.isascii() and 0 <= one.at < 1 << 63 for one in found.events)


def test_events_are_kept_once_in_any_order(tmp_path):
    journal = keep(tmp_path / "a.journal.db", [Sent(line, 5) for line in range(1, 6)])
    with listening(journal) as listener:
        late, early = event("E2", tag(2), 2000), event("E1", tag(1), 1000)
        assert listener.post(body(late)) == 200
        assert (
            listener.post(body(early, late, {"type": "unsend"})) == 200
        )  # many, one of them twice, one of another kind
        assert listener.post(body(early)) == 200  # again, after its answer was lost
        again = {**early, "deliveryContext": {"isRedelivery": True}}
        assert listener.post(body(again, event("E3", tag(3)), event("E3", tag(3)))) == 200
        assert listener.post(body()) == 200  # LINE's probe of the URL
        assert listener.post(body(event("E9", "a-tag-of-nobody-here"))) == 200
        assert events_in(journal) == {"E1": tag(1), "E2": tag(2), "E3": tag(3)}
        assert listener.stop() == 0
    assert "pnpc: deliveries 3, duplicates 4, of no journal 1, other events 1\n" in listener.error


def test_no_tag_is_told_unless_asked(tmp_path):
    journal = keep(tmp_path / "a.journal.db", [Sent(1, 5)])
    told = {}
    for args in ((), ("-v",), ("-v", "--log-format", "json")):
        with listening(journal, args=args) as listener:
            assert listener.post(body(event("E1", tag(1)), event("E2", DIGEST), event("E 3", tag(3)))) == 200
            assert listener.stop() == 0
        told[args] = listener.error
    assert tag(1) not in told[()]
    assert f"E1 {tag(1)}\n" in told[("-v",)]
    assert "E2 (digest)\n" in told[("-v",)]
    assert DIGEST not in told[()] + told[("-v",)]
    assert f'"event": "event", "id": "E 3", "tag": "{tag(3)}"' in told["-v", "--log-format", "json"]


@pytest.fixture(scope="module")
def one_listener(tmp_path_factory):
    """A listener that nothing is sent to but what it must refuse; at the end its journal holds nothing."""
    journal = keep(tmp_path_factory.mktemp("listen") / "a.journal.db", [Sent(1, 5)])
    with listening(journal) as listener:
        yield listener
        assert events_in(journal) == {}


GOOD = body(event("E1", tag(1), 1_650_590_038_721))


@pytest.mark.parametrize(
    ("data", "signature", "status"),
    [
        (GOOD, signature_of(SECRET, GOOD)[:-4] + "AAA=", 403),
        (GOOD, signature_of("another-secret", GOOD), 403),
        (GOOD, "é", 403),
        (GOOD, "x" * 5000, 403),
        (json.dumps(json.loads(GOOD), indent=1).encode(), signature_of(SECRET, GOOD), 403),  # written anew on the way
        (GOOD + b"\n", signature_of(SECRET, GOOD), 403),
        (GOOD[:-1], signature_of(SECRET, GOOD[:-1]), 400),
        (b"\xef\xbb\xbf[]", signature_of(SECRET, b"\xef\xbb\xbf[]"), 400),
    ],
    ids=["bytes", "secret", "letters", "long", "re-encoded", "longer", "cut", "no-object"],
)
def test_what_line_has_not_signed_is_refused(one_listener, data, signature, status):
    assert one_listener.post(data, signature.encode("utf-8").decode("latin-1")) == status


def test_a_post_without_a_signature_another_method_and_path_are_refused(one_listener):
    assert one_listener.ask("POST", "/webhook", GOOD) == 401
    assert one_listener.ask("GET", "/webhook") == 405
    assert one_listener.ask("PUT", "/webhook", GOOD, {"x-line-signature": signature_of(SECRET, GOOD)}) == 405
    assert one_listener.ask("POST", "/", GOOD, {"x-line-signature": signature_of(SECRET, GOOD)}) == 404


def test_a_body_that_is_too_large_is_refused(one_listener):
    large = GOOD + b" " * (5 << 20)
    connection = one_listener.connect()
    try:
        connection.request("POST", "/webhook", large, {"x-line-signature": signature_of(SECRET, large)})
        assert connection.getresponse().status == 413
    except (BrokenPipeError, ConnectionResetError):
        pass  # it was closed before all was sent: refused as well
    finally:
        connection.close()


def _raw(listener, data: bytes) -> bytes:
    """The status line that some bytes get."""
    where = urlsplit(listener.url)
    with socket.create_connection((where.hostname, where.port), timeout=20) as connection:
        connection.sendall(data)
        return connection.recv(4096).partition(b"\r\n")[0]


def test_what_is_no_proper_request_is_told_in_a_line_and_keeps_nobody_waiting(tmp_path):
    journal = keep(tmp_path / "a.journal.db", [Sent(1, 5)])
    packed = gzip.compress(GOOD)
    with listening(journal) as listener:
        head = f"POST /webhook HTTP/1.1\r\nHost: x\r\nx-line-signature: {signature_of(SECRET, GOOD)}\r\n".encode()
        for rest in (
            b"Content-Length: abc\r\n\r\n",
            b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
            b"X: %s\r\n\r\n" % (b"x" * 9000),
        ):
            assert b" 400 " in _raw(listener, head + rest)
        assert b" 400 " in _raw(listener, b"\x16\x03\x01\r\n\r\n")
        with closing(listener.connect()) as cut:  # goes before all of it is sent
            cut.putrequest("POST", "/webhook")
            cut.putheader("x-line-signature", signature_of(SECRET, GOOD))
            cut.putheader("content-length", "5000")
            cut.endheaders(GOOD)
        # The signature is of the bytes that came, not of what they unpack to.
        length = b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
        assert b" 403 " in _raw(listener, head + length + packed)
        strange = b'{"events":[{"type":"delivery","delivery":{"data":"\\ud800\\u0000"},"webhookEventId":"E\\u0000"}]}'
        assert listener.post(strange) == 200
        assert listener.post(GOOD, signature_of(SECRET, GOOD), "X-LINE-Signature") == 200
        assert listener.stop() == 0
    assert events_in(journal) == {"E1": tag(1)}
    assert all(line.startswith("pnpc: ") for line in listener.error.splitlines())
    assert "Unhandled" not in listener.error


def test_more_connections_than_the_system_gives_are_told_once(tmp_path):
    journal = keep(tmp_path / "a.journal.db", [Sent(1, 5)])
    with listening(journal) as listener:
        resource.prlimit(listener.process.pid, resource.RLIMIT_NOFILE, (24, 24))
        where = urlsplit(listener.url)
        held = [socket.create_connection((where.hostname, where.port), timeout=20) for _ in range(60)]
        time.sleep(0.3)
        for one in held:
            one.close()
        assert listener.post(GOOD) == 200
        assert listener.stop() == 0
    assert events_in(journal) == {"E1": tag(1)}
    assert listener.error.count("Too many open files") == 1


def test_a_journal_that_is_locked_keeps_no_other_one_waiting(tmp_path):
    at = now()
    locked, free = keep(tmp_path / f"a{SUFFIX}", [Sent(1, at)]), keep(tmp_path / f"b{SUFFIX}", [Sent(2, at)])
    with listening(tmp_path) as listener:
        holder = sqlite3.connect(locked, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        assert listener.post(body(event("E1", tag(1), at), event("E2", tag(2), at))) == 503
        assert events_in(free) == {"E2": tag(2)}
        assert listener.post(body(event("E3", tag(2), at))) == 200
        holder.execute("ROLLBACK")
        holder.close()
        assert listener.stop() == 0
    assert events_in(locked) == {"E1": tag(1)}
    assert events_in(free) == {"E2": tag(2), "E3": tag(2)}
    assert listener.error.count("database is locked") == 1


def test_events_of_a_journal_that_is_locked_when_it_is_found_are_not_acknowledged(tmp_path):
    at = now()
    journal = keep(tmp_path / f"a{SUFFIX}", [Sent(1, at)])
    holder = sqlite3.connect(journal, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with listening(tmp_path) as listener:
        assert listener.post(body(event("E1", tag(1), at))) == 503
        holder.execute("ROLLBACK")
        holder.close()
        assert listener.stop() == 0
    assert events_in(journal) == {"E1": tag(1)}
    with Journal.read(journal) as reader:
        assert len(list(reader.rows("SELECT * FROM listeners WHERE heard NOT NULL"))) == 1


def test_a_log_that_can_not_be_written_stops_nothing(tmp_path):
    journal = keep(tmp_path / "a.journal.db", [Sent(1, 5)])
    with open("/dev/full", "w", encoding="utf-8") as full, listening(journal, stderr=full) as listener:
        assert listener.post(GOOD, "wrong") == 403
        assert listener.post(GOOD) == 200
        listener.process.send_signal(signal.SIGTERM)
        assert listener.process.wait(timeout=30) == 0
    assert events_in(journal) == {"E1": tag(1)}


def _posting(listener, start: int, acknowledged: list[str], step: int) -> None:
    """Post events one after the other until the other side is gone, or lines are; `acknowledged` gets those that were answered."""
    connection = listener.connect()
    try:
        for number in range(start, 1001, step):
            data = body(event(f"E{number:06}", tag(number)))
            connection.request("POST", "/webhook", data, {"x-line-signature": signature_of(SECRET, data)})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                return
            acknowledged.append(f"E{number:06}")
    except (OSError, HTTPException):
        pass
    finally:
        connection.close()


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM], ids=lambda one: one.name)
def test_what_was_acknowledged_is_not_lost(tmp_path, end):
    journal = keep(tmp_path / "a.journal.db", [Sent(line, 5) for line in range(1, 1001)])
    threads, acknowledged = 4, [[] for _ in range(4)]
    with listening(journal) as listener:
        posting = [
            threading.Thread(target=_posting, args=(listener, 1 + number, acknowledged[number], threads))
            for number in range(threads)
        ]
        for one in posting:
            one.start()
        while sum(map(len, acknowledged)) < 200:  # in the middle of it
            time.sleep(0.005)
        listener.process.send_signal(end)
        for one in posting:
            one.join()
        listener.process.wait(timeout=30)
        assert listener.process.returncode == (0 if end == signal.SIGTERM else -signal.SIGKILL)
    kept, answered = events_in(journal), {id for some in acknowledged for id in some}
    assert len(answered) >= 200
    assert answered <= set(kept)
    assert all(kept[id] == tag(int(id[1:])) for id in kept)


def test_an_event_resolves_an_unknown_and_may_come_before_the_answer_is_noted(tmp_path):
    journal = keep(tmp_path / "a.journal.db", [Sent(1, 5, None), Sent(2, 5, "unknown", "timeout", None)])
    with listening(journal) as listener:
        assert listener.post(body(event("E1", tag(1), 6), event("E2", tag(2), 6))) == 200
        with Journal.read(journal) as reader:
            assert states(reader) == [(1, "delivered", 1), (2, "delivered", 1)]
        keep(tmp_path / "a.journal.db", [])  # the next push: line 1 had no result, and is noted as unknown
    with Journal.read(journal) as reader:
        assert states(reader) == [(1, "delivered", 1), (2, "delivered", 1)]


def test_journals_that_appear_later_are_taken_up(tmp_path):
    folder = tmp_path / "journals"
    folder.mkdir()
    (folder / f"notes{SUFFIX}").write_text("this is no journal of anybody\n" * 100)
    later = tmp_path / "later.journal.db"
    with listening(later, folder) as listener:
        assert listener.post(body(event("E0", tag(1)))) == 200
        keep(later, [Sent(1, now())])
        keep(folder / f"b{SUFFIX}", [Sent(2, now())])
        assert listener.post(body(event("E1", tag(1)), event("E2", tag(2)))) == 200
        assert events_in(later) == {"E1": tag(1)}
        assert events_in(folder / f"b{SUFFIX}") == {"E2": tag(2)}
        later.unlink()  # and another one in its place
        for suffix in ("-wal", "-shm"):
            Path(f"{later}{suffix}").unlink(missing_ok=True)
        keep(later, [Sent(1, now()), Sent(3, now())])
        assert listener.post(body(event("E1", tag(1)))) == 200
        assert listener.post(body(event("E3", tag(3)))) == 200
        assert listener.stop() == 0
    assert events_in(later) == {"E1": tag(1), "E3": tag(3)}
    assert "later.journal.db does not exist yet" in listener.error
    assert listener.error.count("can't be used as a journal") + listener.error.count("is not a journal") == 1
    assert "later.journal.db was removed" in listener.error


def test_a_journal_of_a_folder_rests_until_a_push_takes_it_up_again(tmp_path):
    old, long_ago = tmp_path / f"old{SUFFIX}", now() - 100 * HOUR
    keep(old, [Sent(1, long_ago)], lines=2)
    with listening(tmp_path) as listener:
        assert listener.post(body(event("E1", tag(1)))) == 200
        assert events_in(old) == {}
        with Journal.open_or_create(str(old)):  # a push has it open
            keep(old, [Sent(2, now())], lines=2)
            assert listener.post(body(event("E2", tag(2)))) == 200
        assert events_in(old) == {"E2": tag(2)}


@pytest.mark.parametrize("names", [["."], ["a.journal.db", "."], ["a.journal.db", "./a.journal.db"]])
def test_a_journal_with_two_names_is_one(names, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    keep(tmp_path / "a.journal.db", [Sent(1, now())])
    (tmp_path / "link.journal.db").symlink_to("a.journal.db")
    with closing(Inbox(names, now(), print)) as inbox:
        inbox.look(now())
        assert inbox.keep([Event("E1", tag(1), now(), now())], now()).kept.new == 1


def test_a_tag_of_two_journals_proves_nothing_unless_the_time_tells(tmp_path):
    at = now()
    old = keep(tmp_path / "old.journal.db", [Sent(1, at - 100 * HOUR), Sent(2, at - HOUR)])
    new = keep(tmp_path / "new.journal.db", [Sent(1, at), Sent(2, at)])
    with listening(old, new) as listener:
        assert listener.post(body(event("E1", tag(1), at + 1000), event("E2", tag(2), at + 1000))) == 200
        assert listener.stop() == 0
    assert events_in(new) == {"E1": tag(1)}
    assert events_in(old) == {}
    assert "of several journals (no proof) 1" in listener.error


def test_the_journal_knows_when_a_receiver_was_there(tmp_path):
    journal, before = keep(tmp_path / "a.journal.db", [Sent(1, 5)]), now()
    with listening(journal) as listener:
        assert listener.post(body()) == 200
        assert listener.stop() == 0
    secrets = {"LINE_CHANNEL_SECRET": SECRET, "SINCH_WEBHOOK_SECRET": "of Sinch"}
    of_sinch = SinchCallback().signed("of Sinch", b"{}", "nonce", "1")
    with listening(journal, secrets=secrets) as listener:
        assert listener.ask("POST", "/webhook", b"{}", of_sinch) == 200  # says nothing about LINE
        assert listener.post(body(), "wrong") == 403
        assert listener.post(body(), "wrong again") == 403
        assert listener.stop() == 0
    assert listener.error.count("not signed with this channel's secret") == 1
    with Journal.read(journal) as reader:
        first, second = reader.rows("SELECT at, alive, heard FROM listeners ORDER BY listener")
    assert before <= first[0] <= first[2] <= first[1] <= second[0] <= second[1] <= now()
    assert second[2] is None


def test_a_receiver_that_cannot_hear_line_is_no_witness_of_its_silence(tmp_path):
    journal = keep(tmp_path / "a.journal.db", [Sent(1, 5)])
    for hears_line in (False, True):
        with closing(Inbox([journal], 1, print, hears_line=hears_line)) as inbox:
            inbox.look(2)
            inbox.alive(3, None)
        with Journal.read(journal) as reader:
            assert len(list(reader.rows("SELECT * FROM listeners"))) == hears_line


def test_a_full_disk_is_answered_with_503_and_nothing_is_lost(tmp_path):
    """The disk is full for a while: no event is acknowledged that is not kept, and what came is kept afterwards."""
    journal = keep(tmp_path / "a.journal.db", [Sent(line, 5) for line in range(1, 400)])
    unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    with listening(journal) as listener:
        assert listener.post(body(event("E001", tag(1)))) == 200
        resource.prlimit(listener.process.pid, resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
        assert listener.post(body(*[event(f"E{line:03}", tag(line)) for line in range(2, 300)])) == 503
        assert listener.post(body(event("E300", tag(300)))) == 503
        resource.prlimit(listener.process.pid, resource.RLIMIT_FSIZE, unlimited)
        assert listener.post(body(event("E301", tag(301)))) == 200
        assert listener.stop() == 0
    assert events_in(journal) == {f"E{line:03}": tag(line) for line in range(1, 302)}
    assert listener.error.count("events are held in memory") == 1
    assert "posts not kept 2" in listener.error


def test_a_reader_that_keeps_the_journal_open_is_in_nobodys_way(tmp_path):
    journal = keep(tmp_path / "a.journal.db", [Sent(1, 5)])
    with Journal.read(journal) as reader, reader.snapshot(), listening(journal) as listener:
        assert list(reader.rows("SELECT count(*) FROM events")) == [(0,)]
        assert listener.post(GOOD) == 200
        assert list(reader.rows("SELECT count(*) FROM events")) == [(0,)]
    assert events_in(journal) == {"E1": tag(1)}


@pytest.mark.parametrize(
    ("args", "environment", "says"),
    [
        (("--journal", "a.journal.db"), {}, "LINE_CHANNEL_SECRET is not set"),
        (("--journal", "a.journal.db"), {"LINE_CHANNEL_SECRET": " \n"}, "LINE_CHANNEL_SECRET is not set"),
        (("--journal", "notes.txt"), {"LINE_CHANNEL_SECRET": "s"}, "notes.txt"),
        (("--journal", "nowhere/a.journal.db"), {"LINE_CHANNEL_SECRET": "s"}, "nowhere/a.journal.db"),
        (("--journal", "a.journal.db", "--path", "webhook"), {"LINE_CHANNEL_SECRET": "s"}, "--path"),
        (("--journal", "a.journal.db", "--path", "/web}hook"), {"LINE_CHANNEL_SECRET": "s"}, "--path"),
        (("--journal", ""), {"LINE_CHANNEL_SECRET": "s"}, "the value of --journal is empty"),
        (("--journal", "/dev/null"), {"LINE_CHANNEL_SECRET": "s"}, "--journal must be a file or a folder"),
        (("--journal", "a.journal.db", "--host", "192.0.2.1"), {"LINE_CHANNEL_SECRET": "s"}, "192.0.2.1"),
    ],
)
def test_what_it_can_not_run_with(tmp_path, monkeypatch, capsys, args, environment, says):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LINE_CHANNEL_SECRET", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "notes.txt").write_text("no journal\n" * 500)
    assert main(["listen", *args]) == 2
    told = capsys.readouterr()
    assert says in told.err
    assert told.out == ""
    assert sorted(one.name for one in tmp_path.iterdir()) == ["notes.txt"]


def test_ctrl_c_is_clean(tmp_path):
    with listening(tmp_path) as listener:
        listener.process.send_signal(signal.SIGINT)
        _, error = listener.process.communicate(timeout=30)
        assert listener.process.returncode == 0
        assert error == b"pnpc: nothing came\n"


def test_a_port_that_is_taken_is_told(tmp_path, pnpc):
    with listening(tmp_path) as listener:
        port = listener.url.rpartition(":")[2].partition("/")[0]
        done = pnpc("listen", "--journal", tmp_path, "--port", port, LINE_CHANNEL_SECRET="s")
        assert done.returncode == 2
        assert "Traceback" not in done.stderr


def test_events_of_the_emulator_are_kept(tmp_path, pnpc):
    """Push, emulator and receiver together: what the emulator delivers is delivered in the journal."""
    from pushes import TOKEN, journal_of, push_here, write

    file = write(tmp_path / "shipment.jsonl", 50)
    with (
        listening(journal_of(file)) as listener,
        Emulator(webhook=listener.url, secret=SECRET, lenient=True, events_per_post=7, token=TOKEN) as line,
    ):
        # Three servers start at once here: the first answers may be late.
        assert push_here(file, line.url, timeouts=Timeouts(), patience=20).counts == (50, 0, 0, 0)
        line.drain()
        status = pnpc("status", "--journal", journal_of(file), "--format", "json")
        assert json.loads(status.stdout)["counts"]["delivered"] == 50
        assert listener.stop() == 0
    assert "deliveries 50" in listener.error


def test_without_a_name_the_journals_of_the_project_are_taken(tmp_path):
    """All in its folder: those of LINE and of an emulator; or the one that the environment names."""
    names = ["pnpc.journal.db", "pnpc.127.0.0.1-8080.journal.db"]
    for number, name in enumerate(names, 1):
        keep(tmp_path / name, [Sent(number, now())])
    with listening(cwd=tmp_path) as listener:
        assert listener.post(body(event("E1", tag(1)), event("E2", tag(2)))) == 200
    assert [list(events_in(tmp_path / name)) for name in names] == [["E1"], ["E2"]]


def test_a_journal_of_the_config_is_heard_whatever_its_name(tmp_path):
    (tmp_path / "pnpc.toml").write_text('journal = "state/sent.db"\n')
    (tmp_path / "state").mkdir()
    names = ["state/sent.db", "state/sent.db.127.0.0.1-8080.journal.db"]
    for number, name in enumerate(names, 1):
        keep(tmp_path / name, [Sent(number, now())])
    with listening(cwd=tmp_path) as listener:
        assert listener.post(body(event("E1", tag(1)), event("E2", tag(2)))) == 200
    assert [list(events_in(tmp_path / name)) for name in names] == [["E1"], ["E2"]]
