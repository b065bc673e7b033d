"""`pnpc status`: every message stands somewhere, and what can't be known is not told as known."""

import csv
import gzip
import json
import os
import sqlite3
import stat
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from conftest import BOTH, journal_for, tries
from hypothesis import given, settings
from hypothesis import strategies as st
from journals import FAILED, HOUR, Sent, deliver, keep, refused, states, tag
from pushes import payload, write_lines

from pnpc.cli.main import main
from pnpc.deliver import opening
from pnpc.deliver.journal.journal import Journal
from pnpc.deliver.journal.owner import owner
from pnpc.deliver.journal.records import Event
from pnpc.deliver.journal.timestamps import iso, now
from pnpc.deliver.standing.statuses import STANDINGS, Receivers, View, messages, receivers

LONG_AGO = 30 * HOUR
KEY = json.dumps(
    {
        "message": "The request body has 1 invalid key(s).",
        "details": [
            {"message": "The specified item key does not exist: datetime_000", "property": "body.items[0].itemKey"}
        ],
    }
)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def file(request, tmp_path, monkeypatch):
    name = journal_for(request, tmp_path / "shipment.journal.db")
    monkeypatch.setenv("PNPC_JOURNAL", "shipment.journal.db" if isinstance(name, Path) else name)
    return name


def run(capsys, *words: str, code: int = 0) -> str:
    assert main(["status", *words]) == code
    told = capsys.readouterr()
    return told.out if code != 2 else told.err


def counts(capsys, *words: str) -> dict[str, int]:
    """What there is any of."""
    told = json.loads(run(capsys, "--format", "json", *words))
    assert list(told["counts"]) == list(STANDINGS)
    assert sum(told["counts"].values()) == told["messages"]
    return {name: count for name, count in told["counts"].items() if count}


