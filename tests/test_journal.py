"""The journal by itself: what it keeps, what it knows of messages, and how it is read beside a push."""

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from conftest import ROOT, clean_environment
from journals import states as states_in

from pnpc.deliver import opening
from pnpc.deliver.journal import keys, read_ahead
from pnpc.deliver.journal.any_journal import AnyJournal
from pnpc.deliver.journal.database import opened_to_read, recognize
from pnpc.deliver.journal.disk import kind_of_mount
from pnpc.deliver.journal.journal import Journal
from pnpc.deliver.journal.keys import WAITING
from pnpc.deliver.journal.owner import Owned, is_owned, owner
from pnpc.deliver.journal.read_ahead import ReadAhead
from pnpc.deliver.journal.records import (
    Claim,
    Counts,
    Event,
    JournalFailed,
    KnownMessage,
    RequestShape,
    Result,
    shape_keys,
)
from pnpc.deliver.journal.runs import NewRun, PushRun
from pnpc.deliver.journal.soundness import NotAJournal
from pnpc.deliver.journal.statements import SQLITE_TABLES, schema

LINE = ("line", "https://api.line.me")
RUN = NewRun("a.jsonl", "d" * 64, 9, *LINE, None, "token", [(0, "d" * 64)])
SHAPE = RequestShape("POST", "https://api.line.me/x", "shipment", "{}")


@pytest.fixture
def journal(place: str):
    with opening.to_send(place) as found:
        found.begin(RUN, 1_000)
        yield found


@pytest.fixture
def in_file(tmp_path: Path):
    """A journal in a file, for what only such a one has."""
    with Journal.open_or_create(str(tmp_path / "j.db")) as found:
        found.begin(RUN, 1_000)
        yield found


def intend(journal: AnyJournal, line: int, attempt: int = 1, tag: str | None = None) -> int:
    id = f"id-{line}"
    known = journal.known(*LINE, [id]).get(id)
    message, own = known.message if known else None, tag or f"tag-{line}"
    claim = Claim(id, f"about {line}", message, attempt, line, own, f"t.csv:{line}", SHAPE, 2_000)
    ((number, _),) = journal.claim([claim], [])
    return number


def result(journal: AnyJournal, intent: int, outcome: str) -> None:
    journal.claim([], [Result(intent, outcome, "x", 202, "r", None, 3_000, 10)])


def states(journal: AnyJournal) -> dict[int, tuple[str, int]]:
    return {line: (state, attempts) for line, state, attempts in states_in(journal)}


def test_each_message_has_the_state_of_its_last_attempt_that_counts(journal: AnyJournal) -> None:
    histories = {
        1: ["accepted"], 2: ["refused"], 3: ["unknown"], 4: ["not_sent"], 5: [None],
        6: ["not_sent", "accepted"], 7: ["unknown", "refused"], 8: ["unknown", "not_sent"], 9: ["not_sent", "unknown", "accepted"],
    }  # fmt: skip
    for line, history in histories.items():
        for attempt, outcome in enumerate(history, 1):
            number = intend(journal, line, attempt)
            if outcome:
                result(journal, number, outcome)
    assert states(journal) == {
        1: ("accepted", 1), 2: ("refused", 1), 3: ("unknown", 1), 4: ("planned", 1), 5: ("unknown", 1),
        6: ("accepted", 2), 7: ("refused", 2), 8: ("unknown", 2), 9: ("accepted", 3),
    }  # fmt: skip
    known = journal.known(*LINE, [f"id-{line}" for line in range(12)])
    assert {int(id[3:]): (message.state, message.attempts) for id, message in known.items()} == states(journal)
    assert [known[f"id-{line}"].unknown for line in range(1, 10)] == [0, 0, 1, 0, 1, 0, 1, 1, 1]
    assert journal.known("line", "http://127.0.0.1:8080", ["id-1"]) == journal.known("sinch", LINE[1], ["id-1"]) == {}


