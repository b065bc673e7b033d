"""The journal that several senders share: each message is claimed once, and a sender that falls silent sends nothing more."""

import contextlib
import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from conftest import Here
from faultserver import HOLD, FaultServer, answer
from journals import body, event, listening
from postgres import Server
from pushes import TOKEN, end, last_line, payload, start, until, write, write_lines

import pnpc
from pnpc.deliver import opening
from pnpc.deliver.journal.records import Claim, Counts, Event, JournalAway, JournalFailed, RequestShape, Result, TooLate
from pnpc.deliver.journal.runs import NewRun
from pnpc.deliver.journal.soundness import NotAJournal
from pnpc.deliver.postgres.connection import Database
from pnpc.deliver.postgres.journal import PostgresJournal
from pnpc.deliver.postgres.run_lease import NOW, Lookout

LINE = ("line", "https://api.line.me")
RUN = NewRun("a.jsonl", "d" * 64, 9, *LINE, None, "token", [(0, "d" * 64)])
SHAPE = RequestShape("POST", "https://api.line.me/x", "shipment", "{}")


@pytest.fixture
def url(postgres: Server) -> str:
    return postgres.journal()


@contextlib.contextmanager
def sending(url: str) -> Iterator[PostgresJournal]:
    """A sender at work."""
    with PostgresJournal.open(url) as journal:
        journal.begin(RUN, 1_000)
        yield journal


def claim(number: int, message: int | None = None, attempt: int = 1) -> Claim:
    return Claim(f"id-{number}", f"about {number}", message, attempt, number, f"tag-{number}", None, SHAPE, 2_000)


def result(intent: int, outcome: str = "accepted") -> Result:
    return Result(intent, outcome, "x", 202, "r", None, 3_000, 10)


def states(journal: PostgresJournal, *numbers: int) -> dict[int, tuple[str, str, int]]:
    known = journal.known(*LINE, [f"id-{number}" for number in numbers])
    return {int(id[3:]): (message.state, message.reason, message.attempts) for id, message in known.items()}


def shorten(postgres: Server, url: str, lease: int = 400, patience: int = 60_000) -> None:
    """Milliseconds for the runs that begin from now on."""
    postgres.run(f"UPDATE pnpc.journal SET lease = {lease}, patience = {patience}", url)


def silence(journal: PostgresJournal) -> None:
    """As if the process had been stopped for longer than its lease."""
    assert journal._pulse is not None
    assert journal._lease is not None
    journal._pulse.stop()
    journal._lease._until = 0.0
    journal._database.rows(f"UPDATE leases SET until = {NOW} - 1 WHERE run = ?", (journal._lease.run,))


def wait_for_silent(journal: PostgresJournal) -> list[str]:
    """Wait until all that is silent is known to be dead or alive; what people hear of it."""
    said: list[str] = []
    journal.wait_for_silent(said.append)
    return said


# --- who gets a message ---


def test_a_message_is_granted_to_one_sender(url: str) -> None:
    with sending(url) as one, sending(url) as other:
        first = one.claim([claim(1), claim(2), claim(2)], [])
        assert [intent is None for intent in first] == [False, False, True]  # nor twice to one
        assert other.claim([claim(2), claim(3)], [])[0] is None
        assert len(set(one.rows("SELECT id FROM ids"))) == 3
        assert one.claim([claim(3)], [result(first[0].intent)]) == [None]
    with PostgresJournal.read(url) as journal:
        assert states(journal, 1, 2, 3) == {
            1: ("accepted", "x", 1), 2: ("unknown", "process-ended", 1), 3: ("unknown", "process-ended", 1),
        }  # fmt: skip


def test_a_further_attempt_is_granted_to_one_sender(url: str) -> None:
    with sending(url) as one, sending(url) as other:
        ((first, message),) = one.claim([claim(1)], [])
        assert other.claim([claim(1, message, 2)], []) == [None]  # the first is under way
        assert one.claim([], [result(first, "not_sent")]) == []
        ((second, _),) = other.claim([claim(1, message, 2)], [])
        assert one.claim([claim(1, message, 2)], []) == [None]
        # The result of an attempt and the claim of the next may come together.
        ((third, _),) = other.claim([claim(1, message, 3)], [result(second, "not_sent")])
        other.claim([], [result(third)])
        assert one.claim([claim(1, message, 4)], []) == [None]  # it was sent
    with PostgresJournal.read(url) as journal:
        assert states(journal, 1) == {1: ("accepted", "x", 3)}


