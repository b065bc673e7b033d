"""`pnpc push` as people run it: what it says, what it writes, what it refuses to do, and what it never tells."""

import gzip
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from hashlib import sha256
from itertools import islice
from pathlib import Path

import pytest
import zstandard
from conftest import Done, Here, Run, clean_environment
from faultserver import HOLD, FaultServer, Request, Step, answer
from hypothesis import given
from hypothesis import strategies as st
from pushes import (
    JOURNAL,
    TOKEN,
    end,
    journal_of,
    last_line,
    outcomes,
    payload,
    rows,
    sent_now,
    start,
    tag,
    until,
    write,
    write_lines,
)

from pnpc.deliver.journal.journal import Journal
from pnpc.deliver.journal.records import Event
from pnpc.deliver.journal.timestamps import now
from pnpc.deliver.payload_files import Changed, LinePlace
from pnpc.deliver.sending.address import api_of
from pnpc.deliver.sending.artifact import survey
from pnpc.deliver.sending.message import check, read, request
from pnpc.deliver.sending.refusals import Refusals
from pnpc.project.workspace import Workspace

NEW = f"note: the journal {JOURNAL} is new: nothing is known of earlier pushes\n"
ENVIRONMENT = {"LINE_CHANNEL_ACCESS_TOKEN": TOKEN, "PNPC_JOURNAL": JOURNAL}


def push(here: Here, *args: str | Path, **more: str) -> Done:
    return here("push", *args, **{**ENVIRONMENT, **more})


