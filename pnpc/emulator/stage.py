"""All that one emulator is made of, on its loop: LINE's side, the faults, the clock's alarms, the webhook."""

import asyncio
from http import HTTPStatus
from random import Random
from typing import Any, NamedTuple

from pnpc.emulator import events, questions
from pnpc.emulator.answers import Answer
from pnpc.emulator.clock import Clock
from pnpc.emulator.faults import Faults, ScenarioFault
from pnpc.emulator.ledger import Ledger, LedgerEntry
from pnpc.emulator.line import Platform, Request
from pnpc.emulator.scenario import Scenario
from pnpc.emulator.sinch import CallbackPoster, SinchPlatform
from pnpc.emulator.webhooks import Postman
from pnpc.line.catalog import Catalog


class Webhook(NamedTuple):
    """Where events go, and the channel secret that signs them."""

    url: str
    secret: str


class Stage:
    """One emulator's parts, and how they move each other."""

    def __init__(
        self, scenario: Scenario, clock: Clock, catalog: Catalog, ledger: Ledger, *,
        webhook: Webhook | None = None, token: str | None = None, callback: Webhook | None = None,
    ) -> None:  # fmt: skip
        """`token` is the only bearer token that is taken; with None any is. `callback`: where Sinch's reports go."""
        self.clock, self.ledger = clock, ledger
        self._catalog, self._token = catalog, token
        self._random = Random(scenario.seed)
        self.postman = Postman(*webhook, scenario.settings, self._random) if webhook is not None else None
        self.reporter = CallbackPoster(*callback, clock) if callback is not None else None
        self._alarm: asyncio.TimerHandle | None = None
        self.play(scenario)

    def play(self, scenario: Scenario) -> None:
        """Begin a scenario; ledger, clock and events under way stay as they are."""
        self.scenario = scenario
        self.faults = Faults(scenario.faults, scenario.seed)
        self.line = Platform(
            scenario.settings, self.clock, self._catalog, self.ledger, self._delivered, scenario.people, self._token,
            None if self.postman is None else self.postman.url,
        )  # fmt: skip
        self.sinch = SinchPlatform(
            scenario.settings, self.clock, self._catalog, self.ledger, self.line.people, self.reporter, self._token
        )
        if self.postman is not None:
            self.postman.settings = scenario.settings

    def fault(self, asked: Request) -> ScenarioFault | None:
        """The fault that strikes a request that was read."""
        if not self.faults.any:
            return None
        to = self.line.recipient(asked)
        person = self.line.people.person(to).kind if to else ""
        return self.faults.late(asked.endpoint.name, to, person)

    async def answer(self, asked: Request) -> Answer:
        """LINE's answer; a webhook is tested by a post to it."""
        answer = self.line.answer(asked)
        if asked.endpoint.name == questions.TEST and answer.status == HTTPStatus.OK and self.postman is not None:
            post = await self.postman.test(questions.endpoint_of(asked.raw))
            return questions.tested(post, self.clock.now())
        return answer

    async def settle(self) -> None:
        """After a request: deliver what is due, before its answer goes out only if the settings want that."""
        if self.clock.next_due() is None:
            return
        if self.scenario.settings.event_first:
            self._ring()
            if self.postman is not None:
                await self.postman.drain()
        else:
            asyncio.get_running_loop().call_soon(self._ring)

    async def advance(self, seconds: float) -> None:
        """Let the virtual clock go on, and wait until the events of that time are posted. Raises ValueError."""
        self.clock.advance(seconds)
        await self.drain()

    async def drain(self) -> None:
        """Deliver what is due now, and wait until every event is posted."""
        self._ring()
        if self.postman is not None:
            await self.postman.drain()
        if self.reporter is not None:
            await self.reporter.drain()

    async def start(self) -> None:
        """Begin to post events."""
        if self.postman is not None:
            self.postman.start()

    async def stop(self) -> None:
        """End; events that were not posted are not posted."""
        if self._alarm is not None:
            self._alarm.cancel()
        if self.postman is not None:
            await self.postman.stop()
        if self.reporter is not None:
            await self.reporter.stop()

    def overview(self) -> dict[str, Any]:
        """What there is to know at a glance, without token and secret."""
        return {
            "time": self.clock.now(),
            "clock": "virtual" if self.clock.virtual else "real",
            "accepted": len(self.ledger),
            "delivered": sum(entry.delivered is not None for entry in self.ledger),
            "answers": dict(self.ledger.answers),
            "settings": self.scenario.settings._asdict(),
        }

    def _ring(self) -> None:
        """Do what is due, and set the alarm for what comes next; a virtual clock has none."""
        self.clock.run_due()
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        due = self.clock.next_due()
        if due is not None and not self.clock.virtual:
            wait = max(0, due - self.clock.now())
            self._alarm = asyncio.get_running_loop().call_later(wait, self._ring)

    def _delivered(self, entry: LedgerEntry, now: float) -> None:
        if self.postman is not None:
            self.postman.put(events.delivery(entry.tag or entry.to, now, self._random))