def test_an_event_says_delivered_whatever_the_answer_was(journal: AnyJournal) -> None:
    for line, outcome in enumerate(["accepted", "refused", "unknown", "not_sent", None], 1):
        number = intend(journal, line)
        if outcome:
            result(journal, number, outcome)
    events = [Event(f"e-{line}", f"tag-{line}", 5_000 + line, 6_000) for line in range(1, 6)]
    assert journal.add_events([*events, *events, Event("e-9", "of-another", 1, 2)]) == 5
    assert journal.add_events(events) == 0
    assert {state for state, _ in states(journal).values()} == {"delivered"}
    known = journal.known(*LINE, ["id-1", "id-3", "id-5"])
    assert [known[id].state for id in sorted(known)] == ["accepted", "delivered", "delivered"]
    assert list(journal.rows("SELECT line, delivered FROM messages ORDER BY line")) == [
        (n, 5_000 + n) for n in range(1, 6)
    ]


def test_an_event_of_an_earlier_attempt_is_one_of_the_message(journal: AnyJournal) -> None:
    result(journal, intend(journal, 1), "unknown")
    result(journal, intend(journal, 1, 2, "tag-1.2"), "refused")
    journal.add_events([Event("e", "tag-1", 1, 2)])
    assert states(journal) == {1: ("delivered", 2)}


def test_an_event_whose_tag_two_messages_share_proves_nothing(journal: AnyJournal) -> None:
    for line in (1, 2):
        result(journal, intend(journal, line, 1, "shared"), "unknown")
    assert journal.add_events([Event("e", "shared", 1, 2)]) == 1
    assert {state for state, _ in states(journal).values()} == {"unknown"}


def test_an_event_belongs_to_the_attempt_in_whose_time_it_came(journal: AnyJournal) -> None:
    """The same tag a month later, in another campaign, takes no proof back and gets none."""
    month = 30 * 86_400_000
    result(journal, intend(journal, 1, 1, "shared"), "unknown")
    journal.add_events([Event("e-1", "shared", 5_000, 6_000)])
    ((later, _),) = journal.claim([Claim("id-2", None, None, 1, 2, "shared", None, SHAPE, month)], [])
    journal.claim([], [Result(later, "unknown", "timeout", None, None, None, month, 1)])
    assert states(journal) == {1: ("delivered", 1), 2: ("unknown", 1)}
    journal.add_events([Event("e-2", "shared", month + 1, month + 2)])
    assert states(journal) == {1: ("delivered", 1), 2: ("delivered", 1)}


def test_an_attempt_is_written_once(in_file: Journal) -> None:
    """Two attempts of one number, or two results of one attempt, are a mistake of ours: nothing of the batch stays."""
    number = intend(in_file, 1)
    with pytest.raises(JournalFailed):
        intend(in_file, 1)
    result(in_file, number, "accepted")
    with pytest.raises(JournalFailed):
        in_file.claim(
            [Claim("i", None, None, 1, 5, None, None, SHAPE, 1)],
            [Result(number, "refused", "x", 400, None, None, 1, 1)],
        )
    assert states(in_file) == {1: ("accepted", 1)}


def test_runs_and_how_they_ended(journal: AnyJournal) -> None:
    journal.end(Counts(1, 2, 3, 3), 6, 5_000)
    journal.begin(RUN._replace(file="b.jsonl", api="http://127.0.0.1:8080", channel="shop", secret="rotated"), 9_000)
    first, second = journal.runs()
    assert first == PushRun(1, "a.jsonl", "d" * 64, 9, *LINE, None, 1_000, 3, 3)
    assert second == PushRun(2, "b.jsonl", "d" * 64, 9, "line", "http://127.0.0.1:8080", "shop", 9_000, None, None)
    tokens = {token for (token,) in journal.rows("SELECT token FROM runs")}
    assert len(tokens) == 2
    assert all(len(token) == 16 for token in tokens)


def test_the_same_message_goes_to_each_address_once(journal: AnyJournal) -> None:
    result(journal, intend(journal, 1), "accepted")
    journal.begin(RUN._replace(api="http://127.0.0.1:8080"), 9_000)
    assert journal.known("line", "http://127.0.0.1:8080", ["id-1"]) == {}
    journal.claim([Claim("id-1", None, None, 1, 1, "tag-1", None, SHAPE, 9_000)], [])
    assert journal.known(*LINE, ["id-1"])["id-1"] == KnownMessage(1, "accepted", 1, 0, 2_000, 1, "x", 202, "r")
    assert journal.known("line", "http://127.0.0.1:8080", ["id-1"])["id-1"].state == "unknown"
    journal.add_events([Event("e", "tag-1", 1, 2)])  # the other address's message is another one: no shared tag
    assert {state for _, state, _ in states_in(journal)} == {"delivered"}