def test_all_accepted(here: Here, tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", 30)
    with FaultServer() as server:
        done = push(here, "a.jsonl", "--api-url", server.url)
        assert (done.returncode, done.stderr) == (0, NEW)
        assert done.stdout == "30 messages: 30 sent now; 30 accepted, 0 refused, 0 unknown, 0 remaining\n"
        again = push(here, "a.jsonl", "--api-url", server.url, "--format", "json")
        assert (again.returncode, again.stdout) == (
            0,
            '{"accepted":30,"refused":0,"unknown":0,"remaining":0,"sent_now":0}\n',
        )
        assert len(server.received) == 30
        first = min(server.received, key=lambda one: one.tag)
        assert first.path == "/v2/bot/message/pnp/templated/push"
        assert first.headers["authorization"] == f"Bearer {TOKEN}"
        assert first.headers["content-type"] == "application/json"
        assert first.headers["x-line-delivery-tag"] == tag(0)
        assert "x-line-retry-key" not in first.headers
        assert json.loads(first.body) == payload(0)["body"]
    assert sorted(os.listdir(tmp_path)) == ["a.jsonl", JOURNAL, f"{JOURNAL}-lock"]


def test_some_refused(here: Here, tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", 3)
    with FaultServer() as server:
        server.script = lambda one: answer(422 if one.tag == tag(1) else 202, {"message": "Failed to send messages"})
        done = push(here, "a.jsonl", "--api-url", server.url)
    assert done.returncode == 4
    assert done.stdout == (
        "3 messages: 3 sent now; 2 accepted, 1 refused, 0 unknown, 0 remaining\n  1 refused: 422: it can't be sent to this person\n"
    )


def test_stopped_with_work_left(here: Here, tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", 3)
    with FaultServer(lambda _: answer(401, {"message": f"Authentication failed for {TOKEN}"})) as server:
        done = push(here, "a.jsonl", "--api-url", server.url, "--format", "json")
    assert done.returncode == 5
    assert last_line(done.stdout) == {"accepted": 0, "refused": 0, "unknown": 0, "remaining": 3}
    assert "stopped: 401: the access token is refused; the run stops" in done.stderr
    assert "run the same command again to send what remains" in done.stderr


def test_not_after(here: Here, tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", 3)
    with FaultServer() as server:
        done = push(here, "a.jsonl", "--api-url", server.url, "--not-after", "2026-01-01T00:00+09:00")
        assert server.connections == 0
    assert (done.returncode, done.stderr.splitlines()[1]) == (5, "stopped: the time of --not-after is reached")
    for wrong in ("21:00", "2026-01-01T00:00", "soon"):
        done = push(here, "a.jsonl", "--not-after", wrong)
        assert done.returncode == 2
        assert "with its offset from UTC" in done.stderr


# --- what it reads ---


@pytest.mark.parametrize("packed", [gzip.compress, zstandard.compress], ids=["gz", "zst"])
def test_compressed_payloads_are_the_plain_ones(packed, here: Here, tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", 3)
    name = "a.jsonl.gz" if packed is gzip.compress else "a.jsonl.zst"
    (tmp_path / name).write_bytes(packed(file.read_bytes()))
    with FaultServer() as server:
        assert push(here, name, "--api-url", server.url).returncode == 0
        assert push(here, "a.jsonl", "--api-url", server.url).returncode == 0
        assert len(server.received) == 3


def test_standard_input(here: Here, tmp_path: Path) -> None:
    data = write(tmp_path / "a.jsonl", 3).read_text()
    assert here("push", "-", "--dry-run", input=data).returncode == 0
    with FaultServer() as server:
        for _ in range(2):
            assert push(here, "-", "--journal", "j.db", "--api-url", server.url, input=data).returncode == 0
        assert len(server.received) == 3


def test_a_pipe_that_has_a_name(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", 3)
    os.mkfifo(tmp_path / "pipe")
    with FaultServer() as server:
        process = start("pipe", "--journal", "j.db", "--api-url", server.url, cwd=tmp_path)
        (tmp_path / "pipe").write_bytes((tmp_path / "a.jsonl").read_bytes())
        assert end(process)[0] == 0
        assert len(server.received) == 3


def test_nothing_to_send(here: Here, tmp_path: Path) -> None:
    for text in ("", "\n\n"):
        (tmp_path / "a.jsonl").write_text(text)
        done = push(here, "a.jsonl")
        assert (done.returncode, done.stderr) == (
            2, "pnpc: no messages in a.jsonl; if that is right, add --allow-empty\n"
        )  # fmt: skip
        done = push(here, "a.jsonl", "--allow-empty", "--format", "json")
        assert (done.returncode, sum(last_line(done.stdout).values())) == (0, 0)
    assert push(here, "none.jsonl").returncode == 2
    assert push(here, ".").returncode == 2


def _with(**more: object) -> dict[str, object]:
    return payload(1, **more)


def _body(**more: object) -> dict[str, object]:
    return payload(1, body={**payload(1)["body"], **more})


def _headers(**more: object) -> dict[str, object]:
    return payload(1, headers={"Content-Type": "application/json", **{k.replace("_", "-"): v for k, v in more.items()}})


def _without(key: str) -> dict[str, object]:
    return {name: value for name, value in payload(1).items() if name != key}


BAD = [
    (b"{", "not JSON: expecting property name enclosed in double quotes"),
    (b"[]", "not an object"),
    (b"\xff\xfe", "byte 0xff at offset 0 is not UTF-8"),
    (b'\xef\xbb\xbf{}', "not JSON: a byte order mark"),
    (b'{"a": ' + b"9" * 5_000 + b"}", "a number has too many digits"),
    (b'{"a": {"to": 1, "to": 2}}', "the key `to` is set twice in an object"),
    (b'{"id": "a", "id": "b"}', "the key `id` is set twice in an object"),
    (b'{"a": "\x00"}', "not JSON: invalid control character at"),
    (b'{"a": NaN}', "not JSON: `NaN` is not a JSON number"),
    (b'{"a": 1e999}', "the number 1e999 is too large"),
    (b'{"a": "\\ud800"}', "half of a surrogate pair is not a character"),
    (b"[" * 100_000, "nested too deeply"),
    (_without("id"), "`id` is missing; it must be text"),
    (_without("body"), "`body` is missing; it must be an object"),
    (_with(id=7), "`id` must be text"),
    (_with(id=""), "`id` must be 1 to 200 printable characters"),
    (_with(id="a\nb"), "`id` must be 1 to 200 printable characters"),
    (_with(target="sms"), "`target` must be one of line, sinch"),
    (_with(method="GET"), "`method` must be POST"),
    (_with(url="https://evil.example/v2/bot/message/pnp/templated/push"), "`url` must begin with https://api.line.me; found https://evil.example; another host is for --api-url"),
    (_with(url="http://api.line.me/bot/pnp/push"), "`url` must begin with https://api.line.me; found http://api.line.me; another host is for --api-url"),
    (_with(url="https://api.line.me@evil.example/bot/pnp/push"), "`url` must begin with https://api.line.me; found https://api.line.me@evil.example; another host is for --api-url"),
    (_with(url="https://api.line.me/v2/bot/message/broadcast"), "/v2/bot/message/broadcast is not an endpoint for notification messages"),
    (_with(url="https://api.line.me/bot/pnp/push?x"), "`url` has more than a path"),
    (_with(url="https://[/"), "`url` is not a URL"),
    (_headers(X_Line_Retry_Key="x"), "`headers` has X-Line-Retry-Key: LINE refuses it for notification messages"),
    (_headers(authorization="Bearer x"), "`headers` has Authorization: the token comes from the environment, never from a file"),
    (_headers(Host="x"), "`headers` has `host`, which is not sent to line"),
    (_headers(X_Line_Delivery_Tag="short"), "X-Line-Delivery-Tag must be 16 to 100 visible ASCII characters"),
    (_headers(X_Line_Delivery_Tag="a-delivery-tag\r\nHost: x"), "X-Line-Delivery-Tag must be 16 to 100 visible ASCII characters"),
    (_with(headers={}), "`headers` must have Content-Type: application/json"),
    (_with(body={"templateKey": "a"}), "`body` has no `to`: it was compiled without a recipient"),
    (_body(to="+818000001234"), "`to` must be a SHA-256 digest, 64 lower-case hex digits"),
    (_body(to=payload(1)["body"]["to"].upper()), "`to` must be a SHA-256 digest, 64 lower-case hex digits"),
    (_body(messages=[]), "`body` has a key `messages` that /v2/bot/message/pnp/templated/push does not know"),
    (_with(url="https://api.line.me/bot/pnp/push"), "`body` has no `messages`"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "reason"), BAD, ids=[str(number) for number in range(len(BAD))])
def test_every_line_is_checked_before_the_first_is_sent(line, reason: str, here: Here, tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", 1)
    with open(file, "ab") as stream:
        stream.write(line if isinstance(line, bytes) else json.dumps(line).encode())
    with FaultServer() as server:
        done = push(here, "a.jsonl", "--api-url", server.url)
        assert server.connections == 0
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"a.jsonl:2: {reason}\npnpc: nothing was sent: not every line of a.jsonl can be\n"
    assert os.listdir(tmp_path) == ["a.jsonl"]


def test_a_line_that_is_too_long(here: Here, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"{" * 5_000_000)
    assert "a.jsonl:1: longer than any request may be" in push(here, "a.jsonl").stderr


def test_many_bad_lines_are_counted(here: Here, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("{\n" * 1_500)
    done = push(here, "a.jsonl")
    assert len(done.stderr.splitlines()) == 11
    assert done.stderr.endswith("pnpc: nothing was sent: not every line of a.jsonl can be (1,500 lines)\n")


def test_a_file_that_is_changed_while_it_is_sent(here: Here, tmp_path: Path) -> None:
    """What was not checked is not sent: lines are compared by the thousand before they are read again."""
    file = write(tmp_path / "a.jsonl", 1_500)
    gate = threading.Event()
    with FaultServer(lambda _: [gate, *answer(202)]) as server:
        process = start("a.jsonl", "--api-url", server.url, "--format", "json", cwd=tmp_path)
        until(lambda: server.received)
        with open(file, "r+b") as stream:
            data = stream.read().replace("午前中".encode(), "夕方に".encode())
            stream.seek(0)
            stream.write(data)
        gate.set()
        code, out, err = end(process)
        assert code == 5
        assert "stopped: a.jsonl was changed while it was sent" in err
        received = len(server.received)
        assert 800 <= received <= 1_000  # what the same tick had chosen stays, too
        assert last_line(out) == {"accepted": received, "refused": 0, "unknown": 0, "remaining": 1_500 - received}
        done = push(here, "a.jsonl", "--api-url", server.url)
        assert done.stdout.startswith(f"1,500 messages: {1_500 - received} sent now; 1,500 accepted")
        assert set(server.bodies().values()) == {1}


@pytest.mark.parametrize("change", ["shorter", "longer", "one long line"])
def test_a_file_that_has_another_length_when_it_is_sent(change: str, tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", 1_001)
    with survey(str(file)) as artifact:
        last = file.read_bytes().splitlines(keepends=True)[-1]
        with open(file, "r+b") as stream:
            stream.seek(0 if change == "longer" else -len(last), os.SEEK_END)
            stream.truncate()
            stream.write({"shorter": b"", "longer": b"\n" * 1_000, "one long line": b"x" * 5_000_000}[change])
        lines = artifact.read_again(lambda _: True)
        assert len(list(islice(lines, 1_000))) == 1_000
        with pytest.raises(Changed, match=r"a\.jsonl was changed while it was sent"):
            next(lines)


@given(st.data())
def test_what_is_sent_is_what_was_checked(data: st.DataObject) -> None:
    """Whatever the order of the keys, the blanks between them, and the names inside."""
    inner = st.dictionaries(
        st.sampled_from(["body", "x", '"body":']), st.just({"body": 1}) | st.text(max_size=5), max_size=2
    )
    line = payload(
        1, body={**payload(1)["body"], "body": data.draw(inner)}, more=data.draw(inner), origin=data.draw(inner)
    )
    keys = data.draw(st.permutations(list(line)))
    separators = data.draw(st.sampled_from([(",", ":"), (", ", ": "), (" , ", " : ")]))
    raw = json.dumps(
        {key: line[key] for key in keys}, separators=separators, ensure_ascii=data.draw(st.booleans())
    ).encode()
    checked, found = check(raw, 1), read(raw, 1, "https://api.line.me")
    assert found._replace(text="") == checked
    headers, body = request(found, checked.tag)
    assert json.loads(body) == checked.body == line["body"]
    assert headers == line["headers"]


# --- the token ---


def test_the_token_is_in_no_file_and_no_output(here: Here, tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", 40)
    secret = "Secret" * 30
    echo = {"message": f"no: Bearer {secret} {secret}", "details": [{"message": secret, "property": "to"}]}
    said = ""
    with FaultServer() as server:
        for script in (lambda _: answer(401, echo), lambda _: answer(400, echo), lambda _: answer(500, echo)):
            server.script = script
            done = push(here, "a.jsonl", "--api-url", server.url, LINE_CHANNEL_ACCESS_TOKEN=secret)
            said += done.stdout + done.stderr
    assert secret not in said
    assert "stopped" in said
    for file in tmp_path.iterdir():
        assert secret.encode() not in file.read_bytes(), file


def test_the_token_in_other_words(here: Here, tmp_path: Path) -> None:
    """Writers of JSON put a backslash before `/`, or a number for `=`; a gateway may put a token anywhere."""
    file = write(tmp_path / "a.jsonl", 2)
    secret = "abc/def+ghi=="
    echo = b'{"message": "who is abc\\/def+ghi\\u003d\\u003D, or abc\\/def\\u002bghi==?"}'
    with FaultServer(lambda _: answer(401, echo, **{"x-line-request-id": secret})) as server:
        done = push(here, "a.jsonl", "--api-url", server.url, LINE_CHANNEL_ACCESS_TOKEN=secret)
    assert "(who is ..., or ...?)" in done.stderr
    assert set(rows(file, "SELECT request_id, answer FROM results")) == {("...", '{"message": "who is ..., or ...?"}')}


@pytest.mark.parametrize(
    ("token", "said"),
    [
        ("", "no access token: set LINE_CHANNEL_ACCESS_TOKEN"),
        (" \n", "no access token: set LINE_CHANNEL_ACCESS_TOKEN"),
        ("a b", "LINE_CHANNEL_ACCESS_TOKEN holds a character that no token has"),
        ("a\r\nX: y", "LINE_CHANNEL_ACCESS_TOKEN holds a character that no token has"),
        ("トークン", "LINE_CHANNEL_ACCESS_TOKEN holds a character that no token has"),
    ],
)
def test_no_token_and_none_that_could_be_one(token: str, said: str, here: Here, tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", 1)
    done = push(here, "a.jsonl", LINE_CHANNEL_ACCESS_TOKEN=token)
    assert (done.returncode, done.stderr) == (2, f"pnpc: {said}\n")
    assert os.listdir(tmp_path) == ["a.jsonl"]


def test_a_newline_after_the_token_is_no_part_of_it(here: Here, tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", 1)
    with FaultServer() as server:
        assert push(here, "a.jsonl", "--api-url", server.url, LINE_CHANNEL_ACCESS_TOKEN="abc\n").returncode == 0
        assert server.received[0].headers["authorization"] == "Bearer abc"


# --- where to ---


@pytest.mark.parametrize(
    "url",
    ["http://api.line.me", "http://emulator.example", "ftp://localhost", "localhost:8080", "https://a/b", "https://u:p@a",
     "http://[", "https://a?b", "http://[2001:db8::1]", "http://127.0.0.1:x"],
)  # fmt: skip
def test_addresses_that_no_token_is_sent_to(url: str, here: Here, tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", 1)
    done = push(here, "a.jsonl", "--api-url", url)
    assert done.returncode == 2
    assert done.stderr.startswith("pnpc: --api-url ")


@pytest.mark.parametrize(
    "url", ["https://api.line.me.", "https://API.LINE.me/", "https://api.line.me:443", "HTTPS://api.line.me"]
)
def test_one_address_in_other_letters(url: str) -> None:
    """Under two names the journal would send everything to it twice."""
    assert api_of(url) == "https://api.line.me"


def test_the_rate(here: Here, tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", 1)
    done = push(here, "a.jsonl", "--rate", "2001", "--dry-run")
    assert (done.returncode, done.stderr) == (
        2, "pnpc: --rate must be at most 2,000: LINE accepts no more requests per second\n"
    )  # fmt: skip
    assert push(here, "a.jsonl", "--rate", "2001", "--dry-run", "--api-url", "http://localhost").returncode == 0
    assert push(here, "a.jsonl", "--rate", "0", "--dry-run").returncode == 2


# --- a look before ---


def test_dry_run(here: Here, tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", 5)
    where = "https://api.line.me/v2/bot/message/pnp/templated/push"
    done = here("push", "a.jsonl", "--dry-run")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "5 messages: 0 sent now; 0 accepted, 0 refused, 0 unknown, 5 remaining\n"
        f"would send 5 messages to {where}, at most 2,000 a second: about 1 second\n"
    )
    assert os.listdir(tmp_path) == ["a.jsonl"]
    with FaultServer() as server:
        server.script = lambda one: answer(500 if one.tag == tag(0) else 202)
        assert push(here, "a.jsonl", "--api-url", server.url).returncode == 5
        seen = len(server.received)
        done = push(here, "a.jsonl", "--dry-run", "--api-url", server.url, "--format", "json")
        assert last_line(done.stdout) == {"accepted": 4, "refused": 0, "unknown": 1, "remaining": 0}
        done = push(here, "a.jsonl", "--dry-run", "--api-url", server.url, "--resend-unknown")
        assert done.stdout.splitlines()[1].startswith("would send 1 message to ")
        done = push(here, "a.jsonl", "--dry-run", "--api-url", server.url)
        assert done.stdout.splitlines()[1] == "would send nothing"
        assert len(server.received) == seen


@pytest.mark.skipif(os.name != "posix", reason="terminals")
@pytest.mark.parametrize("word", ["n", ""])
def test_it_asks_before_it_sends_to_people_from_a_terminal(word: str, tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", 5)
    control, terminal = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "pnpc", "push", "a.jsonl"], cwd=tmp_path, env=clean_environment(**ENVIRONMENT),
        stdin=terminal, stdout=subprocess.DEVNULL, stderr=terminal,
    )  # fmt: skip
    os.close(terminal)
    said = b""
    while b"[y/N]" not in said:
        said += os.read(control, 1_000)
    os.write(control, word.encode() + b"\n")
    assert process.wait(30) == 2
    os.close(control)
    assert b"5 messages to https://api.line.me/v2/bot/message/pnp/templated/push, at most 2,000 a second" in said
    assert os.listdir(tmp_path) == ["a.jsonl"]


# --- one line says what is wrong with the journal ---


def test_one_journal_for_files_addresses_and_channels(here: Here, tmp_path: Path) -> None:
    """It knows messages by their id and address: another file, another channel, another token make no difference."""
    write(tmp_path / "a.jsonl", 2)
    write_lines(tmp_path / "b.jsonl", [payload(1), payload(7)])
    with FaultServer() as server, FaultServer() as other:
        assert push(here, "a.jsonl", "--api-url", server.url, "--channel", "shop").returncode == 0
        looked = push(here, "b.jsonl", "--api-url", server.url, "--dry-run")
        assert looked.stdout.startswith(
            "2 messages: 0 sent now; 1 accepted, 0 refused, 0 unknown, 1 remaining\nwould send 1 "
        )
        done = push(here, "b.jsonl", "--api-url", server.url, "--channel", "bank")
        assert done.stdout == "2 messages: 1 sent now; 2 accepted, 0 refused, 0 unknown, 0 remaining\n"
        assert re.search(r"note: 1 message sent before, on 20\S+Z with a\.jsonl: 1 accepted", done.stderr)
        assert "to send the same again: compile with --campaign NAME" in done.stderr
        assert looked.stderr == done.stderr
        assert len(server.received) == 3
        done = push(here, "a.jsonl", "--api-url", other.url)
        assert done.stdout.startswith("2 messages: 2 sent now")
        assert "sent before" not in done.stderr


def test_what_was_done_before_is_said_first(here: Here, tmp_path: Path) -> None:
    """The second run sends what an answer of 403 left; each run tells what it sent itself, and a third sends nothing."""
    write(tmp_path / "a.jsonl", 4)
    forbidden = tag(2)
    with FaultServer() as server:
        server.script = lambda one: answer(403 if one.tag == forbidden else 422 if one.tag == tag(0) else 202)
        run = ("a.jsonl", "--api-url", server.url, "--concurrency", "1")
        first = push(here, *run, "--format", "json")
        assert "sent before" not in first.stderr
        assert (sent_now(first.stdout), last_line(first.stdout)["remaining"]) == (2, 2)
        forbidden = ""
        looked = push(here, *run, "--dry-run")
        assert re.search(r"note: 2 messages sent before, on 20\S+Z with a\.jsonl: 1 accepted, 1 refused", looked.stderr)
        assert looked.stdout.startswith(
            "4 messages: 0 sent now; 1 accepted, 1 refused, 0 unknown, 2 remaining\nwould send 2 "
        )
        second, third = push(here, *run, "--format", "json"), push(here, *run)
        assert sent_now(second.stdout) == 2
        assert len(server.received) == 5  # the one that was forbidden came twice
    assert third.stdout.startswith("4 messages: 0 sent now; 3 accepted, 1 refused, 0 unknown, 0 remaining\n")


def test_a_token_that_was_changed(here: Here, tmp_path: Path) -> None:
    """Tokens change every few weeks: a journal keeps a digest of each, and never the token."""
    file = write(tmp_path / "a.jsonl", 2)
    with FaultServer() as server:
        run = ("a.jsonl", "--api-url", server.url)
        assert push(here, *run).returncode == 0
        assert push(here, *run, LINE_CHANNEL_ACCESS_TOKEN="a-rotated-token").returncode == 0
        assert len(server.received) == 2
    assert [len(set(kept)) for kept in zip(*rows(file, "SELECT token, version FROM runs"), strict=True)] == [2, 1]
    assert b"a-rotated-token" not in Path(journal_of(file)).read_bytes()


@pytest.mark.parametrize("content", [b"no database" * 100, b"SQLite format 3\x00" + b"x" * 200])
def test_a_file_that_is_no_journal(content: bytes, here: Here, tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", 1)
    (tmp_path / "j.db").write_bytes(content)
    done = push(here, "a.jsonl", "--journal", "j.db")
    assert done.returncode == 2
    assert done.stderr.startswith("pnpc: j.db ")
    assert "journal" in done.stderr
    assert (tmp_path / "j.db").read_bytes() == content
    assert push(here, "a.jsonl", "--journal", "no/such/j.db").returncode == 2


def test_a_journal_that_is_broken_while_it_is_used(here: Here, tmp_path: Path) -> None:
    """Nobody can count then, and it is no bug: one line, and the code of work that is left."""
    file = write(tmp_path / "a.jsonl", 1)

    def broken(_: Request) -> list[Step]:
        with closing(sqlite3.connect(journal_of(file))) as database:
            database.execute("DROP TABLE results")
        return answer(202)

    with FaultServer(broken) as server:
        done = push(here, "a.jsonl", "--api-url", server.url, "--format", "json")
    assert (done.returncode, done.stdout) == (5, "")
    no_table = f"the journal {JOURNAL}: no such table: results"
    assert done.stderr == f"{NEW}stopped: can't write {no_table}\nstopped: can't read {no_table}\n"


# --- a disk without room ---


def test_a_full_disk_stops_the_run(here: Here, tmp_path: Path) -> None:
    """The largest size of a file stands in for a full disk: the commit fails, so nothing of its batch leaves."""
    resource = pytest.importorskip("resource")
    file = write(tmp_path / "a.jsonl", 1_200)
    most = 120_000

    with FaultServer() as server:
        process = subprocess.Popen(
            ["sh", "-c", f"ulimit -f {most // 512} && exec pnpc push a.jsonl --api-url {server.url} --format json"],
            cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**clean_environment(**ENVIRONMENT), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
        )  # fmt: skip
        code, _, err = end(process)
        assert code == 5
        assert "stopped: can't write the journal pnpc.journal.db" in err
        received = {one.tag for one in server.received}
        intents = {one for (one,) in rows(file, "SELECT tag FROM intents")}
        assert received <= intents
        assert 0 < len(received) < 1_200
        counts = last_line(push(here, "a.jsonl", "--api-url", server.url, "--format", "json").stdout)
        assert counts["accepted"] + counts["unknown"] == 1_200
        assert set(server.bodies().values()) == {1}
    assert resource


@pytest.fixture
def small_disk(tmp_path: Path):
    """A file system of 400 KB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", folder], capture_output=True, check=False
    )
    if mount.returncode:
        pytest.skip("no right to mount a file system")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_file_system_stops_the_run(small_disk: Path, here: Here, tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", 3_000)
    journal = small_disk / "j.db"
    with FaultServer() as server:
        done = push(here, "a.jsonl", "--journal", journal, "--api-url", server.url)
        assert done.returncode == 5
        assert f"stopped: can't write the journal {journal}" in done.stderr
        # What the first run had no room for may have become free when it closed the journal.
        push(here, "a.jsonl", "--journal", journal, "--api-url", server.url)
        assert len(server.received) < 3_000
        assert set(server.bodies().values()) == {1}
        subprocess.run(["dd", "if=/dev/zero", f"of={small_disk}/full"], capture_output=True, check=False)
        done = push(here, "a.jsonl", "--journal", small_disk / "new.db", "--api-url", server.url)
        assert done.returncode == 2


# --- Sinch ---

SINCH = "https://eu.conversation.api.sinch.com/v1/projects/p-1/messages:send"


def sinch(number: int) -> dict[str, object]:
    body = {"app_id": "a", "recipient": {"contact_id": f"c-{number}"}, "message": {}}
    return {
        "id": f"id-{number}", "target": "sinch", "method": "POST", "url": SINCH,
        "headers": {"Content-Type": "application/json"}, "body": body,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("environment", "authorization"),
    [
        ({"SINCH_ACCESS_TOKEN": "t"}, "Bearer t"),
        ({"SINCH_KEY_ID": "key", "SINCH_KEY_SECRET": "secret"}, "Basic a2V5OnNlY3JldA=="),
    ],
)
def test_sinch(environment: dict[str, str], authorization: str, here: Here, tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", [sinch(0), {**sinch(1), "body": {**sinch(1)["body"], "correlation_id": "c"}}])
    done = here("push", "a.jsonl", "--rate", "50")
    assert done.stderr == "pnpc: no access token: set SINCH_ACCESS_TOKEN, or SINCH_KEY_ID and SINCH_KEY_SECRET\n"
    done = here("push", "a.jsonl", "--dry-run", **environment)
    assert "at most 20 a second: about 1 second\n" in done.stdout  # what an app hands on by default
    done = here("push", "a.jsonl", "--dry-run", "--rate", "801", **environment)
    assert done.stderr == "pnpc: --rate must be at most 800: Sinch accepts no more requests per second\n"
    with FaultServer(lambda _: answer(200, {"message_id": "m-1"})) as server:
        done = here("push", "a.jsonl", "--rate", "50", "--api-url", server.url, PNPC_JOURNAL=JOURNAL, **environment)
        assert (done.returncode, done.stderr) == (0, NEW)
        assert {one.headers["authorization"] for one in server.received} == {authorization}
        assert {one.path for one in server.received} == {"/v1/projects/p-1/messages:send"}
        assert all("x-line-delivery-tag" not in one.headers for one in server.received)
    (made, named), own = rows(tmp_path / "a.jsonl", "SELECT tag, message_id FROM attempts ORDER BY line")
    assert (made[:5], named, own) == ("pnpc-", "m-1", ("c", "m-1"))


def test_one_target_and_region_at_a_time(here: Here, tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", [payload(0), sinch(1)])
    assert "go to another target" in push(here, "a.jsonl").stderr
    write_lines(tmp_path / "a.jsonl", [sinch(0), {**sinch(1), "url": SINCH.replace("eu", "us")}])
    assert "go to another region" in push(here, "a.jsonl").stderr


# --- one message, many ways to send it twice by mistake ---


def test_the_same_line_twice_is_sent_once(here: Here, tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", [payload(0), payload(1), payload(0), payload(0)])
    with FaultServer(lambda one: answer(422 if one.tag == tag(0) else 202)) as server:
        done = push(here, "a.jsonl", "--api-url", server.url, "--format", "json")
        assert "note: 2 lines with the message of an earlier line: each message is sent once" in done.stderr
        looked = push(here, "a.jsonl", "--dry-run", "--api-url", "http://127.0.0.1:9")
        assert looked.stdout.startswith(
            "4 messages: 0 sent now; 0 accepted, 0 refused, 0 unknown, 4 remaining\nwould send 2 "
        )
        assert last_line(done.stdout) == {"accepted": 1, "refused": 3, "unknown": 0, "remaining": 0}
        assert sent_now(done.stdout) == len(server.received) == 2


def test_other_words_with_the_same_tag_are_held(here: Here, tmp_path: Path) -> None:
    """One person, one tag, other words: most likely a corrected text, compiled again. Another campaign is meant."""
    write(tmp_path / "a.jsonl", 2)
    items = [{"itemKey": "time_range_001_ja", "content": "午後"}]
    corrected = {**payload(0)["body"], "body": {"items": items}}
    write_lines(tmp_path / "b.jsonl", [payload(0, id="corrected", body=corrected), payload(5)])
    origin = {**payload(0)["origin"], "campaign": "march"}
    write_lines(tmp_path / "c.jsonl", [payload(0, id="march", origin=origin)])
    with FaultServer() as server:
        assert push(here, "a.jsonl", "--api-url", server.url).returncode == 0
        done = push(here, "b.jsonl", "--api-url", server.url, "--format", "json")
        assert (done.returncode, sent_now(done.stdout), last_line(done.stdout)["remaining"]) == (5, 1, 1)
        assert "note: 1 message with a delivery tag that the recipient was sent before, in other words" in done.stderr
        assert push(here, "c.jsonl", "--api-url", server.url).returncode == 0
        done = push(here, "b.jsonl", "--api-url", server.url, "--send-changed", "--format", "json")
        assert (done.returncode, sent_now(done.stdout)) == (0, 1)
        assert len(server.received) == 5


def test_the_old_words_are_held_once_the_corrected_ones_went(here: Here, tmp_path: Path) -> None:
    """Also where the old ones were tried, and certainly not sent."""
    write(tmp_path / "old.jsonl", 1)
    items = [{"itemKey": "time_range_001_ja", "content": "午後"}]
    write_lines(tmp_path / "new.jsonl", [payload(0, id="new", body={**payload(0)["body"], "body": {"items": items}})])
    with FaultServer(lambda _: answer(401)) as server:
        assert push(here, "old.jsonl", "--api-url", server.url).returncode == 5
        server.script = lambda _: answer(202)
        assert push(here, "new.jsonl", "--api-url", server.url).returncode == 0
        done = push(here, "old.jsonl", "--api-url", server.url, "--format", "json")
        assert (done.returncode, sent_now(done.stdout), last_line(done.stdout)["remaining"]) == (5, 0, 1)
        assert "in other words" in done.stderr
        assert "run the same command again" not in done.stderr


def test_a_rehearsal_counts_messages_and_not_lines(here: Here, tmp_path: Path) -> None:
    """Of lines with one message one is sent, and of those that are held none."""
    write_lines(tmp_path / "a.jsonl", [payload(0)] * 3)
    items = [{"itemKey": "time_range_001_ja", "content": "午後"}]
    changed = payload(0, id="changed", body={**payload(0)["body"], "body": {"items": items}})
    write_lines(tmp_path / "b.jsonl", [changed, changed])
    with FaultServer() as server:
        done = push(here, "a.jsonl", "--dry-run", "--api-url", server.url)
        assert "would send 1 message to" in done.stdout
        assert push(here, "a.jsonl", "--api-url", server.url).returncode == 0
        assert "would send nothing" in push(here, "b.jsonl", "--dry-run", "--api-url", server.url).stdout
        done = push(here, "b.jsonl", "--api-url", server.url)
        assert (done.returncode, len(server.received)) == (5, 1)
        assert "run the same command again" not in done.stderr


@pytest.mark.parametrize("dry", [(), ("--dry-run",)], ids=["push", "dry-run"])
def test_one_id_for_two_messages_stops_everything(dry: tuple[str, ...], here: Here, tmp_path: Path) -> None:
    """The second one would never be sent, and count as sent."""
    write_lines(tmp_path / "a.jsonl", [payload(0), payload(1), payload(2, id="id-0"), payload(1, origin={})])
    with FaultServer() as server:
        done = push(here, "a.jsonl", "--api-url", server.url, *dry)
        assert (done.returncode, len(server.received)) == (2, 0)
    assert done.stderr == (
        "a.jsonl:3: `id` is that of line 1, which is another message\n"
        "pnpc: nothing was sent: not every line of a.jsonl can be\n"
    )
    assert not os.path.exists(tmp_path / JOURNAL)


@pytest.mark.skipif(sys.platform != "linux", reason="names that are not UTF-8")
def test_names_that_are_not_utf8(here: Here, tmp_path: Path) -> None:
    """As files of Shift JIS systems have them; the journal keeps what can be read."""
    name = os.fsdecode("送信.jsonl".encode("shift-jis"))
    write(tmp_path / name, 1)
    with FaultServer() as server:
        for _ in range(2):
            done = push(here, name, "--api-url", server.url, "--channel", os.fsdecode(b"\xff"))
            assert done.returncode == 0, done.stderr
        assert len(server.received) == 1
    assert rows(tmp_path / name, "SELECT DISTINCT file, channel FROM runs") == [
        (r"\udc91\udc97\udc90M.jsonl", r"\udcff")
    ]


@pytest.mark.parametrize("dry", [(), ("--dry-run",)], ids=["push", "dry-run"])
@pytest.mark.parametrize(
    ("journal", "says"),
    [
        (
            "away/x.journal.db",
            "can't use the journal away/x.journal.db: its folder does not exist; make it, or name another file",
        ),
        ("", "the value of --journal is empty"),
        ("text", "text is not a journal of pnpc: file is not a database; name another file with --journal"),
    ],
)
def test_a_rehearsal_refuses_the_same_journals(
    journal: str, says: str, dry: tuple[str, ...], here: Here, tmp_path: Path
) -> None:
    write(tmp_path / "a.jsonl", 1)
    (tmp_path / "text").write_text("no journal\n" * 99)
    done = push(here, "a.jsonl", "--api-url", "http://127.0.0.1:9", "--journal", journal, *dry)
    assert done.returncode == 2
    assert says in done.stderr


def test_two_words_of_one_file_with_one_tag_are_meant(here: Here, tmp_path: Path) -> None:
    """Also when the first run ended between them."""
    items = [{"itemKey": "time_range_001_ja", "content": "午後"}]
    second = payload(0, id="second", body={**payload(0)["body"], "body": {"items": items}})
    write_lines(tmp_path / "a.jsonl", [payload(0), second])
    with FaultServer() as server:
        server.script = lambda _: answer(202 if len(server.received) < 2 else 401)
        run = ("a.jsonl", "--api-url", server.url, "--concurrency", "1", "--format", "json")
        assert last_line(push(here, *run).stdout) == {"accepted": 1, "refused": 0, "unknown": 0, "remaining": 1}
        server.script = lambda _: answer(202)
        assert last_line(push(here, *run).stdout)["accepted"] == 2


def test_the_project_has_one_journal(here: Here, pnpc: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Found again from a folder below, for a renamed file, and for a copy elsewhere; each address has its own."""
    (tmp_path / "pnpc.toml").write_text('country = "JP"\n')
    (tmp_path / "out").mkdir()
    file = write(tmp_path / "a.jsonl", 2)
    (tmp_path / "out" / "copy.jsonl").write_bytes(file.read_bytes())
    with FaultServer() as server:
        for name in ("a.jsonl", "out/copy.jsonl"):
            assert here("push", name, "--api-url", server.url, LINE_CHANNEL_ACCESS_TOKEN=TOKEN).returncode == 0
        below = pnpc(
            "push", "copy.jsonl", "--api-url", server.url, cwd=tmp_path / "out", LINE_CHANNEL_ACCESS_TOKEN=TOKEN
        )
        assert below.returncode == 0, below.stderr
        assert len(server.received) == 2
    port = server.url.rpartition(":")[2]
    assert {name for name in os.listdir(tmp_path) if "journal" in name and not name.endswith("-lock")} == {
        f"pnpc.127.0.0.1-{port}.journal.db"
    }


def test_the_config_names_the_journal(here: Here, tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", 1)
    (tmp_path / "state").mkdir()
    (tmp_path / "pnpc.toml").write_text('journal = "state/sent.journal.db"\n')
    with FaultServer() as server:
        assert here("push", "a.jsonl", "--api-url", server.url, LINE_CHANNEL_ACCESS_TOKEN=TOKEN).returncode == 0
        port = server.url.rpartition(":")[2]
        assert (tmp_path / "state" / f"sent.127.0.0.1-{port}.journal.db").exists()
        (tmp_path / "pnpc.toml").write_text('journal = "../sent.journal.db"\n')
        done = here("push", "a.jsonl", "--api-url", server.url, LINE_CHANNEL_ACCESS_TOKEN=TOKEN)
        assert done.returncode == 2
        assert "leads out of the project" in done.stderr
        assert push(here, "a.jsonl", "--api-url", server.url).returncode == 0


# --- delivery tags ---


def test_tags_of_our_own_and_shared_ones(here: Here, tmp_path: Path) -> None:
    json_only = {"Content-Type": "application/json"}
    shared = {**json_only, "x-line-delivery-tag": "the-same-tag-for-two"}
    long = {**json_only, "X-Line-Delivery-Tag": "l" * 100}
    headers = [json_only, shared, shared, long]
    write_lines(tmp_path / "a.jsonl", [payload(n, headers=one) for n, one in enumerate(headers)])
    with FaultServer(lambda _: answer(500)) as server:
        done = push(here, "a.jsonl", "--api-url", server.url)
        assert "note: 1 message with the delivery tag of another" in done.stderr
        assert push(here, "a.jsonl", "--api-url", server.url, "--resend-unknown").returncode == 5
        assert push(here, "a.jsonl", "--api-url", server.url, "--resend-unknown").returncode == 5
    file = tmp_path / "a.jsonl"
    found = [one for (one,) in rows(file, "SELECT tag FROM intents ORDER BY line, attempt")]
    journal = rows(file, "SELECT journal FROM journal")[0][0]
    assert found[:3] == [f"pnpc-{journal}-{sha256(b'id-0').hexdigest()[:16]}{ending}" for ending in ("", ".2", ".3")]
    assert found[3:6] == ["the-same-tag-for-two" + ending for ending in ("", ".2", ".3")]
    assert found[9] == "l" * 100
    assert all(len(one) == 100 and one.startswith("l" * 80) for one in found[9:])
    assert len(set(found[9:])) == 3
    assert sorted(one.tag for one in server.received) == sorted(found)


def test_an_event_makes_an_unknown_message_delivered(here: Here, tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", 3)
    with FaultServer(lambda _: answer(500)) as server:
        push(here, "a.jsonl", "--api-url", server.url)
        with Journal.open(journal_of(file)) as journal:
            assert journal.add_events([Event("e-1", tag(1), now(), 2), Event("e-1", tag(1), now(), 2)]) == 1
        server.script = lambda _: answer(202)
        done = push(here, "a.jsonl", "--api-url", server.url, "--resend-unknown", "--format", "json")
        assert last_line(done.stdout)["accepted"] == 3
        assert sum(one.tag.startswith(tag(1)) for one in server.received) == 1


# --- LINE's 400, at its place ---

SPEC = """\
pnpc: 1
name: shipment
country: JP
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: time_range_001_ja, content: 午前中}
"""
NO_ITEM = {
    "message": "The request body has 1 invalid key(s).",
    "details": [{"message": "The specified item key does not exist: time_range_001_ja", "property": "body.items[0].itemKey"}],
}  # fmt: skip


def test_a_refusal_is_shown_at_its_place_in_the_spec(here: Here, tmp_path: Path) -> None:
    (tmp_path / "shipment.yaml").write_text(SPEC, encoding="utf-8")
    write(tmp_path / "a.jsonl", 30)
    with FaultServer(lambda _: answer(400, NO_ITEM)) as server:
        done = push(here, "a.jsonl", "--api-url", server.url)
    refused = len(server.received)
    assert done.returncode == 5
    assert (
        "shipment.yaml:8:19: error[PNP901 line-refused]: LINE: The specified item key does not exist: time_range_001_ja"
        in done.stderr
    )
    assert f"orders.csv:2:1: refused for this row, and {refused - 1} more" in done.stderr
    assert "the catalog has `time_range_001_ja` for JP (" in done.stderr
    assert "stopped: the first 20 answers are the same refusal" in done.stderr


CONDITIONS = """\
pnpc: 1
name: shipment
country: JP
variables:
  gift: {type: boolean, example: true}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: time_range_001_ja, content: 午前中}
      - {itemKey: name_010_ja, content: gift, $if: gift}
      - $include: price.part.yaml
"""


def test_a_refusal_is_shown_at_the_entry_that_was_sent(here: Here, tmp_path: Path) -> None:
    """Conditions left entries out, so the second that was sent is the third that is written, here in a fragment."""
    (tmp_path / "shipment.yaml").write_text(CONDITIONS, encoding="utf-8")
    (tmp_path / "price.part.yaml").write_text("{itemKey: price_001_ja, content: 1円}\n", encoding="utf-8")
    said = "LINE: must be shorter"

    def script(one: Request) -> list[Step]:
        at = 1 if one.tag == tag(1) else 2
        details = [{"message": "must be shorter", "property": f"body.items[{at}].content"}]
        return answer(400, {"message": "The request body has 1 error(s)", "details": details})

    def line(number: int, moved: object) -> dict[str, object]:
        return payload(number, origin={**payload(number)["origin"], "moved": moved})

    write_lines(
        tmp_path / "a.jsonl",
        [line(1, {"body.items": [0, 2]}), line(2, {"body.items": [0, 1, 2]}), line(3, {"body.items": ["x"], "": 7})],
    )
    with FaultServer(script) as server:
        done = push(here, "a.jsonl", "--api-url", server.url)
    assert done.returncode == 4
    assert f"price.part.yaml:1:34: error[PNP901 line-refused]: {said}" in done.stderr
    assert "1 | {itemKey: price_001_ja, content: 1円}" in done.stderr
    assert done.stderr.count(said) == 1
    assert "orders.csv:3:1: refused for this row, and 2 more" in done.stderr


def test_a_refusal_beside_a_config_that_is_wrong(here: Here, tmp_path: Path) -> None:
    """The counts come all the same: it is after the sending."""
    folder = tmp_path / "notices"
    folder.mkdir()
    (folder / "shipment.yaml").write_text(SPEC, encoding="utf-8")
    (folder / "pnpc.toml").write_text("[", encoding="utf-8")
    origin = {"spec": "notices/shipment.yaml", "name": "shipment", "row": "orders.csv:2"}
    write_lines(tmp_path / "a.jsonl", [payload(0, origin=origin)])
    with FaultServer(lambda _: answer(400, NO_ITEM)) as server:
        done = push(here, "a.jsonl", "--api-url", server.url, "--format", "json")
    assert (done.returncode, done.stdout) == (4, '{"accepted":0,"refused":1,"unknown":0,"remaining":0,"sent_now":1}\n')
    assert "a.jsonl:1:1: error[PNP901 line-refused]" in done.stderr


def test_a_project_config_that_is_wrong_sends_nothing(here: Here, tmp_path: Path) -> None:
    """It may hold the list of a test stage: without it everybody would be sent to."""
    (tmp_path / "pnpc.toml").write_text('only = "testers.txt"\n[', encoding="utf-8")
    write(tmp_path / "a.jsonl", 1)
    with FaultServer() as server:
        done = push(here, "a.jsonl", "--api-url", server.url)
    assert (done.returncode, done.stdout, server.received) == (2, "", [])
    assert "pnpc.toml:2" in done.stderr


@pytest.mark.parametrize("spec", [None, "pnpc: 1\nname: other\n", "{", "\xff"])
def test_a_refusal_without_the_spec(spec: str | None, here: Here, tmp_path: Path) -> None:
    if spec is not None:
        (tmp_path / "shipment.yaml").write_text(spec, encoding="latin-1")
    write(tmp_path / "a.jsonl", 1)
    with FaultServer(lambda _: answer(400, NO_ITEM)) as server:
        done = push(here, "a.jsonl", "--api-url", server.url)
    assert done.returncode == 4
    said = "LINE: The specified item key does not exist: time_range_001_ja (at `body.items[0].itemKey`)"
    assert f"a.jsonl:1:1: error[PNP901 line-refused]: {said}" in done.stderr
    assert "orders.csv:2:1: refused for this row" in done.stderr


@given(answered=st.binary(max_size=60) | st.text(max_size=30).map(lambda text: json.dumps({"message": text}).encode()))
def test_any_answer_can_be_told_of(answered: bytes) -> None:
    refusals = Refusals(lambda line: LinePlace("a.jsonl", line))
    for number in range(2):
        refusals.add(check(json.dumps(payload(number)).encode(), number + 1), answered)
    (found,), _ = refusals.diagnostics(Workspace(isolated=True))
    assert found.file == "a.jsonl"
    assert found.message.startswith("LINE: ")


def test_held_requests_are_bounded_by_concurrency(tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", 50)
    with FaultServer(lambda _: [HOLD]) as server:
        process = start("a.jsonl", "--api-url", server.url, "--concurrency", "7", cwd=tmp_path)
        until(lambda: len(server.received) == 7)
        time.sleep(0.3)
        process.kill()
        process.communicate()
        assert len(server.received) == 7
    assert len(outcomes(file)) == 7


# --- a spec and a table at once ---

TABLE_SPEC = """\
pnpc: 1
name: shipment
country: JP
variables:
  slot: {type: string, maxLength: 20, example: 午前中}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: time_range_001_ja, content: "{{ slot }}"}
deliveryTag: "shipment-number-{{ recipient.index }}"
"""
TABLE = "phone,slot\n+818000001234,午前中\n+818000001235,14-16時\n+818000001236,夜\n"


def test_a_spec_with_its_recipients(here: Here, tmp_path: Path) -> None:
    (tmp_path / "shipment.yaml").write_text(TABLE_SPEC, encoding="utf-8")
    (tmp_path / "orders.csv").write_text(TABLE, encoding="utf-8")
    with FaultServer() as server:
        run = ("shipment.yaml", "--recipients", "orders.csv", "--api-url", server.url, "--format", "json")
        before = sorted(os.listdir(tmp_path))
        done = push(here, *run, "--dry-run")
        assert (done.returncode, last_line(done.stdout)["remaining"]) == (0, 3)
        assert sorted(os.listdir(tmp_path)) == before
        server.script = lambda one: answer(500 if one.tag.endswith("-1") else 202)
        assert push(here, *run).returncode == 5
        server.script = lambda _: answer(202)
        assert last_line(push(here, *run).stdout) == {"accepted": 2, "refused": 0, "unknown": 1, "remaining": 0}
        (tmp_path / "orders.csv").write_text(TABLE + "+818000001237,朝\n", encoding="utf-8")
        done = push(here, *run)
        assert (sent_now(done.stdout), last_line(done.stdout)["accepted"]) == (1, 3)
        assert push(here, *run, "--resend-unknown").returncode == 0
        assert sorted(os.listdir(tmp_path)) == sorted([*before, JOURNAL, f"{JOURNAL}-lock"])
        assert len(server.received) == 5
        done = push(here, *run, "--keep", "--campaign", "again")
        assert (sent_now(done.stdout), done.returncode) == (4, 0)
        assert (tmp_path / "orders.shipment.jsonl").exists()
    names = {name for (name,) in rows(tmp_path / "orders.csv", "SELECT file FROM runs")}
    assert names == {"shipment.yaml and orders.csv"}


def test_a_table_with_a_mistake_sends_nothing(here: Here, tmp_path: Path) -> None:
    (tmp_path / "shipment.yaml").write_text(TABLE_SPEC, encoding="utf-8")
    (tmp_path / "orders.csv").write_text(TABLE + "12,朝\n", encoding="utf-8")
    with FaultServer() as server:
        done = push(here, "shipment.yaml", "--recipients", "orders.csv", "--api-url", server.url)
        assert server.connections == 0
    assert done.returncode == 2
    assert "bad-phone" in done.stderr
    assert "nothing was sent" in done.stderr
    assert sorted(os.listdir(tmp_path)) == ["orders.csv", "shipment.yaml"]
    assert "is a spec; add --recipients FILE" in push(here, "shipment.yaml").stderr
    assert "orders.csv is a table; name the spec" in push(here, "orders.csv").stderr
    assert "must be compiled to a file first" in push(here, "shipment.yaml", "--recipients", "-").stderr


@pytest.mark.skipif(os.name != "posix", reason="SIGHUP")
def test_nohup_goes_on_when_the_terminal_is_closed(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", 40)
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with FaultServer() as server:
        try:
            process = start("a.jsonl", "--api-url", server.url, "--rate", "40", cwd=tmp_path)
        finally:
            signal.signal(signal.SIGHUP, before)
        until(lambda: server.received)
        process.send_signal(signal.SIGHUP)
        assert end(process)[0] == 0
        assert len(server.received) == 40
