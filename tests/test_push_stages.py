"""A push of several files, to some people first, and at some hours only."""

import asyncio
import gzip
import json
import signal
import time
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from conftest import Done, Here
from faultserver import FaultServer, accept, answer
from hypothesis import given
from hypothesis import strategies as st
from pushes import JOURNAL, TOKEN, journal_of, last_line, payload, sent_now, start, tag, write_lines

from pnpc.deliver.journal.journal import Journal
from pnpc.deliver.sending.artifact import survey
from pnpc.deliver.sending.credentials import Credentials
from pnpc.deliver.sending.engine import SendSettings
from pnpc.deliver.sending.hours import BadHours, SendingHours, hours_of
from pnpc.deliver.sending.lines import look_up
from pnpc.deliver.sending.push import PushPlan, deliver
from pnpc.deliver.sending.rate import local_limiters

ENVIRONMENT = {"LINE_CHANNEL_ACCESS_TOKEN": TOKEN, "PNPC_JOURNAL": JOURNAL}


def push(here: Here, *args: str | Path, **more: str) -> Done:
    return here("push", *args, **{**ENVIRONMENT, **more})


def test_several_files_are_one_run(here: Here, tmp_path: Path) -> None:
    """Counted together; what stands in two of them is sent once, and told with both places."""
    write_lines(tmp_path / "a.jsonl", [payload(n) for n in range(4)])
    with gzip.open(tmp_path / "b.jsonl.gz", "wt") as packed:
        packed.write("\n".join(["", *(json.dumps(payload(n)) for n in (9, 3, 2))]) + "\n")
    stdin = json.dumps(payload(20)) + "\n" + json.dumps(payload(0)) + "\n"
    args = ("a.jsonl", "b.jsonl.gz", "-", "--format", "json")
    with FaultServer() as server:
        rehearsal = push(here, *args, "--api-url", server.url, "--dry-run", input=stdin)
        assert last_line(rehearsal.stdout) == {"accepted": 0, "refused": 0, "unknown": 0, "remaining": 9}
        done = push(here, *args, "--api-url", server.url, input=stdin)
        assert (done.returncode, last_line(done.stdout), sent_now(done.stdout)) == (
            0, {"accepted": 9, "refused": 0, "unknown": 0, "remaining": 0}, 6,
        )  # fmt: skip
        assert set(server.bodies().values()) == {1}
        assert len(server.received) == 6
        for text in (rehearsal.stderr, done.stderr):
            assert "3 lines with the message of an earlier line: each message is sent once" in text
            assert "note: b.jsonl.gz:3 is the message of a.jsonl:4 (and 1 more of b.jsonl.gz)" in text
            assert "note: standard input:2 is the message of a.jsonl:1\n" in text
        again = push(here, "b.jsonl.gz", "a.jsonl", "--api-url", server.url, "--format", "json")
        assert (again.returncode, sent_now(again.stdout)) == (0, 0)
        assert "with a.jsonl, b.jsonl.gz, -: " in again.stderr


