"""Any order of push, death, resume, delivery event and resend, against a real server: nobody twice, nobody forgotten.

Each push has a file of its own: a part of the messages, a copy in another order, several files, with the same message in two of
them, of one campaign or the other; and while it runs another process wants the journal.
"""

import asyncio
import contextlib
import random
import tempfile
from collections import Counter
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from conftest import tries
from faultserver import CLOSE, RESET, FaultServer, Request, Step, answer
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from postgres import Server
from pushes import SHORT, TOKEN, payload, tag, write_lines

from pnpc.deliver import opening
from pnpc.deliver.journal.any_journal import AnyJournal
from pnpc.deliver.journal.owner import Owned, owner
from pnpc.deliver.journal.records import Claim, Event, RequestShape, Result
from pnpc.deliver.journal.runs import NewRun
from pnpc.deliver.journal.timestamps import now
from pnpc.deliver.sending.artifact import survey
from pnpc.deliver.sending.credentials import Credentials
from pnpc.deliver.sending.engine import SendSettings
from pnpc.deliver.sending.lines import LineStates, look_up
from pnpc.deliver.sending.push import PushPlan, deliver
from pnpc.deliver.sending.rate import local_limiters

MESSAGES = 8  # of each campaign
CAMPAIGNS = ("", "december")
# What a server may do, and whether it then took the message.
MOODS: dict[str, tuple[list[Step], bool]] = {
    "accept": (answer(202), True),
    "refuse": (answer(422, {"message": "Failed to send messages"}), False),
    "limit": (answer(429, {"message": "The API rate limit has been exceeded. Try again later."}), False),
    "took it, and broke": (answer(500), True),
    "did not take it, and broke": (answer(503), False),
    "took it, and said nothing": ([CLOSE], True),
    "did not take it, and said nothing": ([RESET], False),
}


class Named(NamedTuple):
    """A message, wherever it stands."""

    campaign: str
    number: int

    @property
    def id(self) -> str:
        return f"id-{self.campaign}-{self.number}"

    @property
    def tag(self) -> str:
        return f"{self.campaign}-{tag(self.number)}"

    def line(self) -> dict[str, Any]:
        """Its line of a payload file."""
        headers = {"Content-Type": "application/json", "X-Line-Delivery-Tag": self.tag}
        return payload(self.number, id=self.id, headers=headers, origin={"campaign": self.campaign})


ALL = [Named(campaign, number) for campaign in CAMPAIGNS for number in range(MESSAGES)]


