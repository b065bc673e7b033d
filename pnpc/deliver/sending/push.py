"""A push: a payload file, its journal, and the engine between them."""

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from typing import NamedTuple

from pnpc.deliver.journal.binding import Channel, PushRun, run_of
from pnpc.deliver.journal.journal import Journal
from pnpc.deliver.journal.timestamps import now
from pnpc.deliver.sending.artifact import Artifact
from pnpc.deliver.sending.credentials import Credentials
from pnpc.deliver.sending.engine import Attempt, Engine, SendSettings
from pnpc.deliver.sending.outcomes import Observation, Outcome
from pnpc.deliver.sending.timeouts import Timeouts

Told = Callable[[Attempt, Observation, Outcome], None]
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


class PushPlan(NamedTuple):
    """What is to be done: which file, with what secret, how; `channel` is the name that a person gave."""

    artifact: Artifact
    credentials: Credentials
    settings: SendSettings
    channel: str | None = None
    resend_unknown: bool = False
    timeouts: Timeouts = Timeouts()

    def run(self) -> PushRun:
        """What the journal is bound to."""
        return run_to(self.artifact, self.settings)


def run_to(artifact: Artifact, settings: SendSettings) -> PushRun:
    """The run that sends a payload file to the address of the settings."""
    return run_of(artifact.digest, artifact.messages, artifact.name, artifact.target, settings.api)


def begin(journal: Journal, plan: PushPlan) -> int:
    """Take the journal up; how many messages an ended process left unknown. Raises NotThisRun, JournalFailed."""
    return journal.begin(plan.run(), Channel(plan.channel, plan.credentials.identity), now())


def attempts(journal: Journal, artifact: Artifact, *, resend_unknown: bool) -> Iterator[Attempt]:
    """The messages that are to be sent, in the order of the file: one byte of memory for each line.

    Raises Changed, CouldNotRead, JournalFailed.
    """
    done = bytearray()
    made: dict[int, int] = {}
    for line, state, count in journal.states():
        wanted = state == "planned" or (state == "unknown" and resend_unknown)
        done.extend(bytes(max(0, line + 1 - len(done))))
        done[line] = not wanted
        if wanted:
            made[line] = count
    unknown = dict(journal.rows("SELECT line, count(*) FROM attempts WHERE outcome = 'unknown' GROUP BY line"))
    for message in artifact.read_again(lambda line: line >= len(done) or not done[line]):
        yield Attempt(message, made.get(message.line, 0), unknown.get(message.line, 0), 0)


async def deliver(journal: Journal, plan: PushPlan, observe: Told, say: Callable[[str], None]) -> str | None:
    """Send what is to be sent; why it ended early, or None. The first signal drains, the second waits for nothing.

    `say` hears of signals. Raises JournalFailed, Changed, CouldNotRead, after the answers that are due have come.
    """
    from pnpc.deliver.sending.client import Client  # aiohttp: half of the time that a start takes

    headers = {"Authorization": plan.credentials.authorization}
    source = attempts(journal, plan.artifact, resend_unknown=plan.resend_unknown)
    request_id = plan.artifact.kind.request_id
    async with Client(headers, plan.settings.concurrency, plan.timeouts, request_id) as client:
        engine = Engine(source, journal, client, plan.settings, observe)
        _hear_signals(engine, say)
        await engine.run()
    return engine.stopped


def _hear_signals(engine: Engine, say: Callable[[str], None]) -> None:
    heard: list[str] = []

    def hear(name: str) -> None:
        heard.append(name)
        if len(heard) > 1:
            engine.abandon()
        else:
            engine.stop(f"stopped by {name}")
            say(f"{name}: waiting for pending answers; a second signal does not wait")

    if os.name == "posix":
        for name in _SIGNALS:
            asyncio.get_running_loop().add_signal_handler(getattr(signal, name), hear, name)