def test_what_a_person_settled_as_sent_is_not_granted_again(url: str, here: Here) -> None:
    with sending(url) as journal:
        ((first, message),) = journal.claim([claim(1)], [])
        # While its sender is alive, nobody else may say what became of it.
        assert (
            here("journal", "settle", "id-1-or-so", "tag-1", "--as", "sent", "--reason", "x", "--journal", url)[0] == 1
        )
        journal.claim([], [result(first, "unknown")])
        done = here("journal", "settle", "tag-1", "--as", "sent", "--reason", "on the phone", "--journal", url)
        assert (done.returncode, done.stderr) == (0, "1 attempt settled as sent\n")
        assert journal.claim([claim(1, message, 2)], []) == [None]
        assert states(journal, 1) == {1: ("accepted", "settled", 1)}


def test_many_senders_claim_the_same_messages_in_any_order(url: str) -> None:
    numbers, granted = list(range(60)), []

    def work(order: Sequence[int]) -> None:
        with sending(url) as journal:
            for first in range(0, 60, 10):
                asked = [claim(number) for number in order[first : first + 10]]
                intents = journal.claim(asked, [])
                mine = [
                    (one.id, intent.intent) for one, intent in zip(asked, intents, strict=True) if intent is not None
                ]
                granted.extend(id for id, _ in mine)
                journal.claim([], [result(intent) for _, intent in mine])

    threads = [threading.Thread(target=work, args=(numbers[::step],)) for step in (1, -1, 1, -1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(granted) == sorted(f"id-{number}" for number in numbers)


# --- the same in other words ---

OTHER = RUN._replace(file="b.jsonl", payloads="e" * 64, files=[(0, "e" * 64)])


def about(number: int, words: str, message: int | None = None, attempt: int = 1) -> Claim:
    return claim(number, message, attempt)._replace(id=f"{words}-{number}")


@contextlib.contextmanager
def two(url: str, other: NewRun = OTHER) -> Iterator[tuple[PostgresJournal, PostgresJournal]]:
    """Two senders that have both begun, and looked for other words before that."""
    with PostgresJournal.open(url) as first, PostgresJournal.open(url) as second:
        first.begin(RUN, 1_000)
        second.begin(other, 1_000)
        yield first, second


def test_other_words_that_were_sent_meanwhile_hold_a_message(url: str) -> None:
    """Both looked before the other had written: the claim looks again."""
    with two(url) as (first, second):
        first.claim([about(1, "old")], [])
        assert second.claim([about(1, "new")], []) == [None]
        assert second.claim([about(2, "new")], [])[0] is not None
        assert second.sent_in_other_words(*LINE, {"new-1": "about 1"}, "e" * 64) == {"new-1"}


def test_other_words_are_sent_where_the_first_were_not(url: str) -> None:
    with two(url) as (first, second):
        ((refused, _), (not_sent, message)) = first.claim([about(1, "old"), about(2, "old")], [])
        first.claim([], [result(refused, "refused"), result(not_sent, "not_sent")])
        assert None not in second.claim([about(1, "new"), about(2, "new")], [])
        assert first.claim([about(2, "old", message, 2)], []) == [None], "what is tried again is looked at, too"


def test_what_one_file_says_twice_is_meant(url: str) -> None:
    with two(url, RUN) as (first, second):
        assert None not in first.claim([about(1, "one"), about(1, "two")], [])
        assert None not in second.claim([about(1, "three")], [])


def test_other_words_are_sent_on_demand(url: str) -> None:
    with two(url, OTHER._replace(send_changed=True)) as (first, second):
        ((intent, message),) = first.claim([about(1, "old")], [])
        assert second.claim([about(1, "new")], [])[0] is not None
        first.claim([], [result(intent, "unknown")])
        again = about(1, "old", message, 2)._replace(subject=None)  # as an unknown one is claimed
        assert first.claim([again], [])[0] is not None


def test_of_two_senders_with_other_words_at_the_same_moment_one_sends(postgres: Server, url: str) -> None:
    """Each asks while the other's claim is not committed, and not seen."""
    with two(url) as (first, second), ThreadPoolExecutor(2) as pool:
        for journal in (first, second):
            journal.claim([claim(0)], [])  # from here on a claim is one statement
        with psycopg.connect(url) as waits:
            waits.execute("LOCK TABLE pnpc.intents IN SHARE MODE")  # behind the grant of a new message
            granted = [
                pool.submit(journal.claim, [about(n, words) for n in order], [])
                for journal, words, order in ((first, "old", (1, 2, 3)), (second, "new", (3, 2, 1)))
            ]
            until(lambda: postgres.run("SELECT count(*) FROM pg_locks WHERE NOT granted", url) == [(2,)])
        old, new = (answer.result() for answer in granted)
        assert [(a is None) != (b is None) for a, b in zip(old, reversed(new), strict=True)] == [True] * 3


# --- silence ---


def test_a_silent_sender_is_fenced_and_sends_nothing_more(postgres: Server, url: str) -> None:
    shorten(postgres, url)
    with sending(url) as silent:
        ((first, message), (second, _)) = silent.claim([claim(1), claim(2)], [])
        silent.leaves()
        silence(silent)
        with pytest.raises(TooLate):
            silent.leaves()
        with PostgresJournal.open(url) as other:
            assert other.begin(RUN, 5_000) == 2
            assert other.begin(RUN, time.time_ns() // 1_000_000) == 2
            assert other.begin(RUN, 5_000) == 0, "it was said before"
            assert states(other, 1, 2) == {1: ("unknown", "process-ended", 1), 2: ("unknown", "process-ended", 1)}
            assert other.claim([claim(1, message, 2)], []) == [None], "one look says nothing"
            (said,) = wait_for_silent(other)
            assert said.startswith(f"waiting at most 0.4 seconds for a sign of life from run {silent._lease.run}")
            ((again, _),) = other.claim([claim(1, message, 2)], [])
            with pytest.raises(JournalFailed, match="counts as dead"):
                silent.claim([claim(3)], [])
            with pytest.raises(TooLate):
                silent.leaves()
            # What it still learns of its own requests takes the place of the guess, and of nothing else.
            assert silent.claim([], [result(second)]) == []
            assert silent.claim([], [result(again, "refused")]) == []
            assert states(other, 2, 3) == {2: ("accepted", "x", 1)}
            assert first != again


def test_a_late_answer_outranks_what_a_person_settled(postgres: Server, url: str, here: Here) -> None:
    """The person took the message for not sent, and LINE's answer says that it was."""
    shorten(postgres, url)
    with sending(url) as silent, PostgresJournal.open(url) as other:
        ((first, message),) = silent.claim([claim(1)], [])
        silence(silent)
        other.begin(RUN, 5_000)
        done = here("journal", "settle", "tag-1", "--as", "not-sent", "--reason", "a guess", "--journal", url)
        assert done.returncode == 0
        assert " for a sign of life from run 1" in done.stderr
        assert done.stderr.endswith("\n1 attempt settled as not-sent\n")
        assert states(other, 1) == {1: ("planned", "settled", 1)}
        silent.claim([], [result(first)])
        assert states(other, 1) == {1: ("accepted", "x", 1)}
        assert list(other.rows("SELECT state, reason, answered FROM messages")) == [("accepted", "x", 3_000)]
        about = {"id-2": "about 1"}
        assert other.sent_in_other_words(*LINE, about, "-") == {"id-2"}
        assert other.claim([claim(1, message, 2)], []) == [None]


def test_a_sender_that_was_silent_and_not_fenced_goes_on(url: str) -> None:
    with sending(url) as journal:
        silence(journal)
        ((intent, _),) = journal.claim([claim(1)], [])
        journal.leaves()
        journal.claim([], [result(intent)])
        assert states(journal, 1) == {1: ("accepted", "x", 1)}


def test_a_running_sender_gives_signs_of_life_and_fences_others(postgres: Server, url: str) -> None:
    shorten(postgres, url, lease=600)
    with sending(url) as dead, sending(url) as alive:
        dead.claim([claim(1)], [])
        dead._pulse.stop()
        until(lambda: list(alive.rows("SELECT reason FROM results")) == [("process-ended",)])
        assert alive.is_sending()
        alive.claim([claim(2)], [])
        alive.leaves()
        with pytest.raises(JournalFailed, match="counts as dead"):
            dead.claim([claim(3)], [])
    with PostgresJournal.read(url) as journal:
        assert not journal.is_sending()


def test_after_an_outage_whoever_is_back_first_fences_no_other(postgres: Server, url: str) -> None:
    """While the server was away for longer than a lease, none could give a sign of life."""
    shorten(postgres, url)
    with sending(url) as first, sending(url) as later:
        ((intent, _),) = later.claim([claim(1)], [])
        time.sleep(0.2)  # both have looked at each other
        for journal in (first, later):
            silence(journal)
        with pytest.raises(TooLate):
            later.leaves()
        time.sleep(0.4)
        first._lease.live()
        time.sleep(0.1)
        first._lease.live()
        assert list(first.rows(f"SELECT over FROM leases WHERE until < {NOW}")) == [(None,)]
        later._lease.live()
        later.leaves()
        later.claim([claim(2)], [result(intent)])
        first._lease.live()
        assert states(first, 1) == {1: ("accepted", "x", 1)}


def test_looks_that_are_far_apart_say_nothing(postgres: Server, url: str) -> None:
    """Between them the server may have been away, or whoever looks was stopped."""
    shorten(postgres, url)
    over = "SELECT fenced FROM leases WHERE over IS NOT NULL"
    with sending(url) as silent, PostgresJournal.open(url) as other:
        silence(silent)
        lookout = Lookout(other._database, 400)
        for _ in range(3):
            lookout.look()
            time.sleep(0.5)
        assert list(other.rows(over)) == []
        until(lambda: lookout.look() or list(other.rows(over)) == [(True,)])


def test_a_sender_that_was_killed_just_now_is_waited_for(postgres: Server, url: str) -> None:
    """Its lease is not over yet; and one that is alive is not waited for."""
    shorten(postgres, url, lease=2000)
    with sending(url) as dead, sending(url) as alive, PostgresJournal.open(url) as other:
        ((_, message),) = dead.claim([claim(1)], [])
        dead._pulse.stop()
        (said,) = wait_for_silent(other)
        assert said.endswith(" from run 1")
        assert alive.claim([claim(1, message, 2)], [])[0] is not None
        assert wait_for_silent(other) == []


def test_who_comes_back_while_it_is_waited_for_is_alive(postgres: Server, url: str) -> None:
    shorten(postgres, url, lease=2000)
    with sending(url) as silent, PostgresJournal.open(url) as other:
        silent.claim([claim(1)], [])
        silence(silent)
        threading.Timer(1.6, silent._lease.live).start()
        assert len(wait_for_silent(other)) == 1
        silent.leaves()
        assert silent.claim([claim(2)], [])[0] is not None


# --- a connection that is cut ---


class Cut(Database):
    """Loses answers: `at` says of the next statement whether it is lost `before` or `after` it was carried out."""

    at = ""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        at, self.at = self.at, ""
        if at == "before":
            self._drop()
            raise JournalAway("cut")
        rows = super().rows(sql, values)
        if at == "after":
            self._drop()
            raise JournalAway("cut")
        return rows


@pytest.fixture
def cut(url: str) -> Iterator[tuple[PostgresJournal, Cut]]:
    database = Cut(url)
    with PostgresJournal(database) as journal:
        journal.begin(RUN, 1_000)
        journal._pulse.stop()
        journal.claim([claim(0)], [])  # from here on a claim is one statement
        yield journal, database


@pytest.mark.parametrize("at", ["before", "after"])
def test_a_claim_whose_answer_is_lost_is_granted_once(cut: tuple[PostgresJournal, Cut], at: str) -> None:
    journal, database = cut
    database.at = at
    with pytest.raises(JournalAway):
        journal.claim([claim(1), claim(2)], [])
    first, second = journal.claim([claim(2), claim(3)], [])  # the engine may bring another batch
    assert first is not None
    assert second is not None
    journal.claim([], [result(first.intent), result(second.intent)])
    ((third, _),) = journal.claim([claim(1)], [])
    journal.claim([], [result(third)])
    assert states(journal, 1, 2, 3) == dict.fromkeys((1, 2, 3), ("accepted", "x", 1))
    assert list(journal.rows("SELECT count(*) FROM intents")) == [(4,)]


@pytest.mark.parametrize("at", ["before", "after"])
def test_results_whose_answer_is_lost_are_kept_once(cut: tuple[PostgresJournal, Cut], at: str) -> None:
    journal, database = cut
    ((intent, _),) = journal.claim([claim(1)], [])
    database.at = at
    with pytest.raises(JournalAway):
        journal.claim([claim(2)], [result(intent)])
    assert journal.claim([claim(2)], [result(intent)])[0] is not None
    assert states(journal, 1, 2) == {1: ("accepted", "x", 1), 2: ("unknown", "process-ended", 1)}


def test_what_was_granted_unheard_and_is_not_asked_for_again_was_not_sent(url: str) -> None:
    database = Cut(url)
    with PostgresJournal(database) as journal:
        journal.begin(RUN, 1_000)
        journal.claim([claim(0)], [])
        database.at = "after"
        with pytest.raises(JournalAway):
            journal.claim([claim(1)], [])
        journal.claim([claim(2)], [])
        journal.end(Counts(0, 0, 2, 1), 2, 9_000)
        assert states(journal, 1, 2) == {1: ("planned", "stopped", 1), 2: ("unknown", "process-ended", 1)}


@pytest.mark.parametrize("at", ["before", "after"])
def test_a_run_ends_whole_also_when_the_server_is_away_just_then(cut: tuple[PostgresJournal, Cut], at: str) -> None:
    """A claim whose answer was lost, and which nobody looked for, was not sent; the run has an end, and no lease any more."""
    journal, database = cut
    database.at = "after"
    with pytest.raises(JournalAway):
        journal.claim([claim(1)], [])
    database.at = at
    journal.end(Counts(0, 0, 1, 1), 1, 9_000)
    assert states(journal, 0, 1) == {0: ("unknown", "process-ended", 1), 1: ("planned", "stopped", 1)}
    assert list(journal.rows("SELECT sent, fenced FROM ends JOIN leases USING (run) WHERE over IS NOT NULL")) == [
        (1, False)
    ]


def test_answers_that_could_not_be_written_are_tried_once_more_at_the_end(cut: tuple[PostgresJournal, Cut]) -> None:
    journal, database = cut
    ((intent, _),) = journal.claim([claim(1)], [])
    database.at = "before"
    with pytest.raises(JournalAway):
        journal.claim([], [result(intent)])
    journal.close()  # the run waits no longer
    with PostgresJournal.read(database.url) as later:
        assert states(later, 1) == {1: ("accepted", "x", 1)}


def test_a_server_that_cuts_connections_loses_nothing(postgres: Server, url: str) -> None:
    """At any point of a claim, by a rival that cuts all the time."""
    stop = threading.Event()

    def rival() -> None:
        while not stop.is_set():
            postgres.cut()
            stop.wait(0.02)

    thread = threading.Thread(target=rival)
    with sending(url) as journal:
        thread.start()
        granted: dict[str, int] = {}
        for number in range(30):
            for _ in range(200):
                with contextlib.suppress(JournalAway):
                    (intent,) = journal.claim([claim(number)], [result(one) for one in list(granted.values())[-2:]])
                    assert intent is not None
                    granted[f"id-{number}"] = intent.intent
                    break
        stop.set()
        thread.join()
        with contextlib.suppress(JournalAway):
            journal.runs()
        journal.claim([], [result(one) for one in list(granted.values())[-2:]])
        assert len(set(granted.values())) == 30
        assert list(journal.rows("SELECT count(*) FROM intents")) == [(30,)]
        assert list(journal.rows("SELECT count(*) FROM results WHERE outcome = 'accepted'")) == [(30,)]


def test_a_server_that_hangs_counts_as_away(url: str) -> None:
    """It closes nothing. What it does when it goes on again is of a claim that is over."""
    with sending(url) as journal:
        journal._pulse.stop()
        journal.claim([claim(1)], [])
        database = journal._database
        database.limit = 0.3
        ((process,),) = database.rows("SELECT pg_backend_pid()")
        os.kill(process, signal.SIGSTOP)
        try:
            with pytest.raises(JournalAway, match=r"no answer in 0\.3 seconds"):
                journal.claim([claim(2)], [])
            database.limit = 10.0
            ((intent, _),) = journal.claim([claim(2)], [])
        finally:
            os.kill(process, signal.SIGCONT)
        until(lambda: not list(journal.rows("SELECT 1 FROM pg_stat_activity WHERE pid = ?", process)))
        journal.claim([], [result(intent)])
        assert states(journal, 2) == {2: ("accepted", "x", 1)}
        assert list(journal.rows("SELECT count(*) FROM intents")) == [(2,)]


def test_a_receiver_does_not_wait_for_a_server_that_hangs(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pnpc.deliver.postgres.journal._SILENCE", 0.3)
    with sending(url) as sender, opening.open_beside(url) as receiver:
        sender.claim([claim(1)], [])
        ((process,),) = receiver.rows("SELECT pg_backend_pid()")
        os.kill(process, signal.SIGSTOP)
        try:
            with pytest.raises(JournalAway, match=r"no answer in 0\.3 seconds"):
                receiver.add_events([Event("e-1", "tag-1", 2_000, 2_000)])
            assert receiver.add_events([Event("e-1", "tag-1", 2_000, 2_000)]) == 1
        finally:
            os.kill(process, signal.SIGCONT)


# --- what is no journal, or another one ---


def test_a_database_without_a_journal_is_refused(postgres: Server, here: Here) -> None:
    url = postgres.database()
    with pytest.raises(NotAJournal, match=r"there is no journal in postgresql:///.*pnpc journal create"):
        PostgresJournal.open(url)
    assert here("status", "--journal", url)[0] == 2
    assert here("journal", "create", url).stderr.startswith("made the journal postgresql:///")
    assert "is there already" in here("journal", "create", url).stderr
    assert here("status", "--journal", url).stdout.splitlines()[0].endswith(": no runs")
    postgres.run("DELETE FROM pnpc.journal", url)
    assert "is damaged" in here("status", "--journal", url).stderr
    assert here("journal", "create", "x.db").returncode == 2


def test_a_role_that_may_not_write(postgres: Server, here: Here) -> None:
    url = postgres.journal()
    postgres.run("DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN", url)
    refused = here("status", "--journal", url.replace("user=pnpc", "user=reader"))
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "permission denied for schema pnpc" in refused.stderr
    postgres.run("GRANT USAGE ON SCHEMA pnpc TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA pnpc TO reader", url)
    assert here("status", "--journal", url.replace("user=pnpc", "user=reader")).returncode == 0


def test_a_journal_that_lost_what_was_written_stops_the_sender(postgres: Server, url: str) -> None:
    with sending(url) as journal:
        journal.claim([claim(1)], [])
        journal.claim([claim(2)], [])
        postgres.run("UPDATE pnpc.leases SET batch = batch - 1", url)  # a copy that was one commit behind
        with pytest.raises(JournalFailed, match="has lost what this run wrote"):
            journal.claim([claim(3)], [])
        postgres.run("UPDATE pnpc.leases SET over = 1", url)  # and it was fenced there
        journal._lease.live()
        with pytest.raises(JournalFailed, match="has lost what this run wrote"):
            journal.claim([claim(3)], [])
        postgres.run("DELETE FROM pnpc.leases", url)  # a backup from before the run
        with pytest.raises(JournalFailed, match="has lost what this run wrote"):
            journal.claim([claim(3)], [])
        journal._lease.live()  # whoever notices it first
        for claims in ([claim(3)], []):
            with pytest.raises(JournalFailed, match="has lost what this run wrote"):
                journal.claim(claims, [result(1)])


# --- real processes ---


def push(folder: Path, url: str, file: Path, server: FaultServer, *more: str) -> "subprocess.Popen[bytes]":
    return start(file.name, "--api-url", server.url, "--format", "json", *more, cwd=folder, PNPC_JOURNAL=url)


def again(here: Here, url: str, file: Path, server: FaultServer, *more: str) -> tuple[int, dict[str, int], str]:
    """A push in this process: its exit code, its counts and what it says."""
    words = ("push", file.name, "--api-url", server.url, "--format", "json", *more)
    done = here(*words, PNPC_JOURNAL=url, LINE_CHANNEL_ACCESS_TOKEN=TOKEN)
    return done.returncode, last_line(done.stdout), done.stderr


def test_two_pushes_at_once_send_nobody_twice(url: str, here: Here, tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", 300)
    with FaultServer() as server:
        processes = [push(tmp_path, url, file, server) for _ in range(2)]
        ended = [end(process) for process in processes]
        assert set(server.bodies().values()) == {1}
        assert len(server.received) == 300
        for code, out, err in ended:  # what the other has sent is not of this run, and not forgotten
            counts = last_line(out)
            assert sum(counts.values()) == 300
            # What the other one has just under way is unknown to this one.
            assert code == (5 if counts["remaining"] or counts["unknown"] else 0), err
        code, counts, _ = again(here, url, file, server)
        assert (code, counts["accepted"], len(server.received)) == (0, 300, 300)


def test_a_push_that_is_killed_leaves_the_rest_to_others(
    postgres: Server, url: str, here: Here, tmp_path: Path
) -> None:
    shorten(postgres, url)
    file = write(tmp_path / "a.jsonl", 60)
    held = [HOLD]
    with FaultServer(lambda request: held if request.number > 20 else answer(202)) as server:
        process = push(tmp_path, url, file, server, "--concurrency", "10")
        until(lambda: len(server.received) >= 30)
        process.kill()
        process.communicate()
        server.script = lambda _: answer(202)
        until(lambda: not opening.is_sending(url), 0.1)
        code, counts, err = again(here, url, file, server)
    assert "10 messages may or may not have been sent by it" in err
    assert (code, counts) == (5, {"accepted": 50, "refused": 0, "unknown": 10, "remaining": 0})
    assert set(server.bodies().values()) == {1}


def test_a_push_that_was_stopped_and_is_woken_sends_nothing_more(
    postgres: Server, url: str, here: Here, tmp_path: Path
) -> None:
    """SIGSTOP while requests are under way: others take it for dead, and send what is unknown again, as they were asked to."""
    shorten(postgres, url)
    file = write(tmp_path / "a.jsonl", 40)
    pause = threading.Event()
    with FaultServer(lambda request: [pause, *answer(202)] if request.number > 10 else answer(202)) as server:
        process = push(tmp_path, url, file, server, "--concurrency", "5")
        until(lambda: len(server.received) >= 15)
        process.send_signal(signal.SIGSTOP)
        until(lambda: not opening.is_sending(url), 0.1)
        server.script = lambda _: answer(202)
        code, counts, _ = again(here, url, file, server, "--resend-unknown")
        assert (code, counts["accepted"]) == (0, 40)
        before = len(server.received)
        assert before == 45  # those that were in flight, a second time, because a person said so
        process.send_signal(signal.SIGCONT)
        pause.set()
        code, out, err = end(process)
        assert "counts as dead" in err
        assert (code, last_line(out)["accepted"]) == (0, 40)  # by the other one
        assert len(server.received) == before


def test_a_push_waits_for_a_server_that_is_away(postgres: Server, url: str, tmp_path: Path) -> None:
    """Answers are read meanwhile, and their results come into the journal when it is back."""
    file = write(tmp_path / "a.jsonl", 40)
    pause = threading.Event()
    with FaultServer(lambda request: [pause, *answer(202)] if request.number > 10 else answer(202)) as server:
        process = push(tmp_path, url, file, server, "--concurrency", "5")
        until(lambda: len(server.received) >= 15)
        postgres.stop()
        try:
            pause.set()
            time.sleep(0.7)
            assert len(server.received) == 15
        finally:
            postgres.start()
        code, out, err = end(process)
        assert (code, last_line(out)["accepted"]) == (0, 40), err
        assert err.count("waiting for the journal, at most 60 seconds: ") == 1
        assert err.count("the journal is back after") == 1
        assert set(server.bodies().values()) == {1}


def test_pushes_go_on_after_the_server_was_away_for_longer_than_a_lease(
    postgres: Server, url: str, tmp_path: Path
) -> None:
    """None could give a sign of life, and none is taken for dead."""
    shorten(postgres, url, lease=1_200)
    files = [
        write(tmp_path / "a.jsonl", 20),
        write_lines(tmp_path / "b.jsonl", [payload(number) for number in range(20, 40)]),
    ]
    pause = threading.Event()
    with FaultServer(lambda request: [pause, *answer(202)] if request.number > 10 else answer(202)) as server:
        processes = [push(tmp_path, url, file, server, "--concurrency", "5") for file in files]
        until(lambda: len(server.received) >= 20)
        postgres.stop()
        try:
            pause.set()
            time.sleep(1.5)
        finally:
            postgres.start()
        for process in processes:
            code, out, err = end(process)
            assert (code, last_line(out)["accepted"]) == (0, 20), err
        assert set(server.bodies().values()) == {1}


def test_a_push_stops_when_the_server_stays_away(postgres: Server, url: str, here: Here, tmp_path: Path) -> None:
    shorten(postgres, url, patience=300)
    file = write(tmp_path / "a.jsonl", 20)
    pause = threading.Event()
    with FaultServer(lambda request: [pause, *answer(202)] if request.number > 10 else answer(202)) as server:
        process = push(tmp_path, url, file, server, "--concurrency", "5")
        until(lambda: len(server.received) >= 15)
        postgres.stop()
        try:
            pause.set()
            code, _, err = end(process)
        finally:
            postgres.start()
        assert (code, len(server.received)) == (5, 15)
        assert err.count("stopped: can't reach the journal") == 1
        # What was answered meanwhile is not known, and so not sent again.
        until(lambda: not opening.is_sending(url), 0.1)
        code, counts, _ = again(here, url, file, server)
        assert (code, counts) == (5, {"accepted": 15, "refused": 0, "unknown": 5, "remaining": 0})
        assert set(server.bodies().values()) == {1}


def test_a_push_whose_journal_is_restored_from_a_backup_notes_again_what_it_sent(
    postgres: Server, url: str, here: Here, tmp_path: Path
) -> None:
    """Else the same command again, as a pipeline does it, would send that a second time."""
    file = write(tmp_path / "a.jsonl", 40)
    pause = threading.Event()
    with FaultServer(lambda request: [pause, *answer(202)] if request.number > 10 else answer(202)) as server:
        process = push(tmp_path, url, file, server, "--concurrency", "5")
        until(lambda: len(server.received) >= 15)
        postgres.run(
            "TRUNCATE pnpc.ids, pnpc.intents, pnpc.results, pnpc.leases, pnpc.files, pnpc.ends, pnpc.runs", url
        )
        pause.set()
        code, out, err = end(process)
        assert (code, last_line(out)["accepted"], last_line(out)["remaining"]) == (5, 15, 25), err
        assert "has lost what this run wrote" in err
        assert (
            "the journal has again what it lost of this push: 15 messages; before the next push, `pnpc journal hold`"
            in err
        )
        assert "run the same command again" not in err
        code, counts, _ = again(here, url, file, server)
        assert (code, counts["accepted"]) == (0, 40)
        assert set(server.bodies().values()) == {1}


def test_a_second_signal_does_not_wait_for_the_server(postgres: Server, url: str, tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", 20)
    with FaultServer(lambda request: [HOLD] if request.number > 10 else answer(202)) as server:
        process = push(tmp_path, url, file, server, "--concurrency", "5")
        until(lambda: len(server.received) >= 15)
        postgres.stop()
        try:
            for _ in range(2):
                process.send_signal(signal.SIGINT)
                time.sleep(0.3)
            code, _, err = end(process)
        finally:
            postgres.start()
        assert (code, len(server.received)) == (5, 15)
        assert "stopped: " in err


def test_two_receivers_on_one_journal(url: str, tmp_path: Path) -> None:
    now = time.time_ns() // 1_000_000
    with sending(url) as journal:
        intents = journal.claim([claim(number) for number in range(4)], [])
        journal.claim([], [result(intent.intent) for intent in intents if intent is not None])
        with listening(url, url.replace("user=pnpc", "user=pnpc&connect_timeout=9")) as one, listening(url) as other:
            for number in range(4):
                data = body(event(f"e-{number}", f"tag-{number}", at=2_000))
                assert [receiver.post(data) for receiver in (one, other)] == [200, 200]
            assert other.post(body(event("e-9", "of-another", at=now))) == 200
            assert [one.stop(), other.stop()] == [0, 0]
        assert "duplicates" in one.error + other.error
        assert list(journal.rows("SELECT count(*) FROM events")) == [(4,)]
        assert list(journal.rows("SELECT state, count(*) FROM messages GROUP BY state")) == [("delivered", 4)]
        assert list(journal.rows("SELECT count(*) FROM listeners")) == [(2,)]


def test_senders_of_programs_share_a_journal(
    postgres: Server, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = [json.dumps(payload(number)) for number in range(30)]
    with (
        FaultServer() as server,
        pnpc.Sender(url, api_url=server.url, environment={"LINE_CHANNEL_ACCESS_TOKEN": TOKEN}) as one,
        pnpc.Sender(url, api_url=server.url, environment={"LINE_CHANNEL_ACCESS_TOKEN": TOKEN}) as other,
        ThreadPoolExecutor(8) as pool,
    ):
        outcomes = list(pool.map(lambda at: (one, other)[at % 2].send(lines[at // 2]), range(60)))
        assert {outcome.reason for outcome in outcomes} <= {"accepted", "claimed", "process-ended"}
        assert sum(outcome.sent_now for outcome in outcomes) == 30
        postgres.stop()
        try:
            late = pool.submit(one.send, json.dumps(payload(99)))
            time.sleep(0.3)
            assert not late.done()
        finally:
            postgres.start()
        assert late.result().state == "accepted"
        assert other.send(json.dumps(payload(99))).sent_now is False
        assert set(server.bodies().values()) == {1}


def test_a_program_hears_of_other_words_that_were_sent_meanwhile(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    look, looks = PostgresJournal.sent_in_other_words, [set[str]()]  # the look before the other has sent finds nothing
    other = payload(1, id="other", body={**payload(1)["body"], "templateKey": "b_ja"})
    with (
        FaultServer() as server,
        pnpc.Sender(url, api_url=server.url, environment={"LINE_CHANNEL_ACCESS_TOKEN": TOKEN}) as sender,
    ):
        assert sender.send(json.dumps(payload(1))).state == "accepted"
        monkeypatch.setattr(
            PostgresJournal, "sent_in_other_words", lambda self, *more: looks.pop() if looks else look(self, *more)
        )
        outcome = sender.send(json.dumps(other))
        assert (outcome.state, outcome.reason, len(server.received)) == ("held", "changed", 1)


def test_a_project_that_names_its_database_in_the_config(url: str, here: Here, tmp_path: Path) -> None:
    (tmp_path / "pnpc.toml").write_text(f'journal = "{url}"\n', encoding="utf-8")
    write(tmp_path / "a.jsonl", 2)
    with FaultServer() as server:
        done = here("push", "a.jsonl", "--api-url", server.url, LINE_CHANNEL_ACCESS_TOKEN=TOKEN)
        assert done.returncode == 0, done.stderr
        assert "the journal postgresql:///" in done.stderr
    assert here("status").stdout.startswith(f"{url}: run 1, a.jsonl, 2 messages to http://127.0.0.1")
    for secret in ("postgresql://me:s3cret@db/shop", "postgresql://db/shop?password=s3cret"):
        (tmp_path / "pnpc.toml").write_text(f'journal = "{secret}"\n', encoding="utf-8")
        refused = here("status")
        assert refused.returncode == 2
        assert "`journal` holds a password" in refused.stderr


def test_a_server_that_is_not_there_is_one_line(here: Here, tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", 2)
    for words in (
        ("push", "a.jsonl"),
        ("push", "a.jsonl", "--dry-run"),
        ("status",),
        ("journal", "list"),
        ("listen",),
        ("counts",),
    ):
        done = here(
            *words,
            LINE_CHANNEL_ACCESS_TOKEN=TOKEN,
            LINE_CHANNEL_SECRET="x",
            PNPC_JOURNAL="postgresql://me:s3cret@127.0.0.1:1/shop",
        )
        assert (done.returncode, done.stderr.count("\n")) == (2, 1), done
        assert done.stderr.startswith("pnpc: can't reach the journal postgresql://me@127.0.0.1:1/shop: ")
        assert "s3cret" not in done.stderr
