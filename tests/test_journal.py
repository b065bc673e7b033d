"""The journal by itself: what it keeps, whose it is, and how it is read beside a push."""

import contextlib
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, clean_environment

from pnpc.deliver.journal.binding import Channel, NotThisRun, digest_of, run_of
from pnpc.deliver.journal.database import JournalFailed
from pnpc.deliver.journal.disk import kind_of_mount
from pnpc.deliver.journal.journal import Journal
from pnpc.deliver.journal.owner import Owned, is_owned, owner
from pnpc.deliver.journal.records import Counts, Event, Intent, RequestShape, Result, shape_keys
from pnpc.deliver.journal.soundness import NotAJournal

RUN = run_of("d" * 64, 9, "a.jsonl", "line", "https://api.line.me")
ME = Channel(None, "token")
SHAPE = RequestShape("POST", "https://api.line.me/x", "shipment", "{}")


@pytest.fixture
def journal(tmp_path: Path):
    with Journal.open_or_create(str(tmp_path / "j.db"), RUN) as found:
        found.begin(RUN, ME, 1_000)
        yield found


def intend(journal: Journal, line: int, attempt: int = 1, tag: str | None = None) -> int:
    number = journal.next_intent()
    intent = Intent(
        number, line, attempt, f"id-{line}", tag or f"tag-{line}", f"t.csv:{line}", journal.shape(SHAPE), 2_000
    )
    journal.commit([intent], [])
    return number


def result(journal: Journal, intent: int, outcome: str) -> None:
    journal.commit([], [Result(intent, outcome, "x", 202, "r", None, 3_000, 10)])


def states(journal: Journal) -> dict[int, tuple[str, int]]:
    return {line: (state, attempts) for line, state, attempts in journal.states()}


def test_each_message_has_the_state_of_its_last_attempt_that_counts(journal: Journal) -> None:
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
    assert journal.counts() == Counts(accepted=3, refused=2, unknown=3, remaining=1)


def test_an_event_says_delivered_whatever_the_answer_was(journal: Journal) -> None:
    for line, outcome in enumerate(["accepted", "refused", "unknown", "not_sent", None], 1):
        number = intend(journal, line)
        if outcome:
            result(journal, number, outcome)
    events = [Event(f"e-{line}", f"tag-{line}", 5_000 + line, 6_000) for line in range(1, 6)]
    assert journal.add_events([*events, *events, Event("e-9", "of-another", 1, 2)]) == 5
    assert journal.add_events(events) == 0
    assert {state for state, _ in states(journal).values()} == {"delivered"}
    assert journal.counts() == Counts(5, 0, 0, 4)
    assert list(journal.rows("SELECT line, delivered FROM messages ORDER BY line")) == [
        (n, 5_000 + n) for n in range(1, 6)
    ]


def test_an_event_of_an_earlier_attempt_is_one_of_the_message(journal: Journal) -> None:
    result(journal, intend(journal, 1), "unknown")
    result(journal, intend(journal, 1, 2, "tag-1.2"), "refused")
    journal.add_events([Event("e", "tag-1", 1, 2)])
    assert states(journal) == {1: ("delivered", 2)}


def test_an_event_whose_tag_two_messages_share_proves_nothing(journal: Journal) -> None:
    for line in (1, 2):
        result(journal, intend(journal, line, 1, "shared"), "unknown")
    assert journal.add_events([Event("e", "shared", 1, 2)]) == 1
    assert {state for state, _ in states(journal).values()} == {"unknown"}


def test_an_attempt_is_written_once(journal: Journal) -> None:
    """Two attempts of one number, or two results of one attempt, are a mistake of ours: nothing of the batch stays."""
    number = intend(journal, 1)
    with pytest.raises(JournalFailed):
        intend(journal, 1)
    result(journal, number, "accepted")
    with pytest.raises(JournalFailed):
        journal.commit(
            [Intent(50, 5, 1, "i", None, None, 1, 1)], [Result(number, "refused", "x", 400, None, None, 1, 1)]
        )
    assert states(journal) == {1: ("accepted", 1)}


def test_whose_it_is(journal: Journal) -> None:
    for other, said in (
        (RUN._replace(payloads="e" * 64), "of another payload file"),
        (
            RUN._replace(api="http://127.0.0.1:1"),
            "of a push to https://api.line.me, and this one goes to http://127.0.0.1:1",
        ),
        (RUN._replace(target="sinch"), "of a push to"),
    ):
        with pytest.raises(NotThisRun, match=said):
            journal.begin(other, ME, 1)
    with pytest.raises(NotThisRun, match="of another token"):
        journal.begin(RUN, Channel(None, "rotated"), 1)
    journal.begin(RUN, Channel("shop", "rotated"), 1)
    journal.begin(RUN, Channel(None, "rotated"), 1)
    with pytest.raises(NotThisRun, match="of the channel `shop`, and this is `bank`"):
        journal.begin(RUN, Channel("bank", "rotated"), 1)
    salt = journal.run().salt
    assert {token for (token,) in journal.rows("SELECT token FROM pushes")} == {
        digest_of(salt, "token"),
        digest_of(salt, "rotated"),
    }


def test_what_an_ended_process_left_is_unknown(journal: Journal) -> None:
    result(journal, intend(journal, 1), "accepted")
    intend(journal, 2)
    intend(journal, 3)
    assert journal.begin(RUN, ME, 9_000) == 2
    assert list(journal.rows("SELECT intent, reason, took FROM results WHERE outcome = 'unknown'")) == [
        (2, "process-ended", 7_000), (3, "process-ended", 7_000),
    ]  # fmt: skip
    assert journal.begin(RUN, ME, 9_000) == 0


