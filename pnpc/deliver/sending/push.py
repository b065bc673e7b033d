"""A push: a payload file, its journal, and the engine between them."""

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from pnpc.deliver.journal.runs import NewRun
from pnpc.deliver.sending.artifact import Artifact
from pnpc.deliver.sending.attempts import Attempt, AttemptList
from pnpc.deliver.sending.credentials import Credentials
from pnpc.deliver.sending.engine import Engine, SendSettings
from pnpc.deliver.sending.lines import LineStates
from pnpc.deliver.sending.outcomes import Observation, Outcome, StopReason, stopped_by
from pnpc.deliver.sending.protocols import Limiters, PushJournal
from pnpc.deliver.sending.timeouts import Timeouts

if TYPE_CHECKING:
    from pnpc.deliver.sending.tokens import Tokens

Heard = Callable[[Attempt, Observation, Outcome], None]
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


class PushPlan(NamedTuple):
    """What is to be done: which file, with what secret, how; `channel` is the name that a person gave; `tokens` give each
    request its Authorization where the secret is not one itself."""

    artifact: Artifact
    credentials: Credentials
    settings: SendSettings
    channel: str | None = None
    resend_unknown: bool = False
    timeouts: Timeouts = Timeouts()
    tokens: "Tokens | None" = None

    def run(self) -> NewRun:
        """The run, as the journal notes it."""
        artifact, secret = self.artifact, self.credentials.identity
        return NewRun(
            artifact.name, artifact.digest, artifact.messages, artifact.target, self.settings.api, self.channel, secret,
            [(file.before, file.digest) for file in artifact.files if file.lines],
        )  # fmt: skip


def attempts(artifact: Artifact, states: LineStates, *, resend_unknown: bool) -> Iterator[Attempt]:
    """The messages that are to be sent, in the order of the file. Raises Changed, CouldNotRead."""
    for message in artifact.read_again(lambda line: states.wanted(line, resend_unknown=resend_unknown)):
        yield Attempt.of(message, states.known(message.line))


async def deliver(
    journal: PushJournal,
    limiters: Limiters,
    plan: PushPlan,
    states: LineStates,
    observe: Heard,
    say: Callable[[str], None],
    watch: Callable[[Engine], None] | None = None,
) -> StopReason | None:
    """Send what is to be sent; why the run ended early, None if it did not.

    `states` follow what becomes of each line, and `observe` hears of it; `watch` gets the engine before it begins.
    SIGINT and SIGTERM stop the run and wait for answers; a second one does not wait. Raises Changed, CouldNotRead, JournalFailed.
    """
    from pnpc.deliver.sending.client import Client  # aiohttp: half of the time that a start takes

    headers = {} if plan.tokens else {"Authorization": plan.credentials.authorization}
    source = AttemptList(attempts(plan.artifact, states, resend_unknown=plan.resend_unknown))
    request_id = plan.artifact.kind.request_id

    def hear(attempt: Attempt, seen: Observation, outcome: Outcome) -> None:
        states.note(attempt.message.line, outcome.kind)
        observe(attempt, seen, outcome)

    async with Client(headers, plan.settings.concurrency, plan.timeouts, request_id, plan.tokens) as client:
        engine = Engine(source, journal, limiters, client, plan.settings, hear, say)
        if watch is not None:
            watch(engine)
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
            engine.stop(stopped_by(name))
            say(f"{name}: waiting for pending answers; a second signal does not wait")

    loop = asyncio.get_running_loop()
    for name in _SIGNALS:
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is None or signal.getsignal(number) is signal.SIG_IGN:
            continue
        if os.name == "posix":
            loop.add_signal_handler(number, hear, name)
        else:
            signal.signal(number, lambda *_, name=name: loop.call_soon_threadsafe(hear, name))