def test_what_was_sent_in_other_words(journal: AnyJournal) -> None:
    for line, outcome in enumerate(["accepted", "unknown", "refused", "not_sent"], 1):
        result(journal, intend(journal, line), outcome)
    asked = {f"other-{line}": f"about {line}" for line in range(1, 6)}
    assert journal.sent_in_other_words(*LINE, asked, "another file") == {"other-1", "other-2"}
    assert journal.sent_in_other_words(*LINE, {**asked, "more-1": "about 1"}, "x") == {"other-1", "other-2", "more-1"}
    assert journal.sent_in_other_words(*LINE, asked, "d" * 64) == set()
    assert journal.sent_in_other_words("line", "http://127.0.0.1:8080", asked, "another file") == set()
    assert journal.sent_in_other_words(*LINE, {"id-1": "about 1"}, "another file") == set()


def test_a_message_is_found_before_and_after_its_keys_are_written(in_file: Journal) -> None:
    """Its keys are written with those of thousands, or at the end; another process finds it at any time."""
    count = WAITING + 500
    for first in range(0, count, 250):
        claims = [Claim(f"id-{n}", f"{n}", None, 1, n + 1, None, None, SHAPE, 2_000) for n in range(first, first + 250)]
        in_file.claim(
            [], [Result(number, "accepted", "x", 202, None, None, 3_000, 1) for number, _ in in_file.claim(claims, [])]
        )
    ids = [f"id-{n}" for n in range(-5, count)]

    def seen() -> tuple[int, int, set[str]]:
        with Journal.read(in_file.name) as other:
            ((keyed,),) = other.rows("SELECT keyed FROM journal")
            held = other.sent_in_other_words(*LINE, {"x": "3", "y": f"{count - 1}", "z": "none"}, "another file")
            return keyed, len(other.known(*LINE, ids)), held

    keyed, known, held = seen()
    assert 0 < keyed < count
    assert (known, held) == (count, {"x", "y"})
    in_file.end(Counts(9, 0, 0, 0), 9, 5_000)
    assert seen() == (count, count, {"x", "y"})
    assert list(in_file.rows("SELECT count(*), count(DISTINCT message) FROM keys")) == [(2 * count, count)]


def test_the_keys_of_new_messages_lie_close_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """They move down from tier to tier, a stretch at a time, and each stays in one: the first two hold the last ones only."""
    waiting, turns = 10, 1_300
    monkeypatch.setattr(keys, "WAITING", waiting)
    with closing(sqlite3.connect(":memory:")) as database:
        database.create_function("key_of", 1, keys.key_of)
        database.executescript(schema(SQLITE_TABLES))
        database.execute("PRAGMA foreign_keys = OFF")
        database.execute("INSERT INTO journal VALUES (1, '', '', 0, 0)")
        sizes = []
        for first in range(1, waiting * turns, waiting):
            rows = [(n, 1, f"id-{n}", n << 40) for n in range(first, first + waiting)]
            database.executemany("INSERT INTO ids VALUES (?, ?, ?, ?)", rows)
            assert keys.write_keys(database) == first + waiting - 1
            counted = dict(database.execute("SELECT tier, count(*) FROM keys GROUP BY tier"))
            assert sum(counted.values()) == 2 * (first + waiting - 1)
            sizes.append((counted.get(0, 0), counted.get(1, 0)))
        assert max(size for size, _ in sizes) <= 2 * waiting * 32
        assert max(size for _, size in sizes) <= 2 * waiting * 1_024
        assert sizes[-1][0] > waiting
        assert sizes[-1][1] > waiting * 32
        ids = [f"id-{n}" for n in range(0, waiting * turns + 5, 7)]
        found = database.execute(keys.BY_ID, (json.dumps([keys.key_of(id) for id in ids]), 1, json.dumps(ids)))
        assert sorted(number for _, number in found) == list(range(7, waiting * turns + 1, 7))
        topics = [n << 40 for n in range(1, waiting * turns + 5, 11)]
        found = database.execute(keys.BY_TOPIC, (json.dumps(topics), 1))
        assert sorted(number for _, _, number in found) == list(range(1, waiting * turns + 1, 11))
        database.execute("INSERT INTO intents VALUES (1, 1, 1, 1, 1, NULL, NULL, 1, 1)")
        assert list(database.execute("SELECT min(tier) FROM keys WHERE message = 1")) == [(2,)]
        database.execute(keys.FORGET_TOPIC, (1,))
        assert list(database.execute(keys.BY_TOPIC, (json.dumps([1 << 40]), 1))) == []
        assert list(database.execute("SELECT key FROM keys WHERE message = 1")) == [(keys.key_of("id-1"),)]


