"""Any order of push, death, resume, delivery event and resend, against a real server: nobody twice, nobody forgotten."""

import asyncio
import random
import tempfile
from collections import Counter
from pathlib import Path

from faultserver import CLOSE, RESET, FaultServer, Request, Step, answer
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from journals import states as states_in
from pushes import SHORT, TOKEN, journal_of, tag, write

from pnpc.deliver.journal.journal import Journal
from pnpc.deliver.journal.records import Event
from pnpc.deliver.journal.timestamps import now
from pnpc.deliver.sending.artifact import survey
from pnpc.deliver.sending.credentials import Credentials
from pnpc.deliver.sending.engine import SendSettings
from pnpc.deliver.sending.lines import LineStates, look_up
from pnpc.deliver.sending.push import PushPlan, deliver
from pnpc.deliver.sending.rate import local_limiters

MESSAGES = 12
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


class Pushes(RuleBasedStateMachine):
    """The model knows what the server took, and how often a person said `--resend-unknown`."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.file = write(Path(self.folder.name, "a.jsonl"), MESSAGES)
        self.server = FaultServer(self._answer).__enter__()
        self.moods = ["accept"]
        self.chance = random.Random(0)
        self.taken: Counter[str] = Counter()  # tags of messages that the server will deliver
        self.resends = 0
        self.events = 0
        self.die_at: int | None = None
        self.dying: asyncio.Event | None = None

    def teardown(self) -> None:
        self.server.__exit__(None, None, None)
        self.folder.cleanup()

    def _answer(self, request: Request) -> list[Step]:
        steps, takes = MOODS[self.chance.choice(self.moods)]
        if takes:
            self.taken[request.tag] += 1
        if self.die_at is not None and request.number >= self.die_at:
            self.loop.call_soon_threadsafe(self.task.cancel)
        return steps

    @rule(
        moods=st.lists(st.sampled_from(sorted(MOODS)), min_size=1, max_size=3),
        resend=st.booleans(),
        dies_after=st.none() | st.integers(1, MESSAGES),
        seed=st.integers(0, 99),
    )
    def push(self, moods: list[str], resend: bool, dies_after: int | None, seed: int) -> None:
        """A run, which may die when so many requests have come: what it had not committed is lost."""
        self.moods = [*moods, "accept"]
        self.chance.seed(seed)
        self.die_at = None if dies_after is None else len(self.server.received) + dies_after
        self.resends += resend
        with survey(str(self.file)) as artifact:
            settings = SendSettings(self.server.url, 2000, 8, patience=0.3)
            plan = PushPlan(artifact, Credentials(TOKEN, f"Bearer {TOKEN}"), settings, None, resend, SHORT)
            with Journal.open_or_create(journal_of(self.file)) as journal:
                journal.begin(plan.run(), now())
                states = look_up(artifact, self.server.url, journal, send_changed=False)
                asyncio.run(self._run(journal, plan, states))
        self.die_at = None

    async def _run(self, journal: Journal, plan: PushPlan, states: LineStates) -> None:
        self.loop = asyncio.get_running_loop()
        limiters = local_limiters(journal, plan.settings.rate)
        self.task = asyncio.ensure_future(deliver(journal, limiters, plan, states, lambda *_: None, lambda _: None))
        await asyncio.wait([self.task])

    @rule(share=st.integers(1, 4), late=st.booleans())
    def events_come(self, share: int, late: bool) -> None:
        """Delivery events of messages that the server took: some, some twice, in any order."""
        if not Path(journal_of(self.file)).exists():
            return
        events = [Event(f"e-{one}", one, 1, 2) for one in sorted(self.taken)][::share]
        with Journal.open(journal_of(self.file)) as journal:
            journal.add_events(events[::-1] + events if late else events)
        self.events = max(self.events, len(events))

    @invariant()
    def nobody_twice_and_nobody_forgotten(self) -> None:
        """Each attempt was taken once at most; each message stands where the server knows it to be."""
        assert max(self.taken.values(), default=0) <= 1, "an attempt was sent twice"
        if not Path(journal_of(self.file)).exists():
            assert not self.server.received
            return
        with Journal.open(journal_of(self.file)) as journal:
            known = {line: state for line, state, _ in states_in(journal)}
            intents = {one for (one,) in journal.rows("SELECT tag FROM intents")}
        assert {one.tag for one in self.server.received} <= intents
        for number in range(MESSAGES):
            state = known.get(number + 1, "planned")
            taken = sum(self.taken[one] for one in self._tags(number))
            assert taken <= 1 + self.resends, "sent twice though nobody said so"
            if state in ("delivered", "accepted"):
                assert taken >= 1, "forgotten: it was never taken"
            if state == "planned":
                assert taken == 0, "it would be sent a second time"

    def _tags(self, number: int) -> list[str]:
        return [tag(number), *(f"{tag(number)}.{again}" for again in range(2, self.resends + 2))]


Pushes.TestCase.settings = settings(
    max_examples=12,
    stateful_step_count=6,
    deadline=None,
    phases=[Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
TestPushes = Pushes.TestCase
