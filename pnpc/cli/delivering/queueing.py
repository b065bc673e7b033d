"""`pnpc push --queue`: the shards of payload files for the workers, after the checks of a push."""

import json
from collections.abc import Sequence

from pnpc.cli.common import count_of, needs, say, write
from pnpc.cli.delivering.run import Pushing
from pnpc.cli.errors import CouldNotRun
from pnpc.deliver.queue.shards import ShardSettings, list_file, shards_of
from pnpc.deliver.sending.artifact import Artifact
from pnpc.deliver.sending.engine import SendSettings
from pnpc.deliver.sending.lines import look_up
from pnpc.deliver.sending.options import SendOptions
from pnpc.project.inside import is_database

SHARD = 100_000  # lines of a shard, unless a person says otherwise


def demand_files(payloads: Sequence[str], recipients: str | None) -> None:
    """Refuse what no worker could read. Raises CouldNotRun, MissingExtra."""
    needs("postgres")
    if recipients is not None:
        raise CouldNotRun("--queue is for payload files that workers can read: compile the spec first")
    if "-" in payloads:
        raise CouldNotRun("--queue is for payload files that workers can read, not for standard input")


def demand_shared(journal: str) -> None:
    """Refuse a journal that workers do not share. Raises CouldNotRun."""
    if not is_database(journal):
        raise CouldNotRun("--queue needs a journal that workers share: --journal postgresql://…")


def enqueue(
    pushing: Pushing, artifact: Artifact, settings: SendSettings, options: SendOptions, *,
    lists: Sequence[str], country: str | None, channel: str | None, journal: str, lines: int, as_json: bool,
) -> int:  # fmt: skip
    """Queue what a push would send; gives the exit code. Raises CouldNotRun, CouldNotRead."""
    from pnpc.deliver.queue.broker import QueueFailed
    from pnpc.deliver.queue.broker import enqueue as put

    _demand_files_apart(artifact, settings, options)
    counts = pushing.foreseen(settings, options).counts()
    hours = settings.hours
    kept = ShardSettings(
        settings.api, settings.rate, settings.concurrency, settings.not_after, hours and hours.text,
        hours.outside if hours else "wait", country, tuple(map(list_file, lists)), options.resend_unknown,
        options.send_changed, channel,
    )  # fmt: skip
    try:
        queued, waiting = put(journal, shards_of(artifact, kept, lines))
    except QueueFailed as error:
        raise CouldNotRun(str(error)) from None
    numbers = {
        "shards": len(queued) + len(waiting), "queued": len(queued), "waiting": len(waiting),
        "messages": sum(shard.messages for shard in queued),
    }  # fmt: skip
    say("", "queued", **numbers)
    if as_json:
        write(json.dumps({**counts._asdict(), "sent_now": 0, **numbers}, separators=(",", ":")) + "\n")
    else:
        more = f"; {count_of(len(waiting), 'shard')} waited there already" if waiting else ""
        write(f"{count_of(len(queued), 'shard')} queued: {count_of(numbers['messages'], 'message')}{more}\n")
    return 0


def _demand_files_apart(artifact: Artifact, settings: SendSettings, options: SendOptions) -> None:
    """Refuse files that say the same in other words: a push would hold back the later ones, and workers send them at once."""
    if len(artifact.files) > 1 and not options.send_changed:
        held = look_up(artifact, settings.api, None, send_changed=False).held
        if held:
            raise CouldNotRun(
                f"{count_of(held, 'message')} with a delivery tag that the recipient is sent from an earlier file, in other"
                " words: queue the files one after the other, or add --send-changed"
            )