class Pushes(RuleBasedStateMachine):
    """The model knows what the server took, and how often a person said `--resend-unknown`."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.journal = self._new_journal()
        self.files = 0
        self.owns = False  # a push runs
        self.intruders = 0  # other processes that got the journal while a push ran
        self.seen: AbstractSet[str] = set()  # what another process last found in it
        self.server = FaultServer(self._answer).__enter__()
        self.moods = ["accept"]
        self.chance = random.Random(0)
        self.taken: Counter[str] = Counter()  # tags of messages that the server will deliver
        self.resends = 0
        self.events = 0
        self.die_at: int | None = None
        self.dying: asyncio.Event | None = None

    def _new_journal(self) -> str:
        return str(Path(self.folder.name, "pnpc.journal.db"))

    def teardown(self) -> None:
        self.server.__exit__(None, None, None)
        self.folder.cleanup()

    def _answer(self, request: Request) -> list[Step]:
        steps, takes = MOODS[self.chance.choice(self.moods)]
        if takes:
            self.taken[request.tag] += 1
        if request.number % 5 == 0:
            self._rival()
        if self.die_at is not None and request.number >= self.die_at:
            self.loop.call_soon_threadsafe(self.task.cancel)
        return steps

    def _rival(self) -> None:
        """Another process wants the journal: it may read it, and push with it only when this one has ended."""
        with contextlib.suppress(Owned), owner(self.journal):
            self.intruders += self.owns  # the server may read a request when the push that sent it has ended
        with opening.read(self.journal) as journal:
            self.seen = journal.known("line", self.server.url, [message.id for message in ALL]).keys()

    @rule(
        lines=st.lists(st.sampled_from(ALL), min_size=1, max_size=2 * MESSAGES),
        cut=st.integers(0, 2 * MESSAGES),
        moods=st.lists(st.sampled_from(sorted(MOODS)), min_size=1, max_size=3),
        resend=st.booleans(),
        dies_after=st.none() | st.integers(1, MESSAGES),
        seed=st.integers(0, 99),
    )
    def push(
        self, lines: list[Named], cut: int, moods: list[str], resend: bool, dies_after: int | None, seed: int
    ) -> None:
        """A run, which may die when so many requests have come: what it had not committed is lost."""
        self.moods = [*moods, "accept"]
        self.chance.seed(seed)
        self.die_at = None if dies_after is None else len(self.server.received) + dies_after
        self.resends += resend
        with survey(*self._written(lines, cut)) as artifact:
            settings = SendSettings(self.server.url, 2000, 8, patience=0.3)
            plan = PushPlan(artifact, Credentials(TOKEN, f"Bearer {TOKEN}"), settings, None, resend, SHORT)
            with opening.to_send(self.journal) as journal:
                self.owns = True
                journal.begin(plan.run(), now())
                states = look_up(artifact, self.server.url, journal, send_changed=False)
                asyncio.run(self._run(journal, plan, states))
                self.owns = False
                assert sum(states.counts()) == len(lines)
        self.die_at = None

    def _written(self, lines: list[Named], cut: int) -> list[str]:
        """One payload file of new name, or two."""
        names = []
        for part in filter(None, (lines[:cut], lines[cut:])):
            self.files += 1
            file = Path(self.folder.name, f"{self.files}.jsonl")
            names.append(str(write_lines(file, [message.line() for message in part])))
        return names

    def _has_journal(self) -> bool:
        return Path(self.journal).exists()

    async def _run(self, journal: AnyJournal, plan: PushPlan, states: LineStates) -> None:
        self.loop = asyncio.get_running_loop()
        limiters = local_limiters(journal, plan.settings.rate)
        self.task = asyncio.ensure_future(deliver(journal, limiters, plan, states, lambda *_: None, lambda _: None))
        await asyncio.wait([self.task])

    @rule(share=st.integers(1, 4), late=st.booleans())
    def events_come(self, share: int, late: bool) -> None:
        """Delivery events of messages that the server took: some, some twice, in any order."""
        if not self._has_journal():
            return
        events = [Event(f"e-{one}", one, 1, 2) for one in sorted(self.taken)][::share]
        with opening.open_beside(self.journal) as journal:
            journal.add_events(events[::-1] + events if late else events)
        self.events = max(self.events, len(events))

    @invariant()
    def nobody_twice_and_nobody_forgotten(self) -> None:
        """Each attempt was taken once at most; each message stands where the server knows it to be."""
        assert max(self.taken.values(), default=0) <= 1, "an attempt was sent twice"
        if not self._has_journal():
            assert not self.server.received
            return
        with opening.read(self.journal) as journal:
            known = dict(journal.rows("SELECT id, state FROM messages"))
            ((twins,),) = journal.rows("SELECT count(*) - count(DISTINCT id) FROM ids")
            intents = {one for (one,) in journal.rows("SELECT tag FROM intents")}
        assert {one.tag for one in self.server.received} <= intents
        assert twins == 0, "one message, remembered as two"
        assert self.intruders == 0, "two processes pushed at the same time"
        assert self.seen <= known.keys(), "what another process found is forgotten"
        for message in ALL:
            state = known.get(message.id, "planned")
            taken = sum(self.taken[name] for name in self._tags(message))
            assert taken <= 1 + self.resends, "sent twice though nobody said so"
            if state in ("delivered", "accepted"):
                assert taken >= 1, "forgotten: it was never taken"
            if state == "planned":
                assert taken == 0, "it would be sent a second time"

    def _tags(self, message: Named) -> list[str]:
        return [message.tag, *(f"{message.tag}.{again}" for again in range(2, self.resends + 2))]


class SharedPushes(Pushes):
    """The same with a journal in PostgreSQL: another sender may push with it at the same time, and gets what is not claimed."""

    postgres: Server

    def _new_journal(self) -> str:
        return self.postgres.journal()

    def _has_journal(self) -> bool:
        return True

    def _rival(self) -> None:
        """Another sender claims a message of this run, which it may get, and sends nothing: then it is not sent."""
        with opening.to_send(self.journal) as journal:
            run = NewRun("-", "-", 0, "line", self.server.url, None, "token")
            journal.begin(run, now())
            known = journal.known("line", self.server.url, [message.id for message in ALL])
            self.seen = known.keys()
            message = self.chance.choice(ALL)
            if message.id not in known:
                shape = RequestShape("POST", self.server.url, None, "{}")
                ((intent),) = journal.claim([Claim(message.id, None, None, 1, 1, "rival", None, shape, now())], [])
                if intent is not None:
                    journal.claim([], [Result(intent.intent, "not_sent", "stopped", None, None, None, now(), 0)])


SETTINGS = settings(
    max_examples=tries(12),
    stateful_step_count=6,
    deadline=None,
    phases=[Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
Pushes.TestCase.settings = SETTINGS
SharedPushes.TestCase.settings = settings(SETTINGS, max_examples=tries(6))
TestPushes = Pushes.TestCase


class TestSharedPushes(SharedPushes.TestCase):  # type: ignore[name-defined,misc]
    """As above."""

    @pytest.fixture(autouse=True)
    def server(self, postgres: Server) -> None:
        """The server is that of all tests."""
        SharedPushes.postgres = postgres