def test_pages_of_a_large_journal_are_read_ahead(in_file: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is known is the same, also where the readers fail, and nothing stays beside the file when it is closed."""
    monkeypatch.setattr(read_ahead, "_SMALL", 0)
    opened: list[sqlite3.Connection] = []

    def connect(name: str) -> sqlite3.Connection:
        opened.append(opened_to_read(name, recognize))
        return opened[-1]

    for line in range(1, 201):
        result(in_file, intend(in_file, line), "accepted")
    in_file.end(Counts(200, 0, 0, 0), 200, 5_000)
    ids = [f"id-{line}" for line in range(300)]
    with Journal.open(in_file.name) as other:
        for make in (connect, None):
            other._ahead = ReadAhead(other.name, make)  # type: ignore[arg-type]  # None: each reader fails
            assert len(other.known(*LINE, ids)) == 200
            assert other.sent_in_other_words(*LINE, {f"x-{n}": f"about {n}" for n in range(300)}, "another file")
            other._ahead.close()
    assert 0 < len(opened) <= 8
    in_file.close()
    assert [file.name for file in Path(in_file.name).parent.iterdir() if file.name.endswith("-wal")] == []


def test_after_a_rescue_all_keys_are_written_again(in_file: Journal) -> None:
    """What docs/journal.md says to do with a journal that SQLite's `.recover` has saved: pages of keys may be missing."""
    for line in range(1, 9):
        result(in_file, intend(in_file, line), "accepted")
    in_file.end(Counts(8, 0, 0, 0), 8, 5_000)
    ids = [f"id-{line}" for line in range(1, 9)]
    in_file.write(("DELETE FROM keys WHERE message > ?", [(3,)]))
    assert len(in_file.known(*LINE, ids)) == 3
    in_file.write(("DELETE FROM keys", [()]), ("UPDATE journal SET keyed = 0", [()]))
    assert len(in_file.known(*LINE, ids)) == 8
    in_file.begin(RUN, 9_000)
    assert list(in_file.rows("SELECT keyed FROM journal")) == [(8,)]
    assert len(in_file.known(*LINE, ids)) == 8


def test_what_a_killed_process_left_without_keys_gets_them(in_file: Journal) -> None:
    intend(in_file, 1)
    with Journal.open(in_file.name) as next_process:
        assert next_process.known(*LINE, ["id-1"]).keys() == {"id-1"}
        next_process.begin(RUN, 9_000)
        assert list(next_process.rows("SELECT keyed FROM journal")) == [(1,)]
        assert next_process.known(*LINE, ["id-1", "id-2"]).keys() == {"id-1"}


def test_what_an_ended_process_left_is_unknown(in_file: Journal) -> None:
    result(in_file, intend(in_file, 1), "accepted")
    intend(in_file, 2)
    intend(in_file, 3)
    assert in_file.begin(RUN, 9_000) == 2
    assert list(in_file.rows("SELECT intent, reason, took FROM results WHERE outcome = 'unknown'")) == [
        (2, "process-ended", 7_000), (3, "process-ended", 7_000),
    ]  # fmt: skip
    assert in_file.begin(RUN, 9_000) == 0


def test_it_is_durable(in_file: Journal) -> None:
    """Write-ahead log, and every commit on the disk before it returns: 2 is FULL."""
    assert [list(in_file.rows(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous")] == [[("wal",)], [(2,)]]
    assert os.stat(in_file.name).st_mode & 0o077 == 0


def test_others_read_it_and_add_events_while_it_is_written(in_file: Journal) -> None:
    intend(in_file, 1)
    code = """
import sys
from contextlib import closing
from pnpc.deliver.journal.journal import Journal
from pnpc.deliver.journal.records import Event
with Journal.open(sys.argv[1]) as journal:
    print(len(journal.known("line", "https://api.line.me", ["id-1"])), journal.add_events([Event("e", "tag-1", 1, 2)]))
"""
    done = subprocess.run(
        [sys.executable, "-c", code, in_file.name], capture_output=True, check=True, env=clean_environment(), cwd=ROOT
    )
    assert done.stdout == b"1 1\n"
    assert states(in_file) == {1: ("delivered", 1)}
    intend(in_file, 2)


def test_one_that_another_process_does_not_let_go(in_file: Journal) -> None:
    list(in_file.rows("PRAGMA busy_timeout = 10"))
    with contextlib.closing(sqlite3.connect(in_file.name, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalFailed, match="database is locked"):
            intend(in_file, 1)
    intend(in_file, 1)


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Journal.open(str(tmp_path / "none.db"))
    foreign = tmp_path / "foreign.db"
    with contextlib.closing(sqlite3.connect(foreign)) as database:
        database.execute("CREATE TABLE runs (run)")
    before = foreign.read_bytes()
    for opened in (lambda: Journal.open(str(foreign)), lambda: Journal.open_or_create(str(foreign))):
        with pytest.raises(NotAJournal, match="is not a journal of pnpc"):
            opened()
    assert foreign.read_bytes() == before
    later = tmp_path / "later.db"
    Journal.open_or_create(str(later)).close()
    with contextlib.closing(sqlite3.connect(later)) as database:
        database.execute("PRAGMA user_version = 7")
    with pytest.raises(NotAJournal, match="of a newer pnpc"):
        Journal.open(str(later))


def damage(file: Path, how: str) -> None:
    """Make something else of a journal's file."""
    data = bytearray(file.read_bytes())
    if how == "empty":
        data = bytearray()
    elif how == "cut":
        del data[len(data) // 4096 // 2 * 4096 :]
    elif how == "bytes":
        for at in range(200, len(data), 97):
            data[at] = 0xFF
    elif how == "foreign":
        data = bytearray(b"name,phone\n" * 900)
    file.write_bytes(data)
    queries = {
        "text for a number": "UPDATE runs SET lines = 'nine'",
        "no date": "UPDATE intents SET at = 9e17",
        "no UTF-8": "UPDATE intents SET tag = CAST(x'ff' AS TEXT)",
        "no journal": "DELETE FROM journal",
        "keys": "UPDATE shapes SET keys = '[]'",
        "table": "DROP TABLE listeners",
    }
    if how in queries:
        with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as database:
            database.execute(queries[how])


@pytest.mark.parametrize(
    ("how", "says"),
    [
        (
            "empty",
            "is empty: it was cut, or emptied; restore the whole file, or delete it if nothing was sent with it",
        ),
        ("cut", "is damaged"),
        ("bytes", "is damaged"),
        ("foreign", "is not a journal of pnpc"),
        ("text for a number", "the table runs holds a value that pnpc does not write"),
        ("no date", "the table intents holds a value that pnpc does not write"),
        ("no journal", "it lacks what every journal has"),
        ("keys", "the table shapes holds a value that pnpc does not write"),
        ("table", "the table listeners has no listener"),
    ],
)
def test_what_is_no_whole_journal_is_refused(tmp_path: Path, how: str, says: str) -> None:
    """Taken for a new one, it would let every message be sent again."""
    file = tmp_path / "j.db"
    with Journal.open_or_create(str(file)) as journal:
        journal.begin(RUN, 1_000)
        for line in range(1, 60):
            intend(journal, line)
    damage(file, how)
    for use in (lambda: Journal.open_or_create(str(file)), lambda: Journal.read(str(file))):
        with pytest.raises(NotAJournal) as error:
            use().close()
        assert says in str(error.value)
        assert "\n" not in str(error.value)


def test_a_text_that_is_no_utf_8_ends_the_reading(tmp_path: Path) -> None:
    with Journal.open_or_create(str(tmp_path / "j.db")) as journal:
        journal.begin(RUN, 1_000)
        intend(journal, 1)
    damage(tmp_path / "j.db", "no UTF-8")
    with Journal.read(str(tmp_path / "j.db")) as journal, pytest.raises(JournalFailed, match="UTF-8"):
        list(journal.rows("SELECT tag FROM intents"))


def test_no_journal_is_made_beside_the_log_of_a_lost_one(tmp_path: Path) -> None:
    (tmp_path / "j.db-wal").write_bytes(b"x" * 100)
    with pytest.raises(NotAJournal, match="is missing, but"):
        Journal.open_or_create(str(tmp_path / "j.db"))
    assert not (tmp_path / "j.db").exists()


def test_a_journal_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    Journal.open_or_create(str(tmp_path / "j.db")).close()
    assert [file.name for file in tmp_path.iterdir()] == ["j.db"]
    assert (tmp_path / "j.db").stat().st_mode & 0o777 == 0o600


def test_one_owner(tmp_path: Path) -> None:
    name = str(tmp_path / "j.db")
    assert not is_owned(name)
    with owner(name):
        assert is_owned(name)
        with pytest.raises(Owned, match="another pnpc process is using"), owner(name):
            pass
    assert not is_owned(name)


def test_who_may_not_write_the_lock_may_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The journal of another person, or a copy in a folder for reading only: `pnpc status` shows it."""

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    assert not is_owned(str(tmp_path / "j.db"))


def test_a_journal_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = str(tmp_path / "j.db")
    Journal.open_or_create(name).close()
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(NotAJournal, match="no permission to read the journal"):
        Journal.read(name)


MOUNTS = """\
/dev/vda / ext4 rw 0 0
nas:/home /home nfs4 rw 0 0
tmpfs /home/me/my\\040disk tmpfs rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/var/x", "ext4"),
        ("/home", "nfs4"),
        ("/home/me/data", "nfs4"),
        ("/home/me/my disk/x", "tmpfs"),
        ("/homes", "ext4"),
    ],
)
def test_network_file_systems_are_known(folder: str, kind: str) -> None:
    assert kind_of_mount(folder, MOUNTS.splitlines()) == kind


def test_the_keys_of_a_message() -> None:
    item, button = {"itemKey": "b"}, {"buttonKey": "c"}
    body = {
        "templateKey": "t",
        "body": {"emphasizedItem": {"itemKey": "a"}, "items": [item, item], "buttons": [button]},
    }
    assert shape_keys(body) == '{"templateKey": "t", "items": ["a", "b"], "buttons": ["c"]}'
    assert shape_keys({"messages": []}) == "{}"
    assert shape_keys({"templateKey": ["x"], "body": {"items": [1, {}, {"itemKey": []}], "emphasizedItem": 3}}) == "{}"
    assert shape_keys({"body": []}) == shape_keys({"body": {"items": {}}}) == "{}"


def test_the_schema_is_explained_in_the_docs() -> None:
    page = (ROOT / "docs" / "journal.md").read_text(encoding="utf-8")
    for line in schema(SQLITE_TABLES).splitlines():
        if line.startswith(("CREATE TABLE", "CREATE VIEW")):
            assert f"| `{line.split()[2]}` |" in page


@pytest.mark.parametrize("keys", ['{"items": [[]]}', '{"items": 3}', '{"templateKey": {}}', '{"buttons": [null]}'])
def test_keys_that_are_none_teach_nothing(tmp_path: Path, here, keys: str) -> None:
    """Found by the fuzz command: the table is sound, what it says is not ours."""
    with Journal.open_or_create(str(tmp_path / "j.db")) as journal:
        journal.begin(RUN, 1_000)
        journal.claim(
            [Claim("i", None, None, 1, 1, "t", None, SHAPE._replace(keys=keys), 1)],
            [Result(1, "accepted", "accepted", 202, None, None, 1, 1)],
        )
    assert "nothing to learn" in here("catalog", "learn", "--journal", "j.db").stderr