def exported(capsys, *words: str) -> list[dict[str, str]]:
    run(capsys, "--export", "out.csv", *words)
    with open("out.csv", encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def there(file, begin: int, end: int, heard: int | None) -> None:
    """A receiver was there."""
    with opening.open_beside(str(file)) as journal:
        journal.alive(journal.listen(begin, begin), end, heard)


@BOTH
def test_each_message_stands_somewhere(file, capsys):
    at = now() - LONG_AGO
    keep(
        file,
        [Sent(1, at), Sent(2, at), refused(3, at), refused(4, at, KEY), Sent(5, at, "unknown", "timeout", None),
         Sent(6, at, "not_sent", "connect", None), Sent(7, now()), Sent(8, now(), "unknown", "timeout", None)],
        lines=10,
    )  # fmt: skip
    deliver(file, 1, at=at + 500)
    there(file, at - HOUR, now(), now())
    assert counts(capsys) == {
        "delivered": 1, "waiting": 1, "undelivered": 2, "refused": 2, "unknown": 1, "planned": 3,
    }  # fmt: skip


@BOTH
def test_refusals_are_told_with_lines_words_and_request_ids(file, capsys):
    keep(file, [*[refused(line, now()) for line in range(1, 6)], refused(6, now(), KEY)])
    person, key = json.loads(run(capsys, "--format", "json"))["reasons"]
    assert person == {
        "state": "refused", "reason": "recipient", "status": 422, "says": "Failed to send messages", "count": 5,
        "request_ids": ["request-1", "request-2", "request-3"], "message_ids": [],
    }  # fmt: skip
    assert key["says"] == "The specified item key does not exist: datetime_000 (at `body.items[0].itemKey`)"
    text = run(capsys)
    assert "5  refused" in text
    assert "422 recipient" in text
    assert "Failed to send messages" in text
    assert "request-1" in text


@BOTH
def test_an_event_counts_whatever_the_answer_was(file, capsys):
    keep(file, [Sent(1, 5, "unknown", "timeout", None), Sent(2, 5, None), refused(3, 5)])
    deliver(file, 1, 2, 3, at=500)
    assert counts(capsys) == {"delivered": 3}


@BOTH
def test_resends_are_counted_and_the_last_attempt_counts(file, capsys):
    at = now()
    keep(
        file, [Sent(1, at, "unknown", "timeout", None, tag="t"), Sent(2, at, "not_sent", "connect", None), Sent(3, at)]
    )
    keep(file, [Sent(1, at, attempt=2, tag="t.2"), refused(2, at, attempt=2)])
    assert counts(capsys) == {"waiting": 2, "refused": 1}
    told = json.loads(run(capsys, "--format", "json"))
    assert (told["attempts"], told["tried_again"]) == (5, 2)
    assert "2 of them were tried more than once, 5 attempts in all" in run(capsys)


@pytest.mark.parametrize(
    ("receiver", "stands", "why"),
    [
        (None, "unconfirmed", "no-receiver"),
        ((-HOUR, 27 * HOUR, HOUR), "undelivered", "no-event"),
        ((-HOUR, 27 * HOUR, -HOUR), "unconfirmed", "receiver-deaf"),
        ((-HOUR, 27 * HOUR, None), "unconfirmed", "receiver-deaf"),
        ((HOUR, 27 * HOUR, HOUR), "unconfirmed", "receiver-away"),
        ((-HOUR, 23 * HOUR, HOUR), "unconfirmed", "receiver-away"),
        ((27 * HOUR, 28 * HOUR, 28 * HOUR), "unconfirmed", "no-receiver"),
    ],
)
def test_not_delivered_is_said_only_where_a_receiver_was_there(file, capsys, receiver, stands, why):
    at = now() - LONG_AGO
    keep(file, [Sent(1, at), Sent(2, at, "unknown", "timeout", None)])
    if receiver is not None:
        begin, end, heard = receiver
        there(file, at + begin, at + end, None if heard is None else at + heard)
    told = counts(capsys)
    assert told == ({"undelivered": 2} if stands == "undelivered" else {"unconfirmed": 1, "unknown": 1})
    assert why in {one["reason"] for one in json.loads(run(capsys, "--format", "json"))["reasons"]}


@BOTH
def test_a_receiver_may_be_restarted(file):
    keep(file, [Sent(1, 0)])
    there(file, 0, 100_000, 50_000)
    there(file, 130_000, 200_000, 150_000)
    there(file, 300_000, 400_000, None)
    with opening.read(str(file)) as journal:
        assert receivers(journal) == Receivers([(0, 200_000), (300_000, 400_000)], 150_000)


@BOTH
def test_the_grace_is_yours(file, capsys):
    at = now() - 25 * HOUR
    keep(file, [Sent(1, at)])
    there(file, at - HOUR, now(), now())
    assert counts(capsys) == {"waiting": 1}
    assert counts(capsys, "--grace", "0.5") == {"undelivered": 1}
    assert counts(capsys, "--grace", "0") == {"undelivered": 1}


@BOTH
def test_a_tag_that_messages_share_proves_nothing(file, capsys):
    at = now() - LONG_AGO
    keep(file, [Sent(1, at, tag="shared-by-two-messages"), Sent(2, at, tag="shared-by-two-messages"), Sent(3, at)])
    there(file, at - HOUR, now(), now())
    assert counts(capsys) == {"undelivered": 3}  # no event at all: none of them was delivered
    with opening.open_beside(str(file)) as journal:
        journal.add_events([Event("E", "shared-by-two-messages", at, at)])
    assert counts(capsys) == {"unconfirmed": 2, "undelivered": 1}


@BOTH
def test_silence_of_another_target_proves_nothing(file, capsys):
    """That Sinch reports every failure is not documented; of a target that pnpc no longer knows nothing is."""
    keep(file, [Sent(1, now() - LONG_AGO, tag=None)], target="sinch", api="https://eu.conversation.api.sinch.com")
    keep(file, [Sent(1, now() - LONG_AGO)], target="gone", api="https://api.gone.example")
    there(file, 0, now(), now())
    assert counts(capsys) == {"unconfirmed": 2}
    reasons = {reason["reason"] for reason in json.loads(run(capsys, "--format", "json"))["reasons"]}
    assert reasons == {"no-report", "other-target"}


def test_what_is_due_while_a_push_runs_is_no_loss(file, capsys):
    keep(file, [Sent(1, now(), None), Sent(2, now(), "unknown", "timeout", None)])
    assert counts(capsys) == {"unknown": 2}
    with owner(str(file)):
        assert counts(capsys) == {"sending": 1, "unknown": 1}
        assert json.loads(run(capsys, "--format", "json"))["pushing"] is True


@BOTH
def test_export_names_your_own_rows_and_no_person(file, capsys):
    at = now() - LONG_AGO
    keep(
        file,
        [Sent(1, at), refused(2, at), Sent(3, at), refused(4, at, KEY), Sent(5, now(), "unknown", "timeout", None)],
    )
    deliver(file, 1, at=at)
    there(file, at - HOUR, now(), now())
    found = exported(capsys)
    assert list(found[0]) == [
        "row",
        "line",
        "id",
        "state",
        "reason",
        "status",
        "when",
        "request_id",
        "says",
        "message_id",
    ]
    assert found[0] == {
        "row": "orders.csv:3", "line": "2", "id": "id-2", "state": "refused", "reason": "recipient", "status": "422",
        "when": iso(at + 80), "request_id": "request-2", "says": "Failed to send messages", "message_id": "",
    }  # fmt: skip
    assert [(one["line"], one["state"], one["reason"]) for one in found] == [
        ("2", "refused", "recipient"), ("3", "undelivered", "no-event"), ("4", "refused", "request"),
    ]  # fmt: skip
    assert [one["line"] for one in exported(capsys, "--include", "unknown")] == ["2", "3", "4", "5"]
    assert all(tag(2) not in value for one in found for value in one.values())


def test_export_has_the_texts_of_those_who_were_not_reached(file, capsys, tmp_path):
    """Of a message that may still arrive, or that LINE refused for its own sake, an SMS is not the answer."""
    at = now() - LONG_AGO
    keep(
        file,
        [Sent(1, at), refused(2, at), Sent(3, at), refused(4, at, KEY), Sent(5, now(), "unknown", "timeout", None)],
    )
    deliver(file, 1, at=at)
    there(file, at - HOUR, now(), now())
    lines = [payload(number, fallback={"sms": f'No. {number},\n"発送"'}) for number in range(1, 6)]
    write_lines(tmp_path / "a.jsonl", lines[:2])
    with gzip.open(tmp_path / "b.jsonl.gz", "wt", encoding="utf-8") as more:
        more.write("".join(json.dumps(line) + "\n\n" for line in reversed(lines)))
    found = exported(capsys, "--include", "unknown", "a.jsonl", "b.jsonl.gz")
    assert list(found[0])[-2:] == ["sms", "to"]
    assert [(one["id"], one["sms"]) for one in found] == [
        ("id-2", 'No. 2,\n"発送"'), ("id-3", 'No. 3,\n"発送"'), ("id-4", ""), ("id-5", ""),
    ]  # fmt: skip
    assert [one["to"] for one in found] == [line["body"]["to"] for line in lines[1:]]
    assert stat.S_IMODE((tmp_path / "out.csv").stat().st_mode) == 0o600


def test_export_says_where_texts_are_missing(file, capsys, tmp_path):
    keep(file, [refused(1, 5), refused(2, 5), refused(3, 5)])
    assert "sms" not in exported(capsys)[0]
    assert main(["status", "--journal", "shipment.journal.db", "--export", "out.csv"]) == 0
    assert "3 messages in out.csv\nnote: no payload file is named, so there are no texts" in capsys.readouterr().err
    write_lines(tmp_path / "p.jsonl", [payload(1), payload(2, fallback={"sms": "x"})])
    assert main(["status", "p.jsonl", "--journal", "shipment.journal.db", "--export", "out.csv"]) == 0
    told = capsys.readouterr().err
    assert "3 messages in out.csv, 1 with a text for an SMS\nnote: 2 of 3 messages that did not reach" in told


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("no json\n", "p.jsonl:1: "),
        ('{"id": 5}\n', "p.jsonl:1: not a payload: it has no `id`"),
        ('\n["+818000001234"]\n', "p.jsonl:2: not a payload"),
        ('{"id":"id-1","fallback":{"sms":"x"}\n', "p.jsonl:1: "),
        (None, "p.jsonl: no such file"),
    ],
)
def test_what_is_no_payload_file_is_one_clear_line(file, capsys, tmp_path, content, complaint):
    keep(file, [refused(1, 5)])
    if content is not None:
        (tmp_path / "p.jsonl").write_text(content, encoding="utf-8")
    told = run(capsys, "p.jsonl", "--export", "out.csv", code=2)
    assert complaint in told
    assert "+8180" not in told
    assert not (tmp_path / "out.csv").exists()


