"""Messages that may have been sent though their journal does not know: it was restored from a backup that is older."""

from itertools import islice

from pnpc.deliver.journal.any_journal import AnyJournal
from pnpc.deliver.journal.records import Result
from pnpc.deliver.journal.runs import NewRun
from pnpc.deliver.sending.artifact import Artifact
from pnpc.deliver.sending.lines import look_up
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
    name, held = journal.name_in_tags(), 0
    waiting = attempts(artifact, states, resend_unknown=False)
    while block := list(islice(waiting, _BLOCK)):
        intents = journal.claim([attempt.claim(name, api, now) for attempt in block], [])
        journal.claim(
            [],
            [Result(intent.intent, "unknown", "restored", None, None, None, now, 0) for intent in intents if intent],
        )
        for attempt, intent in zip(block, intents, strict=True):
            if intent is not None:
                states.note(attempt.message.line, "unknown")
                held += 1
    journal.end(states.counts(), 0, now)
    return held