def test_an_empty_file_among_others_is_told(here: Here, tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", [payload(1)])
    (tmp_path / "b.jsonl").touch()
    done = push(here, "b.jsonl", "a.jsonl", "--dry-run")
    assert done.returncode == 0
    assert "note: b.jsonl is empty\n" in done.stderr


def test_a_mistake_in_one_of_several_files_names_it(here: Here, tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", [payload(1)])
    other = {**payload(1), "body": {**payload(1)["body"], "templateKey": "another_ja"}}
    write_lines(tmp_path / "b.jsonl", [payload(2), {"id": 3}, payload(4, target="fax")])
    write_lines(tmp_path / "c.jsonl", [payload(5), other])
    done = push(here, "a.jsonl", "b.jsonl", "--dry-run")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "b.jsonl:2: `id` must be text",
        "b.jsonl:3: `target` must be one of line, sinch",
        "pnpc: nothing was sent: not every line of a.jsonl, b.jsonl can be",
    ]
    done = push(here, "a.jsonl", "c.jsonl", "--dry-run")
    assert done.stderr.splitlines()[0] == "c.jsonl:2: `id` is that of a.jsonl:1, which is another message"
    assert "`-`) is named twice" in push(here, "-", "a.jsonl", "-").stderr
    assert "b.yaml is a spec" in push(here, "a.jsonl", "b.yaml").stderr
    assert "is for one spec" in push(here, "a.yaml", "b.yaml", "--recipients", "r.csv").stderr


def test_a_400_of_the_second_file_stands_at_its_line(here: Here, tmp_path: Path) -> None:
    gone = {"spec": "gone.yaml", "name": "gone"}
    write_lines(tmp_path / "a.jsonl", [payload(1), payload(2)])
    write_lines(tmp_path / "b.jsonl", [payload(3), payload(4, origin=gone)])
    with FaultServer(lambda one: answer(400, {"message": "no"}) if one.tag == tag(4) else accept(one)) as server:
        done = push(here, "a.jsonl", "b.jsonl", "--api-url", server.url)
    assert done.returncode == 4
    assert "b.jsonl:2:1" in done.stderr


# --- some people first ---


def in_other_words(number: int, id: str) -> dict[str, Any]:
    """The message of a number with its tag, about the same, and with another text."""
    items = [{"itemKey": "time_range_001_ja", "content": id}]
    return payload(number, id=id, body={**payload(number)["body"], "body": {"items": items}})


def test_other_words_of_two_files_in_one_run_are_held_as_in_two(here: Here, tmp_path: Path) -> None:
    """The first file's go, as if the files were pushed one by one; what one file says twice is meant."""
    write_lines(tmp_path / "old.jsonl", [payload(1), payload(2)])
    write_lines(tmp_path / "empty.jsonl", [])
    new = [in_other_words(1, "new"), in_other_words(1, "newer"), payload(3), in_other_words(3, "twice"), payload(2)]
    write_lines(tmp_path / "new.jsonl", new)
    files = ("old.jsonl", "empty.jsonl", "new.jsonl")
    with FaultServer() as server:
        args = (*files, "--api-url", server.url, "--format", "json")
        done = push(here, *args)
        assert (done.returncode, sent_now(done.stdout), last_line(done.stdout)["remaining"]) == (5, 4, 2)
        assert "2 messages with a delivery tag that the recipient was sent before, or is sent from an " in done.stderr
        assert sorted(one.tag for one in server.received) == [tag(1), tag(2), tag(3), tag(3)]
        assert sent_now(push(here, *args).stdout) == 0
        assert sent_now(push(here, *args, "--send-changed").stdout) == 2


def test_what_one_file_says_twice_is_sent_in_any_company(here: Here, tmp_path: Path) -> None:
    """A run of two files ends between the two; the next ones push the same files in another order, and one alone."""
    write_lines(tmp_path / "a.jsonl", [payload(9)])
    write_lines(tmp_path / "b.jsonl", [payload(1), in_other_words(1, "x"), in_other_words(1, "y")])
    with FaultServer() as server:
        server.script = lambda _: answer(202 if len(server.received) in (1, 2, 4) else 401)
        args = ("--api-url", server.url, "--concurrency", "1", "--format", "json")
        assert last_line(push(here, "a.jsonl", "b.jsonl", *args).stdout)["accepted"] == 2
        assert last_line(push(here, "b.jsonl", "a.jsonl", *args).stdout)["accepted"] == 3
        server.script = accept
        assert last_line(push(here, "b.jsonl", *args).stdout)["accepted"] == 3


def number(person: int) -> str:
    return f"+8180{person:08}"


def test_some_people_first_then_all(here: Here, tmp_path: Path) -> None:
    """Numbers in three forms and a digest; the others are held back, said at both ends, and go without the list."""
    write_lines(tmp_path / "a.jsonl", [payload(n) for n in range(10, 20)])
    people = [
        "\ufeff# our testers", "", number(11), f"080-{0:04}-{12:04}  # Aiko", payload(13)["body"]["to"].upper(), number(99),
    ]  # fmt: skip
    (tmp_path / "testers.txt").write_text("\r\n".join(people), encoding="utf-8")
    args = ("a.jsonl", "--only", "testers.txt", "--format", "json")
    note = "note: only to testers.txt (4 numbers): 7 messages to others held back, and counted as remaining\n"
    with FaultServer() as server:
        args = (*args, "--api-url", server.url)
        rehearsal = push(here, *args, "--dry-run")
        assert (rehearsal.returncode, rehearsal.stderr.count(note)) == (0, 1)
        assert "would send 3 messages" in push(here, *args[:3], "--api-url", server.url, "--dry-run").stdout
        done = push(here, *args)
        assert (done.returncode, last_line(done.stdout), sent_now(done.stdout)) == (
            5, {"accepted": 3, "refused": 0, "unknown": 0, "remaining": 7}, 3,
        )  # fmt: skip
        assert done.stderr.count(note) == 2
        assert "run the same command again" not in done.stderr
        assert not any(str(number(n))[-8:] in done.stderr + done.stdout for n in range(10, 20))
        assert sorted(one.tag for one in server.received) == [tag(11), tag(12), tag(13)]
        done = push(here, "a.jsonl", "--api-url", server.url, "--format", "json")
        assert (done.returncode, last_line(done.stdout)["accepted"], sent_now(done.stdout)) == (0, 10, 7)
        assert set(server.bodies().values()) == {1}


def test_an_unknown_message_of_somebody_else_is_not_sent_again(here: Here, tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", [payload(1), payload(2)])
    (tmp_path / "one.txt").write_text(number(1))
    with FaultServer(lambda _: answer(500)) as server:
        push(here, "a.jsonl", "--api-url", server.url)
        server.script = accept
        done = push(
            here, "a.jsonl", "--api-url", server.url, "--resend-unknown", "--only", "one.txt", "--format", "json"
        )
        assert last_line(done.stdout) == {"accepted": 1, "refused": 0, "unknown": 1, "remaining": 0}
        assert len(server.received) == 3


def test_a_list_that_names_no_person_is_one_clear_line(here: Here, tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", [payload(1)])
    for content, says in (
        (b"# nobody\n\n", "only.txt has no number and no digest"),
        (f"{number(1)}\n123\n".encode(), "only.txt:2: "),
        (f"{number(1)}\n{'a' * 63}\n".encode(), "only.txt:2: "),
        (b"\xff\xfe1\x00", "only.txt:1: not text in UTF-8"),
    ):
        (tmp_path / "only.txt").write_bytes(content)
        done = push(here, "a.jsonl", "--only", "only.txt", "--dry-run")
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith(f"pnpc: {says}")
        assert len(done.stderr.splitlines()) == 1
        assert "80000" not in done.stderr
    assert push(here, "a.jsonl", "--only", "gone.txt", "--dry-run").returncode == 2


def test_the_list_of_a_test_stage_stands_in_its_config(here: Here, tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", [payload(1), payload(2)])
    (tmp_path / "testers.txt").write_text("080-0000-0002\n")
    (tmp_path / "test.toml").write_text('country = "JP"\nonly = "testers.txt"\n')
    (tmp_path / "out.toml").write_text('only = "../testers.txt"\n')
    with FaultServer() as server:
        done = push(here, "a.jsonl", "--api-url", server.url, "--config", "test.toml")
        assert done.returncode == 5
        assert [one.tag for one in server.received] == [tag(2)]
    assert push(here, "a.jsonl", "--config", "out.toml", "--dry-run").returncode == 2


def test_no_option_of_compiling_turns_the_list_of_a_project_off(here: Here, tmp_path: Path) -> None:
    """The list of --config holds beside the project's, never instead of it; --only names another one."""
    write_lines(tmp_path / "a.jsonl", [payload(n) for n in range(1, 6)])
    (tmp_path / "testers.txt").write_text("080-0000-0002\n080-0000-0003\n")
    (tmp_path / "more.txt").write_text(f"{number(3)}\n{number(4)}\n")
    (tmp_path / "pnpc.toml").write_text('country = "JP"\nonly = "testers.txt"\n')
    (tmp_path / "plain.toml").write_text('country = "JP"\n')
    (tmp_path / "more.toml").write_text('only = "more.txt"\n')
    for options, messages, names in (
        (("--isolated",), "2 messages", ["testers.txt"]),
        (("--config", "plain.toml"), "2 messages", ["testers.txt"]),
        (("--config", "pnpc.toml"), "2 messages", ["testers.txt"]),
        (("--config", "more.toml"), "1 message", ["more.txt", "testers.txt"]),
        (("--config", "more.toml", "--only", "more.txt"), "2 messages", ["more.txt"]),
    ):
        done = push(here, "a.jsonl", "--dry-run", *options)
        assert f"would send {messages} to" in done.stdout, options
        assert [name for name in ("more.txt", "testers.txt") if name in done.stderr] == names


def test_numbers_of_a_list_are_of_the_country_of_the_templates(here: Here, tmp_path: Path) -> None:
    """As the hours are: the config's country holds where the templates name none."""
    thai = {**payload(1)["body"], "templateKey": "shipment_completed_th", "to": sha256(b"+66812345678").hexdigest()}
    write_lines(
        tmp_path / "th.jsonl", [payload(1, body=thai), payload(2, body={**thai, "to": payload(2)["body"]["to"]})]
    )
    write_lines(tmp_path / "both.jsonl", [payload(1, body=thai), payload(3)])
    (tmp_path / "only.txt").write_text("081-234-5678\n")
    (tmp_path / "pnpc.toml").write_text('country = "JP"\n')
    done = push(here, "th.jsonl", "--only", "only.txt", "--dry-run")
    assert "would send 1 message " in done.stdout
    unclear = push(here, "both.jsonl", "--only", "only.txt", "--dry-run")
    assert (unclear.returncode, unclear.stderr.startswith("pnpc: only.txt:1: ")) == (2, True)


def test_people_of_sinch_are_named_as_it_names_them(here: Here, tmp_path: Path) -> None:
    line = {
        "id": "x", "target": "sinch", "method": "POST", "headers": {"Content-Type": "application/json"},
        "url": "https://eu.conversation.api.sinch.com/v1/projects/p/messages:send",
    }  # fmt: skip
    identity = {"identified_by": {"channel_identities": [{"channel": "LINE", "identity": "U-7"}]}}
    turned = {"identified_by": {"channel_identities": [{"identity": "U-8", "channel": "LINE"}]}}
    people = [{"contact_id": "c-1"}, {"contact_id": "c-2"}, identity, turned, {"strange": "LINE"}]
    bodies = [{"app_id": "a", "recipient": person, "message": {}} for person in people]
    write_lines(tmp_path / "a.jsonl", [{**line, "id": f"x{n}", "body": body} for n, body in enumerate(bodies)])
    (tmp_path / "only.txt").write_text("c-2\nU-7\nU-8\n")
    done = push(here, "a.jsonl", "--only", "only.txt", "--dry-run")
    assert "2 messages to others held back" in done.stderr
    assert "would send 3 messages" in done.stdout


# --- at some hours ---


def at(clock: str, country: str = "JP") -> float:
    zone = {"JP": "+09:00", "TH": "+07:00", "TW": "+08:00"}[country]
    return datetime.fromisoformat(f"2026-11-28T{clock}{zone}").timestamp()


def test_hours_are_those_of_the_country() -> None:
    day, night = hours_of("09:00-20:00", "JP"), hours_of("22:00-02:00", "TH")
    assert [day.is_open(at(clock)) for clock in ("08:59:59", "09:00", "19:59:59", "20:00", "00:00")] == [
        False, True, True, False, False,
    ]  # fmt: skip
    assert [night.is_open(at(clock, "TH")) for clock in ("21:59:59", "22:00", "00:00", "01:59:59", "02:00", "12:00")] == [
        False, True, True, True, False, False,
    ]  # fmt: skip
    assert day.opens(at("08:00")) == at("09:00")
    assert day.opens(at("20:00")) == at("09:00") + 86_400
    assert night.opens(at("02:00", "TH")) == at("22:00", "TH")
    assert hours_of("00:00-24:00", "TW").is_open(at("23:59:59", "TW"))
    assert hours_of("18:00-24:00", "TW").is_open(at("23:59:59", "TW"))
    assert not hours_of("18:00-24:00", "TW").is_open(at("00:00", "TW"))
    assert hours_of("09:00-20:00", "TW").is_open(at("08:00", "TH")), "it is nine in Taipei"
    assert day.closed(at("20:30")) == "outside 09:00-20:00 in JP (UTC+9) (it is 20:30 there; next 2026-11-29 09:00)"


@given(begin=st.integers(0, 1439), end=st.integers(0, 1440), second=st.integers(0, 2 * 86_400 - 1))
def test_what_opens_next_is_open_and_nothing_before(begin: int, end: int, second: int) -> None:
    text = "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in (begin, end))
    if begin == end % 1440 and (begin, end) != (0, 1440):
        with pytest.raises(BadHours):
            hours_of(text, "JP")
        return
    hours, now = hours_of(text, "JP"), at("00:00") + second
    if not hours.is_open(now):
        opening = hours.opens(now)
        assert now < opening <= now + 86_400
        assert hours.is_open(opening)
        assert not hours.is_open(opening - 1)


@pytest.mark.parametrize(
    "text",
    ["9-20", "09:00", "09:00-20", "25:00-26:00", "24:00-08:00", "09:00-09:00", "09:60-10:00", "20:00-24:30", " "],
)
def test_hours_that_are_unclear_are_refused(text: str, here: Here, tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", [payload(1)])
    done = push(here, "a.jsonl", "--hours", text, "--dry-run")
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert "--hours must" in done.stderr


def closed_now(offset: int = 9) -> str:
    """Hours of a country, by its offset from UTC, that begin in two hours and last one."""
    hour = datetime.now(timezone(timedelta(hours=offset))).hour
    return f"{(hour + 2) % 24:02}:00-{(hour + 3) % 24:02}:00"


def test_outside_its_hours_a_push_stops_or_waits(here: Here, tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", [payload(1)])
    args = ("a.jsonl", "--hours", closed_now())
    with FaultServer() as server:
        args = (*args, "--api-url", server.url)
        rehearsal = push(here, *args, "--dry-run")
        assert "in JP (UTC+9)" in rehearsal.stderr
        assert rehearsal.stderr.endswith(": a push would wait\n")
        stopping = push(here, *args, "--outside", "stop", "--dry-run")
        assert stopping.stderr.endswith(": a push would stop\n")
        assert stopping.stdout.splitlines()[-1] == "would send nothing"
        done = push(here, *args, "--outside", "stop")
        assert (done.returncode, server.received) == (5, [])
        assert "stopped: outside " in done.stderr
        process = start(*args, cwd=tmp_path)
        assert process.stderr is not None
        line = process.stderr.readline()
        while not line.startswith(b"waiting: outside"):
            assert line
            line = process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        assert process.communicate(timeout=30)[1].decode().count("stopped by SIGTERM")
        assert (process.returncode, server.received) == (5, [])
        soon = datetime.now(UTC) + timedelta(minutes=30)
        never = push(here, *args, "--not-after", soon.isoformat(timespec="seconds"))
        assert (never.returncode, server.received) == (5, [])
        assert "stopped: outside " in never.stderr
        assert ", and --not-after is before that\n" in never.stderr
        never = push(here, *args, "--not-after", soon.isoformat(timespec="seconds"), "--dry-run")
        assert never.stderr.endswith(", and --not-after is before that: a push would stop at once\n")
        open_now = push(here, "a.jsonl", "--hours", "00:00-24:00", "--api-url", server.url)
        assert (open_now.returncode, len(server.received)) == (0, 1)


def test_a_wait_ends_when_the_hours_begin(tmp_path: Path) -> None:
    """The hours of this run begin a second after it does."""
    file = write_lines(tmp_path / "a.jsonl", [payload(1), payload(2)])

    class SoonOpen(SendingHours):
        def is_open(self, at: float) -> bool:
            return at > begin + 1

    begin = time.time()
    hours, said = SoonOpen("09:00-20:00", 540, 1200, "JP"), list[str]()
    with FaultServer() as server, survey(str(file)) as artifact, Journal.open_or_create(journal_of(file)) as journal:
        settings = SendSettings(server.url, 100, 10, hours=hours)
        plan = PushPlan(artifact, Credentials(TOKEN, f"Bearer {TOKEN}"), settings)
        journal.begin(plan.run(), 1)
        states = look_up(artifact, server.url, journal, send_changed=False)
        asyncio.run(deliver(journal, local_limiters(journal, 100), plan, states, lambda *_: None, said.append))
        assert states.counts().accepted == 2
        assert time.time() > begin + 1
    assert len(said) == 1
    assert said[0].startswith("waiting: outside 09:00-20:00 in JP")


def test_the_country_of_the_hours(here: Here, tmp_path: Path) -> None:
    flexible = {
        "url": "https://api.line.me/bot/pnp/push",
        "body": {"to": payload(1)["body"]["to"], "messages": [{"type": "text", "text": "x"}]},
    }
    thai = {**payload(2)["body"], "templateKey": "shipment_completed_th"}
    write_lines(tmp_path / "none.jsonl", [payload(1, **flexible)])
    write_lines(tmp_path / "th.jsonl", [payload(2, body=thai)])
    write_lines(tmp_path / "jp.jsonl", [payload(3)])
    hours = ("--hours", closed_now(), "--dry-run")
    assert "set `country` in pnpc.toml" in push(here, "none.jsonl", *hours).stderr
    assert "are of several; push them apart" in push(here, "th.jsonl", "jp.jsonl", *hours).stderr
    assert "in TH (UTC+7)" in push(here, "th.jsonl", "--hours", closed_now(7), "--dry-run").stderr
    (tmp_path / "pnpc.toml").write_text('country = "TW"\n')
    assert "in TW (UTC+8)" in push(here, "none.jsonl", "--hours", closed_now(8), "--dry-run").stderr


def test_a_rehearsal_after_the_last_moment_says_so(here: Here, tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", [payload(1)])
    done = push(here, "a.jsonl", "--dry-run", "--not-after", "2026-01-01T00:00Z")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "would send nothing"
    assert "the time of --not-after is over (2026-01-01T00:00:00Z): a push would stop at once" in done.stderr
