"""A push with another journal and another limiter than ours: it knows of both only what `protocols` says."""

import ast
import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Event

import pytest
from conftest import ROOT
from faultserver import FaultServer, answer
from pushes import SHORT, TOKEN, payload, tag, until, write, write_lines

from pnpc.deliver.journal.records import Claim, Counts, Intent, JournalAway, KnownMessage, Result, TooLate
from pnpc.deliver.journal.runs import NewRun
from pnpc.deliver.sending.artifact import survey
from pnpc.deliver.sending.attempts import Attempt
from pnpc.deliver.sending.client import Client
from pnpc.deliver.sending.credentials import Credentials
from pnpc.deliver.sending.engine import Engine, SendSettings
from pnpc.deliver.sending.lines import look_up
from pnpc.deliver.sending.protocols import Limiter, Limiters, PushJournal
from pnpc.deliver.sending.push import PushPlan, deliver
from pnpc.deliver.sending.rate import local_limiters


class JournalInMemory:
    """Remembers as long as the process lives. `taken`: ids that another sender has claimed."""

    is_remote = False
    patience = 0.0

    def __init__(self, taken: Sequence[str] = ()) -> None:
        self.runs = 0
        self.claims: list[Claim] = []
        self.results: dict[int, Result] = {}
        self.taken = set(taken)

    def name_in_tags(self) -> str:
        return "0123456789ab"

    def begin(self, run: NewRun, now: int) -> int:
        self.runs += 1
        return 0

    def known(self, target: str, api: str, ids: Sequence[str]) -> Mapping[str, KnownMessage]:
        outcomes = {
            claim.id: self.results[number] for number, claim in enumerate(self.claims) if number in self.results
        }
        return {
            id: KnownMessage(0, seen.outcome, 1, 0, seen.at, 1, seen.reason) for id in ids if (seen := outcomes.get(id))
        }

    def sent_in_other_words(self, target: str, api: str, subjects: Mapping[str, str], payloads: str) -> set[str]:
        sent = {(claim.subject, claim.id) for claim in self.claims}
        return {id for id, subject in subjects.items() if any(s == subject and o != id for s, o in sent)}

    def claim(self, claims: Sequence[Claim], results: Sequence[Result]) -> list[Intent | None]:
        self.results |= {result.intent: result for result in results}
        intents: list[Intent | None] = []
        for claim in claims:
            if claim.id in self.taken:
                intents.append(None)
            else:
                intents.append(Intent(len(self.claims), len(self.claims)))
                self.claims.append(claim)
        return intents

    def leaves(self) -> None:
        pass

    def recent(self, url: str, since: int) -> list[int]:
        return []

    def refusals(self) -> list[tuple[str, int]]:
        return []

    def end(self, counts: Counts, sent: int, now: int) -> None:
        pass


class Leases:
    """Three requests may leave in 20 milliseconds, whoever sends them."""

    def __init__(self) -> None:
        self.granted = 0
        self.asked: list[tuple[float, int]] = []
        self.left: list[float] = []

    def take(self, wanted: int, now: float) -> int:
        self.asked.append((now, wanted))
        taken = min(wanted, 3 - self.granted - sum(now - at < 0.02 for at in self.left))
        self.granted += taken
        return taken

    def leaves(self, now: float, taken: float) -> None:
        assert taken in {at for at, _ in self.asked}
        self.granted -= 1
        self.left.append(now)

    def stays(self, taken: float) -> None:
        self.granted -= 1

    def slow_down(self, now: float, wait: float = 0.0) -> None:
        pass


class Away(JournalInMemory):
    """A journal that is away when it is asked the second time, for as long as all answers need to come."""

    is_remote = True

    def __init__(self, come: Event, answered: Callable[[], bool]) -> None:
        super().__init__()
        self._come, self._answered = come, answered
        self._asked = 0

    def claim(self, claims: Sequence[Claim], results: Sequence[Result]) -> list[Intent | None]:
        self._asked += 1
        if self._asked == 2:
            self._come.set()
            until(self._answered)
            raise JournalAway("away")
        return super().claim(claims, results)


def pushed(file: Path, url: str, journal: PushJournal, limiters: Limiters) -> Counts:
    with survey(str(file)) as artifact:
        plan = PushPlan(
            artifact, Credentials(TOKEN, f"Bearer {TOKEN}"), SendSettings(url, 100, 100), None, False, SHORT
        )
        journal.begin(plan.run(), 0)
        states = look_up(artifact, url, journal, send_changed=False)
        assert asyncio.run(deliver(journal, limiters, plan, states, lambda *_: None, lambda _: None)) is None
        return states.counts()


def test_an_answer_that_comes_while_the_journal_fails_is_written_in_the_end(tmp_path: Path) -> None:
    file, come, heard = write(tmp_path / "a.jsonl", 5), Event(), list[object]()
    leases = Leases()  # three requests leave; then the next are asked for
    with FaultServer(lambda _: [come, *answer(202)]) as server, survey(str(file)) as artifact:
        journal = Away(come, lambda: len(heard) == 3)
        settings = SendSettings(server.url, 100, 100)
        plan = PushPlan(artifact, Credentials(TOKEN, f"Bearer {TOKEN}"), settings, None, False, SHORT)
        states = look_up(artifact, server.url, journal, send_changed=False)
        with pytest.raises(JournalAway):
            asyncio.run(
                deliver(journal, lambda *_: leases, plan, states, lambda *seen: heard.append(seen), lambda _: None)
            )
    assert [result.outcome for result in journal.results.values()] == ["accepted"] * 3


