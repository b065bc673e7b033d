"""`pnpc push --queue`: the shards of payload files for the workers, after the checks of a push."""

import json
import os
from collections.abc import Sequence
from typing import NamedTuple

from pnpc.cli.common import count_of, needs, say, write
from pnpc.cli.delivering.run import Pushing
from pnpc.cli.errors import CouldNotRun
from pnpc.deliver.queue.shards import MOST_CHANNEL, Shard, ShardSettings, list_file, shards_of
from pnpc.deliver.sending.artifact import Artifact
from pnpc.deliver.sending.engine import SendSettings
from pnpc.deliver.sending.lines import look_up
from pnpc.deliver.sending.options import SendOptions
from pnpc.project.files import is_utf8, shown
from pnpc.project.inside import is_database
from pnpc.project.remote import is_url
from pnpc.text.lazy import regex

SHARD = 100_000  # lines of a shard, unless a person says otherwise
_OF_A_PROCESS = regex("/dev$|/dev/fd|/proc/")  # folders whose files are gone with a process: /dev/stdin, /dev/fd/63


def demand_queue(payloads: Sequence[str], recipients: str | None, channel: str | None) -> None:
    """Refuse what no worker could read, before it is read. Raises CouldNotRun, MissingExtra."""
    needs("postgres")
    if recipients is not None:
        raise CouldNotRun("--queue is for payload files that workers can read: compile the spec first")
    demand_channel(channel)
    demand_files(payloads)


def demand_files(names: Sequence[str]) -> None:
    """Refuse files that a worker could not read later by their name. Raises CouldNotRun."""
    for name in names:
        if name == "-":
            raise CouldNotRun("--queue is for files that workers can read later, not for standard input")
        path = name if is_url(name) else os.path.abspath(name)
        if not is_utf8(path):
            raise CouldNotRun(f"--queue needs names that are UTF-8 text, and {shown(path)} is not: rename it")
        if is_url(name):
            continue
        # What is not there, or is a folder, is reported where it is read.
        is_there = os.path.exists(path) and not os.path.isdir(path)
        if is_there and (not os.path.isfile(path) or _OF_A_PROCESS.match(os.path.realpath(os.path.dirname(path)))):
            raise CouldNotRun(
                f"--queue is for files that workers can read later, and {shown(name)} is not one: write it to a file first"
            )


def demand_channel(channel: str | None) -> None:
    """Refuse a name that no queue can have. Raises CouldNotRun."""
    if channel is None:
        return
    if not is_utf8(channel):
        raise CouldNotRun(f"--channel is not UTF-8 text, which the name of a queue must be: {shown(channel)}")
    if len(channel) > MOST_CHANNEL:
        raise CouldNotRun(f"--channel is {len(channel):,} characters long: a queue takes {MOST_CHANNEL} at most")


def demand_shared(journal: str) -> None:
    """Refuse a journal that workers do not share. Raises CouldNotRun."""
    if not is_database(journal):
        raise CouldNotRun("--queue needs a journal that workers share: --journal postgresql://…")


class QueuePlan(NamedTuple):
    """What is to be queued: the lines of payload files in shards of `lines`, and how workers are to send them."""

    artifact: Artifact
    settings: SendSettings
    options: SendOptions
    lists: Sequence[str]
    country: str | None
    channel: str | None
    lines: int

    def shards(self, last_run: int = 0) -> list[Shard]:
        """`last_run`: the last run that the journal knows. Raises CouldNotRun, CouldNotRead."""
        settings, options, hours = self.settings, self.options, self.settings.hours
        kept = ShardSettings(
            settings.api, settings.rate, settings.concurrency, settings.not_after, hours and hours.text,
            hours.outside if hours else "wait", self.country, tuple(map(list_file, self.lists)), options.resend_unknown,
            options.send_changed, self.channel,
        )  # fmt: skip
        return list(shards_of(self.artifact, kept, self.lines, last_run))

    def demand_files_apart(self) -> None:
        """Refuse files that say the same in other words: a push would hold back the later ones, and workers send them at once. Raises
        CouldNotRun."""
        if len(self.artifact.files) > 1 and not self.options.send_changed:
            held = look_up(self.artifact, self.settings.api, None, send_changed=False).held
            if held:
                raise CouldNotRun(
                    f"{count_of(held, 'message')} with a delivery tag that the recipient is sent from an earlier file, in other"
                    " words: queue the files one after the other, or add --send-changed"
                )


def rehearse(pushing: Pushing, plan: QueuePlan) -> int:
    """Tell what would be queued, and what workers would send of it; gives the exit code. Raises CouldNotRun, CouldNotRead."""
    plan.demand_files_apart()
    shards = plan.shards()
    messages = sum(shard.messages for shard in shards)
    would = f"would queue {count_of(len(shards), 'shard')}: {count_of(messages, 'message')}; workers would send"
    return pushing.rehearse(plan.settings, plan.options, would, shards=len(shards), messages=messages)


def enqueue(pushing: Pushing, plan: QueuePlan, journal: str, *, as_json: bool) -> int:
    """Queue what a push would send; gives the exit code. Raises CouldNotRun, CouldNotRead."""
    from pnpc.deliver.queue.broker import QueueFailed
    from pnpc.deliver.queue.broker import enqueue as put

    plan.demand_files_apart()
    counts = pushing.foreseen(plan.settings, plan.options).counts()
    shards = plan.shards(pushing.last_run)
    try:
        queued, waiting = put(journal, shards)
    except QueueFailed as error:
        raise CouldNotRun(str(error)) from None
    numbers = {
        "shards": len(shards), "queued": len(queued), "waiting": len(waiting),
        "messages": sum(shard.messages for shard in queued),
    }  # fmt: skip
    say("", "queued", **numbers)
    if as_json:
        write(json.dumps({**counts._asdict(), "sent_now": 0, **numbers}, separators=(",", ":")) + "\n")
    else:
        more = f"; {count_of(len(waiting), 'shard')} waited there already" if waiting else ""
        write(f"{count_of(len(queued), 'shard')} queued: {count_of(numbers['messages'], 'message')}{more}\n")
    return 0