def test_payload_files_are_for_an_export(file, capsys, tmp_path):
    keep(file, [refused(1, 5)])
    write_lines(tmp_path / "p.jsonl", [payload(1)])
    assert "add --export FILE" in run(capsys, "p.jsonl", code=2)
    assert "--export must name another file" in run(capsys, "p.jsonl", "--export", "./p.jsonl", code=2)


def test_a_recipient_that_is_no_digest_is_not_exported(file, capsys, tmp_path):
    keep(file, [refused(1, 5)])
    line = payload(1, fallback={"sms": "x"})
    line["body"]["to"] = "+818000001234"
    write_lines(tmp_path / "p.jsonl", [line])
    (found,) = exported(capsys, "p.jsonl")
    assert (found["sms"], found["to"]) == ("x", "")


def test_export_writes_the_whole_table_or_none(file, capsys, tmp_path):
    keep(file, [refused(1, 5)])
    (tmp_path / "out.csv").write_text("old\n")
    assert "nowhere/out.csv: no such file or directory" in run(capsys, "--export", "nowhere/out.csv", code=2)
    file.write_bytes(file.read_bytes()[: 3 * 4096] + b"\0" * (file.stat().st_size - 3 * 4096))
    assert "journal" in run(capsys, "--export", "out.csv", code=2)
    assert (tmp_path / "out.csv").read_text() == "old\n"
    assert sorted(os.listdir()) == ["out.csv", "shipment.journal.db"]


