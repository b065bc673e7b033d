"""Messages that were sent, or may have been, though their journal does not know: it was restored from a backup that is older."""

from collections.abc import Iterator, Mapping
from itertools import islice

from pnpc.deliver.journal.any_journal import AnyJournal
from pnpc.deliver.journal.records import Result
from pnpc.deliver.journal.runs import NewRun
from pnpc.deliver.sending.artifact import Artifact
from pnpc.deliver.sending.attempts import Attempt
from pnpc.deliver.sending.lines import LineStates, look_up
from pnpc.deliver.sending.push import attempts

_BLOCK = 500  # messages that are noted at once


def hold(artifact: Artifact, api: str, journal: AnyJournal, now: int) -> int:
    """Note all messages of payload files that a push would send to an address as unknown, in a run of their own; how many.
    `now` is in milliseconds since 1970.

    Raises JournalFailed, Changed, CouldNotRead.
    """
    states = look_up(artifact, api, journal, send_changed=True)
    files = [(file.before, file.digest) for file in artifact.files if file.lines]
    run = NewRun(
        artifact.name, artifact.digest, artifact.messages, artifact.target, api, None, "", files, send_changed=True
    )
    journal.begin(run, now)
    waiting = attempts(artifact, states, resend_unknown=False)
    held = 0
    for line in _noted(journal, waiting, {}, api, now):
        states.note(line, "unknown")
        held += 1
    journal.end(states.counts(), 0, now)
    return held


def note_again(
    artifact: Artifact, run: NewRun, journal: AnyJournal, states: LineStates, lost: Mapping[int, str], now: int
) -> int:
    """Note what a run had sent when its journal lost that, in a new run, which is left open; how many messages. `states` are as the
    journal knows the lines, `lost` has the outcome of each line that it does not know (see `LineStates.lost`).

    Raises JournalFailed, Changed, CouldNotRead.
    """
    journal.begin(run._replace(send_changed=True), now)
    messages = artifact.read_again(lambda line: line in lost)
    waiting = (Attempt.of(message, states.known(message.line)) for message in messages)
    return sum(1 for _ in _noted(journal, waiting, lost, run.api, now))


def _noted(
    journal: AnyJournal, waiting: Iterator[Attempt], outcomes: Mapping[int, str], api: str, now: int
) -> Iterator[int]:
    """Note attempts with their outcomes, by line (`unknown` where there is none); the lines that are noted."""
    name = journal.name_in_tags()
    while block := list(islice(waiting, _BLOCK)):
        intents = journal.claim([attempt.claim(name, api, now) for attempt in block], [])
        granted = [(attempt.message.line, intent) for attempt, intent in zip(block, intents, strict=True) if intent]
        results = [_result(intent.intent, outcomes.get(line, "unknown"), now) for line, intent in granted]
        journal.claim([], results)
        yield from (line for line, _ in granted)


def _result(intent: int, outcome: str, now: int) -> Result:
    reason = "restored" if outcome == "unknown" else outcome
    return Result(intent, outcome, reason, None, None, None, now, 0)