def test_it_is_durable(journal: Journal) -> None:
    """Write-ahead log, and every commit on the disk before it returns: 2 is FULL."""
    assert [list(journal.rows(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous")] == [[("wal",)], [(2,)]]
    assert os.stat(journal.name).st_mode & 0o077 == 0


def test_others_read_it_and_add_events_while_it_is_written(journal: Journal) -> None:
    intend(journal, 1)
    code = """
import sys
from pnpc.deliver.journal.journal import Journal
from pnpc.deliver.journal.records import Event
with Journal.open(sys.argv[1]) as journal:
    print(journal.counts().unknown, journal.add_events([Event("e", "tag-1", 1, 2)]))
"""
    done = subprocess.run(
        [sys.executable, "-c", code, journal.name], capture_output=True, check=True, env=clean_environment(), cwd=ROOT
    )
    assert done.stdout == b"1 1\n"
    assert journal.counts().accepted == 1
    intend(journal, 2)


def test_one_that_another_process_does_not_let_go(journal: Journal) -> None:
    list(journal.rows("PRAGMA busy_timeout = 10"))
    with contextlib.closing(sqlite3.connect(journal.name, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalFailed, match="database is locked"):
            intend(journal, 1)
    intend(journal, 1)


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Journal.open(str(tmp_path / "none.db"))
    foreign = tmp_path / "foreign.db"
    with contextlib.closing(sqlite3.connect(foreign)) as database:
        database.execute("CREATE TABLE run (run)")
    before = foreign.read_bytes()
    for opened in (lambda: Journal.open(str(foreign)), lambda: Journal.open_or_create(str(foreign), RUN)):
        with pytest.raises(NotAJournal, match="is not a journal of pnpc"):
            opened()
    assert foreign.read_bytes() == before
    later = tmp_path / "later.db"
    Journal.open_or_create(str(later), RUN).close()
    with contextlib.closing(sqlite3.connect(later)) as database:
        database.execute("PRAGMA user_version = 7")
    with pytest.raises(NotAJournal, match="of another pnpc"):
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
        "text for a number": "UPDATE run SET lines = 'nine'",
        "no date": "UPDATE intents SET at = 9e17",
        "no UTF-8": "UPDATE intents SET tag = CAST(x'ff' AS TEXT)",
        "no run": "DELETE FROM run",
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
        ("text for a number", "the table run holds a value that pnpc does not write"),
        ("no date", "the table intents holds a value that pnpc does not write"),
        ("no run", "it does not say what it belongs to"),
        ("keys", "the table shapes holds a value that pnpc does not write"),
        ("table", "the table listeners has no listener"),
    ],
)
def test_what_is_no_whole_journal_is_refused(tmp_path: Path, how: str, says: str) -> None:
    """Taken for a new one, it would let every message be sent again."""
    file = tmp_path / "j.db"
    with Journal.open_or_create(str(file), RUN) as journal:
        journal.begin(RUN, ME, 1_000)
        for line in range(1, 60):
            intend(journal, line)
    damage(file, how)
    for use in (lambda: Journal.open_or_create(str(file), RUN), lambda: Journal.read(str(file))):
        with pytest.raises(NotAJournal) as error:
            use().close()
        assert says in str(error.value)
        assert "\n" not in str(error.value)


def test_a_text_that_is_no_utf_8_ends_the_reading(tmp_path: Path) -> None:
    with Journal.open_or_create(str(tmp_path / "j.db"), RUN) as journal:
        journal.begin(RUN, ME, 1_000)
        intend(journal, 1)
    damage(tmp_path / "j.db", "no UTF-8")
    with Journal.read(str(tmp_path / "j.db")) as journal, pytest.raises(JournalFailed, match="UTF-8"):
        list(journal.rows("SELECT tag FROM intents"))


def test_no_journal_is_made_beside_the_log_of_a_lost_one(tmp_path: Path) -> None:
    (tmp_path / "j.db-wal").write_bytes(b"x" * 100)
    with pytest.raises(NotAJournal, match="is missing, but"):
        Journal.open_or_create(str(tmp_path / "j.db"), RUN)
    assert not (tmp_path / "j.db").exists()


def test_a_journal_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    Journal.open_or_create(str(tmp_path / "j.db"), RUN).close()
    assert [file.name for file in tmp_path.iterdir()] == ["j.db"]
    assert (tmp_path / "j.db").stat().st_mode & 0o777 == 0o600


def test_one_owner(tmp_path: Path) -> None:
    name = str(tmp_path / "j.db")
    assert not is_owned(name)
    with owner(name):
        assert is_owned(name)
        with pytest.raises(Owned, match="another pnpc push is using"), owner(name):
            pass
    assert not is_owned(name)


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
    schema = (ROOT / "schemas" / "journal.sql").read_text(encoding="utf-8")
    for line in schema.splitlines():
        if line.startswith(("CREATE TABLE", "CREATE VIEW")):
            assert f"| `{line.split()[2]}` |" in page


@pytest.mark.parametrize("keys", ['{"items": [[]]}', '{"items": 3}', '{"templateKey": {}}', '{"buttons": [null]}'])
def test_keys_that_are_none_teach_nothing(tmp_path: Path, here, keys: str) -> None:
    """Found by the fuzz command: the table is sound, what it says is not ours."""
    with Journal.open_or_create(str(tmp_path / "j.db"), RUN) as journal:
        journal.begin(RUN, ME, 1_000)
        journal.commit(
            [Intent(1, 1, 1, "i", "t", None, journal.shape(SHAPE._replace(keys=keys)), 1)],
            [Result(1, "accepted", "accepted", 202, None, None, 1, 1)],
        )
    assert "nothing to learn" in here("catalog", "learn", "--journal", "j.db").stderr