@pytest.mark.parametrize(
    ("fail_on", "code"), [((), 0), (("refused",), 1), (("unknown", "planned"), 1), (("undelivered",), 0)]
)
def test_fail_on(file, capsys, fail_on, code):
    keep(file, [refused(1, now()), Sent(2, now())], lines=3)
    run(capsys, *(word for one in fail_on for word in ("--fail-on", one)), code=code)


@BOTH
def test_what_an_earlier_push_left_is_in_a_later_file_or_in_none(file, capsys):
    keep(file, [Sent(1, now())], lines=9, payloads="yesterday")
    keep(file, [Sent(2, now()), Sent(3, now())], lines=3, payloads="today")
    assert counts(capsys) == {"waiting": 3, "planned": 1}
    assert counts(capsys, "--run", "1") == {"waiting": 1, "planned": 8}


def test_an_empty_journal_is_all_planned(file, capsys):
    keep(file, [], lines=7)
    assert counts(capsys) == {"planned": 7}
    assert "7 messages to https://api.line.me\n" in run(capsys)
    assert exported(capsys) == []


def test_what_is_no_journal_is_told_and_nothing_is_made(tmp_path, capsys):
    assert main(["status"]) == 2
    assert capsys.readouterr().err == "pnpc: no journal pnpc.journal.db: nothing was pushed from this project\n"
    (tmp_path / "other.journal.db").touch()
    assert main(["status"]) == 2
    assert "there is other.journal.db: name it with --journal" in capsys.readouterr().err
    (tmp_path / "shipment.jsonl").write_text('{"id": 1}\n' * 1000)
    (tmp_path / "pnpc.journal.db").write_text("")
    assert main(["status"]) == 2
    assert "is empty: it was cut, or emptied" in capsys.readouterr().err
    assert main(["status", "--journal", "shipment.jsonl"]) == 2
    assert "shipment.jsonl is not a journal of pnpc" in capsys.readouterr().err
    assert main(["status", "--include", "unknown"]) == 2
    assert sorted(os.listdir()) == ["other.journal.db", "pnpc.journal.db", "shipment.jsonl"]


def test_reading_changes_nothing(file, capsys):
    keep(file, [Sent(1, now()), refused(2, now())])
    before = {name: (file.parent / name).read_bytes() for name in os.listdir()}
    run(capsys)
    run(capsys, "--format", "json")
    assert {name: (file.parent / name).read_bytes() for name in os.listdir()} == before


def test_what_a_killed_process_left_in_the_log_is_read(file, capsys):
    """Committed, and not yet in the file itself."""
    keep(file, [Sent(1, now())])
    with Journal.open(str(file)) as writer:
        deliver(file, 1, at=now())
        kept = {name: (file.parent / name).read_bytes() for name in os.listdir() if not name.endswith("-shm")}
        assert any(name.endswith("-wal") and content for name, content in kept.items())
        list(writer.rows("SELECT 1"))
    for name, content in kept.items():
        (file.parent / name).write_bytes(content)
    assert counts(capsys) == {"delivered": 1}