def test_another_journal_and_another_limiter_do(tmp_path: Path) -> None:
    file, journal, leases = write(tmp_path / "a.jsonl", 20), JournalInMemory(), Leases()

    def limiters(url: str, now: float) -> Limiter:
        assert url.endswith("/v2/bot/message/pnp/templated/push")
        return leases

    with FaultServer() as server:
        assert pushed(file, server.url, journal, limiters) == (20, 0, 0, 0)
        assert pushed(file, server.url, journal, limiters) == (20, 0, 0, 0)
        other = {**payload(3)["body"], "templateKey": "another_ja"}
        changed = write_lines(tmp_path / "b.jsonl", [payload(3, id="other", body=other), payload(77)])
        assert pushed(changed, server.url, journal, limiters) == (1, 0, 0, 1)
        assert set(server.bodies().values()) == {1}
        assert len(server.received) == 21
    assert (leases.granted, journal.runs, len(journal.results)) == (0, 3, 21)
    times, wanted = zip(*leases.asked, strict=True)
    assert len(set(times)) == len(times), "asked once a tick, for all of its messages"
    assert max(wanted) > 1


def test_what_another_sender_has_claimed_is_not_sent(tmp_path: Path) -> None:
    file, journal = write(tmp_path / "a.jsonl", 5), JournalInMemory(taken=["id-1", "id-3"])
    leases = Leases()
    with FaultServer() as server:
        assert pushed(file, server.url, journal, lambda *_: leases) == (3, 0, 0, 2)
        assert sorted(request.tag for request in server.received) == [tag(0), tag(2), tag(4)]
    assert leases.granted == 0, "what was taken for a message that does not leave is given back"


class Strict(Leases):
    """Lets the first two requests wait until their turn is over."""

    late = 2

    def leaves(self, now: float, taken: float) -> None:
        if self.late:
            self.late -= 1
            raise TooLate("its turn is over")
        super().leaves(now, taken)


def test_a_request_whose_turn_is_over_does_not_leave_and_goes_later(tmp_path: Path) -> None:
    """Its connection is there by then, and serves the others."""
    file, journal, leases = write(tmp_path / "a.jsonl", 6), JournalInMemory(), Strict()
    with FaultServer() as server:
        assert pushed(file, server.url, journal, lambda *_: leases) == (6, 0, 0, 0)
        assert set(server.bodies().values()) == {1}
        assert server.connections <= 3
    reasons = [(result.outcome, result.reason) for result in journal.results.values()]
    assert sorted(reasons) == [("accepted", "accepted")] * 6 + [("not_sent", "connect")] * 2
    assert leases.granted == 0


class Queue:
    """A source for messages that come one at a time."""

    def __init__(self) -> None:
        self.is_over = False
        self.waiting: list[Attempt] = []

    def take(self) -> Attempt | None:
        return self.waiting.pop(0) if self.waiting else None


def test_an_engine_that_lives_long_takes_messages_as_they_come(tmp_path: Path) -> None:
    """Without work it waits, and looks at no clock; a message that comes goes at once."""
    source, journal, heard = Queue(), JournalInMemory(), []

    async def live(url: str) -> None:
        async with Client({"Authorization": "Bearer x"}, 10) as client:
            settings, limiters = SendSettings(url, 100, 10), local_limiters(journal, 100)
            engine = Engine(source, journal, limiters, client, settings, lambda *seen: heard.append(seen[2].kind))
            running = asyncio.create_task(engine.run())
            for message in messages:
                await asyncio.sleep(0.03)
                source.waiting.append(Attempt(message, 0, 0))
                engine.wake()
                while len(heard) <= message.line - 1:
                    await asyncio.sleep(0.005)
            source.is_over = True
            engine.wake()
            await asyncio.wait_for(running, 20)
            assert engine.stopped is None

    with FaultServer(lambda _: answer(202)) as server, survey(str(write(tmp_path / "a.jsonl", 4))) as artifact:
        messages = list(artifact.read_again(lambda _: True))
        asyncio.run(live(server.url))
    assert heard == ["accepted"] * 4
    assert len(journal.results) == 4


def test_the_push_imports_neither_our_journal_nor_our_limiter() -> None:
    """So a journal in a database, or leases of many senders, can stand in their place; mypy holds them to the protocols."""
    room = ROOT / "pnpc" / "deliver" / "sending"
    for name in ("protocols", "engine", "lines", "push"):
        tree = ast.parse((room / f"{name}.py").read_text(encoding="utf-8"))
        modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        ours = {module for module in modules if module and module.startswith("pnpc.deliver.journal.")}
        assert ours <= {f"pnpc.deliver.journal.{part}" for part in ("records", "runs", "timestamps")}
        assert "pnpc.deliver.sending.rate" not in modules
