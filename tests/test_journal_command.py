"""`pnpc journal` as people run it: pushes listed, a message looked up, the unknown settled, the old forgotten."""

import json
import os
from pathlib import Path

import pytest
from conftest import BOTH, Here, journal_for
from faultserver import FaultServer, answer
from journals import HOUR, Sent, deliver, keep, states, tag
from pushes import JOURNAL, TOKEN, last_line, sent_now, write

from pnpc.deliver import opening
from pnpc.deliver.journal.owner import owner
from pnpc.deliver.journal.records import Event
from pnpc.deliver.journal.timestamps import now
from pnpc.emulator import Emulator

DAY = 24 * HOUR


@pytest.fixture
def file(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path | str:
    """A journal where commands look for one."""
    name = journal_for(request, tmp_path / JOURNAL)
    monkeypatch.setenv("PNPC_JOURNAL", JOURNAL if isinstance(name, Path) else name)
    return name


@BOTH
def test_pushes_are_listed(here: Here, file: Path) -> None:
    keep(file, [Sent(1, now())], lines=4)
    keep(file, [Sent(2, now())], lines=4)
    shown = here("journal", "list").stdout.splitlines()
    assert shown[0].split() == ["RUN", "BEGAN", "FILE", "TO", "MESSAGES", "LEFT"]
    assert [line.split()[0] for line in shown[1:]] == ["1", "2"]
    assert shown[1].endswith("4  cut off, or running")
    with opening.open_beside(str(file)) as journal:
        journal.write(("INSERT INTO ends VALUES (1, 1, 0, 2, 1, 1, 5), (2, 4, 0, 0, 0, 1, 5)", [()]))
    shown = here("journal", "list").stdout.splitlines()
    assert shown[1].endswith("  1 to send, 2 unknown")
    assert shown[2].endswith("  nothing")
    listed = json.loads(here("journal", "list", "--format", "json").stdout)["runs"]
    assert [(run["run"], run["file"], run["messages"]) for run in listed] == [
        (1, "shipment.jsonl", 4),
        (2, "shipment.jsonl", 4),
    ]


@pytest.mark.parametrize("word", [tag(2), "orders.csv:3", "id-2-long"])
def test_a_message_is_found_by_tag_row_and_id(here: Here, file: Path, word: str) -> None:
    keep(file, [Sent(1, 5), Sent(2, 5, "unknown", "timeout", None), Sent(2, 9, attempt=2, tag=f"{tag(2)}.2")])
    with opening.open_beside(str(file)) as journal:
        journal.write(("UPDATE ids SET id = id || '-long' WHERE id = ?", [("id-2",)]))
    done = here("journal", "show", word)
    assert done.returncode == 0
    assert "attempt 1, 1970-01-01T00:00:00Z: unknown" in done.stdout
    assert "attempt 2, 1970-01-01T00:00:00Z: accepted" in done.stdout
    found = json.loads(here("journal", "show", word, "--format", "json").stdout)
    assert [(tried["attempt"], tried["tag"]) for tried in found] == [(1, tag(2)), (2, f"{tag(2)}.2")]


def test_what_is_not_there(here: Here, file: Path) -> None:
    assert here("journal", "list").returncode == 2
    keep(file, [Sent(1, 5)])
    for word in ("shipment", "%", "id-", "orders.csv"):
        done = here("journal", "show", word)
        assert (done.returncode, done.stdout) == (1, "")
    assert here("journal", "settle", "--as", "sent", "--reason", "x").returncode == 2
    assert here("journal", "settle", tag(1), "--as", "sent", "--reason", "x").returncode == 1


@BOTH
def test_what_is_settled_is_known_to_the_next_push(here: Here, tmp_path: Path, file: Path) -> None:
    """One was sent, a second was not: the next push sends that one, and says no word of the first."""
    write(tmp_path / "a.jsonl", 3)
    with FaultServer(lambda _: answer(500)) as server:
        run = ("push", "a.jsonl", "--api-url", server.url, "--format", "json")
        assert last_line(here(*run, LINE_CHANNEL_ACCESS_TOKEN=TOKEN).stdout)["unknown"] == 3
        assert here("journal", "settle", tag(0), "--as", "sent", "--reason", "seen on a phone").returncode == 0
        assert here("journal", "settle", tag(1), "--as", "not-sent", "--reason", "LINE says 0").returncode == 0
        server.script = lambda _: answer(202)
        done = here(*run, LINE_CHANNEL_ACCESS_TOKEN=TOKEN)
        assert last_line(done.stdout) == {"accepted": 2, "refused": 0, "unknown": 1, "remaining": 0}
        assert sent_now(done.stdout) == 1
        assert here("journal", "settle", "--run", "1", "--as", "sent", "--reason", "all there").returncode == 0
        assert last_line(here(*run, LINE_CHANNEL_ACCESS_TOKEN=TOKEN).stdout)["accepted"] == 3
        assert len(server.received) == 4
    assert "why: 500 settled" in here("journal", "show", tag(1)).stdout


@BOTH
def test_what_is_purged_is_gone_and_never_sent_again(here: Here, file: Path) -> None:
    old = now() - 100 * DAY
    keep(file, [Sent(1, old), Sent(2, old, "unknown", "timeout", None), Sent(3, old, "refused", "request", 400, "no")])
    keep(file, [Sent(4, now())])
    deliver(file, 1, 2, at=old + 5)
    assert here("journal", "purge", "--older-than", "90").stderr == "2 attempts forgotten: 90 days old or more\n"
    assert here("journal", "purge", "--older-than", "90").stderr == "0 attempts forgotten: 90 days old or more\n"
    with opening.read(str(file)) as journal:
        intents = list(journal.rows("SELECT tag, row FROM intents"))
    data = file.read_bytes() if isinstance(file, Path) else repr(intents).encode()
    for line, is_kept in ((1, False), (2, True), (3, False), (4, True)):
        assert (tag(line).encode() in data) == is_kept
        assert (f"orders.csv:{line + 1}".encode() in data) == is_kept
    with opening.read(str(file)) as journal:
        known = journal.known("line", "https://api.line.me", [f"id-{line}" for line in range(1, 5)])
        assert {id: message.state for id, message in known.items()} == {
            "id-1": "accepted", "id-2": "delivered", "id-3": "refused", "id-4": "accepted",
        }  # fmt: skip
        assert [state for _, state, _ in states(journal)] == ["delivered", "delivered", "refused", "accepted"]


@BOTH
def test_what_may_have_been_sent_after_a_backup_is_held(here: Here, tmp_path: Path, file: Path | str) -> None:
    """The journal knows one of three messages: the others are held, until an event or a person says what became of them."""
    write(tmp_path / "a.jsonl", 3)
    keep(file, [Sent(1, now() - HOUR)])
    for held in (2, 0):
        done = here("journal", "hold", "a.jsonl")
        assert done.stderr == f"{held} messages held: they may or may not have been sent\n"
    rehearsed = ("push", "a.jsonl", "--dry-run", "--format", "json")
    assert last_line(here(*rehearsed).stdout) == {"accepted": 1, "refused": 0, "unknown": 2, "remaining": 0}
    deliver(file, 0, at=now())
    assert here("journal", "settle", tag(2), "--as", "not-sent", "--reason", "not on the phone").returncode == 0
    assert last_line(here(*rehearsed).stdout) == {"accepted": 2, "refused": 0, "unknown": 0, "remaining": 1}
    assert "restored" in here("journal", "show", tag(0)).stdout
    (tmp_path / "bad.jsonl").write_text("{}\n")
    assert here("journal", "hold", "bad.jsonl").returncode == 2


@BOTH
def test_a_word_that_names_several_messages_settles_none(here: Here, file: Path) -> None:
    """The same row of a table that is written again each day; and a word is replaced by a later one."""
    keep(file, [Sent(1, 5, "unknown", "timeout", None)])
    keep(file, [Sent(2, 5, "unknown", "timeout", None, tag=tag(1))])
    done = here("journal", "settle", tag(1), "--as", "sent", "--reason", "x")
    assert (done.returncode, done.stderr) == (
        2, f"pnpc: {tag(1)} names 2 messages; name one by its id (pnpc journal show {tag(1)})\n",
    )  # fmt: skip
    for outcome, state in (("sent", "accepted"), ("not-sent", "planned"), ("sent", "accepted")):
        assert here("journal", "settle", "orders.csv:2", "--as", outcome, "--reason", "x").returncode == 0
        with opening.read(str(file)) as journal:
            assert states(journal) == [(1, state, 1), (2, "unknown", 1)]


@BOTH
def test_the_event_of_a_forgotten_message_proves_no_later_one(here: Here, file: Path) -> None:
    """Month after month the same tag: the first message is delivered and forgotten, the second one's answer was lost."""
    old = now() - 100 * DAY
    keep(file, [Sent(1, old, tag="customer-7")])
    with opening.open_beside(str(file)) as journal:
        journal.add_events([Event("event-1", "customer-7", old + 5, old + 5)])
    keep(file, [Sent(2, now(), "unknown", "timeout", None, tag="customer-7")])
    assert here("journal", "purge", "--older-than", "90").returncode == 0
    with opening.read(str(file)) as journal:
        assert journal.known("line", "https://api.line.me", ["id-2"])["id-2"].state == "unknown"


@BOTH
def test_words_that_are_not_utf8(here: Here, file: Path) -> None:
    keep(file, [Sent(1, now(), "unknown", "timeout", None)])
    assert here("journal", "show", "not-utf8-\udcff").returncode == 1
    assert here("journal", "settle", tag(1), "--as", "sent", "--reason", "\udcff").returncode == 0


def test_it_keeps_away_from_a_push(here: Here, file: Path) -> None:
    keep(file, [Sent(1, 5, "unknown", "timeout", None)])
    with owner(str(file)):
        for words in (("settle", tag(1), "--as", "sent", "--reason", "x"), ("purge", "--older-than", "1")):
            done = here("journal", *words)
            assert (done.returncode, done.stderr) == (
                2,
                f"pnpc: another pnpc process is using {JOURNAL}: close it first\n",
            )
    assert here("journal", "list").returncode == 0


@pytest.mark.parametrize("content", [b"", b"not a journal at all, but long enough to be looked at" * 9])
def test_a_refused_journal_leaves_no_lock_behind(here, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.journal.db").write_bytes(content)
    write(tmp_path / "a.jsonl", 1)
    before = sorted(os.listdir(tmp_path))
    for words in (("push", "a.jsonl"), ("journal", "purge", "--older-than", "9")):
        done = here(*words, "--journal", "a.journal.db", LINE_CHANNEL_ACCESS_TOKEN="t")
        assert done.returncode == 2
    assert sorted(os.listdir(tmp_path)) == before


def test_this_machine_is_one_address_by_whatever_name(here: Here, tmp_path: Path) -> None:
    """Sent to 127.0.0.1, a message is known under localhost and [::1], in the default journal as well."""
    write(tmp_path / "a.jsonl", 2)
    with FaultServer() as server:
        port = server.url.rpartition(":")[2]
        first = here("push", "a.jsonl", "--api-url", server.url, LINE_CHANNEL_ACCESS_TOKEN=TOKEN)
        assert first.returncode == 0
        for name in ("localhost", "LOCALHOST.", "[::1]", "127.0.0.1"):
            again = here("push", "a.jsonl", "--api-url", f"http://{name}:{port}", "--dry-run", "--format", "json")
            assert last_line(again.stdout)["accepted"] == 2, name
        again = here("push", "a.jsonl", "--api-url", f"http://localhost:{port}", LINE_CHANNEL_ACCESS_TOKEN=TOKEN)
        assert (again.returncode, len(server.received)) == (0, 2)
        other = here("push", "a.jsonl", "--api-url", "http://127.0.0.1:1", "--dry-run", "--format", "json")
        assert last_line(other.stdout)["accepted"] == 0


def test_status_since_a_day_or_a_time(here: Here, tmp_path: Path) -> None:
    day = 1_795_219_200_000  # 2026-11-21T00:00Z
    keep(tmp_path / JOURNAL, [Sent(1, day - 1), Sent(2, day - HOUR)], lines=5)
    keep(tmp_path / JOURNAL, [Sent(3, day), Sent(4, day + 3 * HOUR)], lines=4, payloads="other")

    def counted(*words: str) -> tuple[int, int, int]:
        done = here("status", "--journal", JOURNAL, "--format", "json", *words)
        told = json.loads(done.stdout)
        return told["messages"] - told["counts"]["planned"], told["counts"]["planned"], len(told["runs"])

    assert counted() == (4, 2, 2)
    assert counted("--since", "2026-11-21") == (2, 2, 1)
    assert counted("--since", "2026-11-21T11:00+09:00") == (1, 0, 0)
    assert counted("--since", "2026-11-20T23:59:59.999Z") == (3, 2, 2)
    assert counted("--since", "2027-01-01", "--run", "1") == (0, 0, 0)
    for wrong in ("yesterday", "2026-11-21T11:00", "2026-W47-6", ""):
        done = here("status", "--journal", JOURNAL, "--since", wrong)
        assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)


def test_learn_and_counts_read_the_projects_journal(here: Here, tmp_path: Path) -> None:
    (tmp_path / "pnpc.toml").write_text('country = "JP"\njournal = "sent.journal.db"\n')
    assert "sent.journal.db: nothing was pushed from this project" in here("catalog", "learn").stderr
    keys = '{"templateKey": "parcel_911_ja"}'
    keep(tmp_path / "sent.journal.db", [Sent(1, now(), keys=keys)])
    assert "parcel_911_ja" in here("catalog", "learn").stdout
    keep(tmp_path / "other.journal.db", [Sent(1, now(), keys=keys.replace("911", "912"))])
    assert "parcel_912_ja" in here("catalog", "learn", PNPC_JOURNAL="other.journal.db").stdout
    with Emulator(token=TOKEN) as line:
        words = ("counts", "--date", "today", "--api-url", line.url)
        assert "journals" not in here(*words, LINE_CHANNEL_ACCESS_TOKEN=TOKEN).stdout
        write(tmp_path / "a.jsonl", 1)
        here("push", "a.jsonl", "--api-url", line.url, LINE_CHANNEL_ACCESS_TOKEN=TOKEN)
        assert "template: the journals saw 0 delivered" in here(*words, LINE_CHANNEL_ACCESS_TOKEN=TOKEN).stdout


@pytest.mark.parametrize(
    "name",
    [
        "host=127.0.0.1 password=S3CRET dbname=a",
        "dbname=a",
        "mysql://me:S3CRET@h/a",
        "postgresql:/me:S3CRET@h/a",
        "POSTGRESQL://me:S3CRET@h/a",
    ],
)
def test_what_is_meant_as_a_database_makes_no_new_file(name: str, here: Here, tmp_path: Path, monkeypatch) -> None:
    """A new journal would know nothing of what was sent."""
    (tmp_path / "a.jsonl").touch()
    for words in (("push", "a.jsonl", "--allow-empty", "--journal", name), ("status", "--journal", name)):
        done = here(*words)
        assert (done.returncode, done.stdout) == (2, ""), done
        assert "neither a file nor a URL of PostgreSQL" in done.stderr
        assert "S3CRET" not in done.stderr
    (tmp_path / "pnpc.toml").write_text(f'journal = "{name}"\n', encoding="utf-8")
    assert "`journal` is neither a file nor a URL of PostgreSQL" in here("push", "a.jsonl", "--allow-empty").stderr
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.jsonl", "pnpc.toml"]