@BOTH
def test_words_that_a_terminal_would_obey_are_made_visible(file, capsys):
    """Whoever stands between LINE and us may write an answer, and no file of UTF-8 holds half of a character."""
    keep(file, [refused(1, 0, '{"message":"\\u001b[31mred \\ud800 \\u202e漢字🍎"}'), refused(2, 0, "\x1b[2J")])
    told = run(capsys)
    assert "<U+001B>[31mred <U+D800> <U+202E>漢字🍎" in told
    assert [one["says"] for one in exported(capsys)] == ["<U+001B>[31mred <U+D800> <U+202E>漢字🍎", "<U+001B>[2J"]
    assert "\x1b" not in told


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        ("DELETE FROM journal", "it lacks what every journal has"),
        ("UPDATE results SET answer = CAST(x'ff' AS TEXT)", "Could not decode to UTF-8"),
        ("DROP TABLE listeners", "the table listeners has no listener"),
    ],
)
def test_a_damaged_journal_is_told_in_a_line(file, capsys, spoil, says):
    keep(file, [refused(1, 0)])
    with closing(sqlite3.connect(file)) as database:
        database.execute(spoil)
        database.commit()
    told = run(capsys, code=2)
    assert says in told
    assert told.count("\n") == 1


def test_a_name_that_is_no_text_is_a_name(tmp_path):
    name = os.fsdecode(b"\xff.journal.db")
    keep(tmp_path / name, [Sent(1, 0)])
    assert main(["status", "--journal", name]) == 0


def test_a_pipe_that_the_export_goes_to_stays_one(file, capsys):
    keep(file, [refused(1, 0)])
    os.mkfifo("pipe")
    reader = os.open("pipe", os.O_RDONLY | os.O_NONBLOCK)
    run(capsys, "--export", "pipe")
    assert os.read(reader, 65536).decode().splitlines()[1].startswith("orders.csv:2,1,id-1,refused,recipient,422,")
    os.close(reader)
    assert stat.S_ISFIFO(os.stat("pipe").st_mode)


@pytest.mark.parametrize("grace", ["nan", "inf", "-1"])
def test_a_grace_is_a_number_of_hours(file, capsys, grace):
    assert main(["status", "--journal", "shipment.journal.db", "--grace", grace]) == 2
    assert "--grace" in capsys.readouterr().err


OUTCOMES = ("accepted", "refused", "unknown", "not_sent", None)


@settings(max_examples=tries(25))
@given(
    st.lists(st.tuples(st.integers(1, 6), st.sampled_from(OUTCOMES), st.integers(0, 40)), max_size=15),
    st.sets(st.integers(1, 6)),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 40), st.none() | st.integers(0, 60)), max_size=3),
)
def test_standings_keep_to_the_journals_states(tmp_path_factory, attempts, delivered, there_):
    """Whatever happened, a message has one standing, which refines its state in the journal; only what was open and
    without an event can be undelivered, and only with a receiver."""
    file, end = tmp_path_factory.mktemp("any") / "a.journal.db", 60 * HOUR
    seen: Counter[int] = Counter()
    sent = []
    for line, outcome, hours in attempts:
        seen[line] += 1
        sent.append(
            Sent(line, hours * HOUR, outcome, outcome or "", attempt=seen[line], tag=f"{tag(line)}.{seen[line]}")
        )
    keep(file, sent, lines=9)
    with Journal.open(str(file)) as journal:
        journal.add_events([Event(f"E{line}", f"{tag(line)}.1", 5, 5) for line in delivered])
        for begin, hours, heard in there_:
            number = journal.listen(begin * HOUR, begin * HOUR)
            journal.alive(number, (begin + hours) * HOUR, None if heard is None else heard * HOUR)
        known = {line: state for line, state, _ in states(journal)}
        found = {one.line: one for one in messages(journal, View(end, 0, False))}
    assert found.keys() == known.keys()
    for line, one in found.items():
        allowed = {"accepted": {"waiting", "undelivered", "unconfirmed"}, "unknown": {"unknown", "undelivered"}}
        assert one.standing in allowed.get(known[line], {known[line]})
        if one.standing == "undelivered":
            base = one.answered or one.at
            assert any(begin * HOUR <= base for begin, *_ in there_)
            assert max((begin + hours) * HOUR for begin, hours, _ in there_) >= base + 24 * HOUR
            assert FAILED not in (one.answer or "")
